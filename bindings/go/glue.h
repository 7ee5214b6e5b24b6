/* SPDX-License-Identifier: MIT */
/* Between two calls from Go, a goroutine may change its thread, and the last failure belongs to a
 * thread: so each call takes its failure along. */
#ifndef MAPRING_GO_GLUE_H
#define MAPRING_GO_GLUE_H

#include <mapring/mapring.h>
#include <stdlib.h>
#include <string.h>

static inline int glue_told(int result, struct mapring_error *error)
{
    if (result < 0)
        *error = *mapring_last_error();
    return result;
}

static inline void glue_texts(struct mapring_options *options, const char *content,
                              const char *group)
{
    options->content = content;
    options->group = group;
}

static inline int glue_producer_open(mapring_producer **producer, const char *name,
                                     const struct mapring_options *options,
                                     struct mapring_error *error)
{
    return glue_told(mapring_producer_open(producer, name, options), error);
}

static inline int glue_send(mapring_producer *producer, const void *data, size_t bytes,
                            int64_t timeout_ns, struct mapring_error *error)
{
    return glue_told(mapring_producer_send(producer, data, bytes, timeout_ns), error);
}

static inline int glue_send_part(mapring_producer *producer, const void *data, size_t bytes,
                                 int64_t timeout_ns, struct mapring_error *error)
{
    return glue_told(mapring_producer_send_part(producer, data, bytes, timeout_ns), error);
}

static inline int glue_send_batch(mapring_producer *producer, const struct mapring_buffer *records,
                                  size_t count, int64_t timeout_ns, struct mapring_error *error)
{
    return glue_told(mapring_producer_send_batch(producer, records, count, timeout_ns), error);
}

static inline int glue_reserve(mapring_producer *producer, size_t bytes, void **place,
                               int64_t timeout_ns, struct mapring_error *error)
{
    return glue_told(mapring_producer_reserve(producer, bytes, place, timeout_ns), error);
}

static inline int glue_commit(mapring_producer *producer, size_t bytes, struct mapring_error *error)
{
    return glue_told(mapring_producer_commit(producer, bytes), error);
}

static inline int glue_abort(mapring_producer *producer, struct mapring_error *error)
{
    return glue_told(mapring_producer_abort(producer), error);
}

static inline int glue_wait_consumers(mapring_producer *producer, unsigned count,
                                      int64_t timeout_ns, struct mapring_error *error)
{
    return glue_told(mapring_producer_wait_consumers(producer, count, timeout_ns), error);
}

static inline int glue_drain(mapring_producer *producer, int64_t timeout_ns,
                             struct mapring_error *error)
{
    return glue_told(mapring_producer_drain(producer, timeout_ns), error);
}

static inline int glue_consumer_open(mapring_consumer **consumer, const char *name,
                                     const struct mapring_consumer_options *options,
                                     struct mapring_error *error)
{
    return glue_told(mapring_consumer_open(consumer, name, options), error);
}

static inline int glue_next(mapring_consumer *consumer, struct mapring_record *record,
                            int64_t timeout_ns, struct mapring_error *error)
{
    return glue_told(mapring_consumer_next(consumer, record, timeout_ns), error);
}

static inline int glue_next_batch(mapring_consumer *consumer, struct mapring_record *records,
                                  size_t limit, size_t *count, int64_t timeout_ns,
                                  struct mapring_error *error)
{
    return glue_told(mapring_consumer_next_batch(consumer, records, limit, count, timeout_ns),
                     error);
}

static inline int glue_release(mapring_consumer *consumer, struct mapring_error *error)
{
    return glue_told(mapring_consumer_release(consumer), error);
}

static inline int glue_seek(mapring_consumer *consumer, enum mapring_from from, uint64_t sequence,
                            struct mapring_error *error)
{
    return glue_told(mapring_consumer_seek(consumer, from, sequence), error);
}

static inline int glue_observer_open(mapring_observer **observer, const char *name,
                                     const struct mapring_observer_options *options,
                                     struct mapring_error *error)
{
    return glue_told(mapring_observer_open(observer, name, options), error);
}

static inline int glue_observe(mapring_observer *observer, void *buffer, size_t bytes,
                               struct mapring_record *record, int64_t timeout_ns,
                               struct mapring_error *error)
{
    return glue_told(mapring_observer_receive(observer, buffer, bytes, record, timeout_ns), error);
}

static inline int glue_remove(const char *name, enum mapring_scope scope, bool force,
                              struct mapring_error *error)
{
    return glue_told(mapring_remove(name, scope, force), error);
}

#endif
