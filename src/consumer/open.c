/* SPDX-License-Identifier: MIT */
/* Opening, moving and closing consumers. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "consumer/attend.h"
#include "consumer/consumer.h"
#include "consumer/eviction.h"
#include "consumer/join.h"
#include "consumer/latency.h"
#include "consumer/release.h"
#include "consumer/sleep.h"
#include "error.h"
#include "event/notifier.h"
#include "name.h"
#include "reader/reader.h"
#include "ring/cell.h"
#include "ring/left_unread.h"
#include "ring/open.h"
#include "ring/options.h"
#include "ring/patience.h"
#include "ring/ring.h"

enum { PUBLICATIONS_PER_LAP = 8 };

static int check_name(const char *ring, const struct mapring_consumer_options *options)
{
    size_t length = options->name ? strlen(options->name) : 0;
    if (length >= CELL_NAME_BYTES)
        return fail(
            MAPRING_ERROR_ARGUMENT, ring,
            "invalid consumer name '%.80s' for ring '%s': it has %zu bytes; the limit is %d",
            options->name, ring, length, CELL_NAME_BYTES - 1);
    if (options->durable && length == 0)
        return fail(MAPRING_ERROR_ARGUMENT, ring, "a durable consumer of ring '%s' needs a name",
                    ring);
    if (options->max_lag_bytes && !options->durable)
        return fail(MAPRING_ERROR_ARGUMENT, ring,
                    "only a durable consumer of ring '%s' can have options.max_lag_bytes", ring);
    return MAPRING_OK;
}

/* Sequence numbers are compared by their difference, so larger ones would look like earlier
 * ones. */
static int check_from(const char *ring, enum mapring_from from, uint64_t sequence)
{
    if (from < MAPRING_UNREAD || from > MAPRING_RUN)
        return fail(MAPRING_ERROR_ARGUMENT, ring, "invalid place in ring '%s' to read from: %d",
                    ring, (int)from);
    if (from == MAPRING_AT_SEQUENCE && sequence > INT64_MAX)
        return fail(MAPRING_ERROR_ARGUMENT, ring,
                    "no record of ring '%s' will ever have the sequence number %" PRIu64, ring,
                    sequence);
    return MAPRING_OK;
}

static int check_options(const char *ring, const struct mapring_consumer_options *options)
{
    struct ring_name parsed;
    int result = ring_name_parse(&parsed, ring, options->scope);
    if (result != MAPRING_OK)
        return result;
    result = OPTIONS_CHECK_RESERVED(options, ring);
    if (result != MAPRING_OK)
        return result;
    if (options->wake_delay_ns < 0)
        return fail(MAPRING_ERROR_ARGUMENT, ring,
                    "invalid options.wake_delay_ns for ring '%s': %" PRId64, ring,
                    options->wake_delay_ns);
    if (options->wake_bytes && !options->wake_delay_ns)
        return fail(MAPRING_ERROR_ARGUMENT, ring,
                    "options.wake_bytes for ring '%s' also requires options.wake_delay_ns, a limit "
                    "in time",
                    ring);
    if (options->every_run && options->wait_producer)
        return fail(
            MAPRING_ERROR_ARGUMENT, ring,
            "options.every_run and options.wait_producer of a consumer of ring '%s' exclude "
            "each other",
            ring);
    result = check_from(ring, options->from, options->sequence);
    return result == MAPRING_OK ? check_name(ring, options) : result;
}

static int check_policy(const struct ring *ring)
{
    if (ring->when_full == WHEN_FULL_OVERWRITE)
        return fail(MAPRING_ERROR_POLICY, ring->name.text,
                    "ring '%s' overwrites what is not read in time, so it can only be observed",
                    ring->name.text);
    return MAPRING_OK;
}

static enum told_runs choose_runs(const struct mapring_consumer_options *options)
{
    if (options->every_run)
        return TOLD_EVERY;
    return options->wait_producer || options->from == MAPRING_RUN ? TOLD_NEXT : TOLD_LATEST;
}

static void set_up(mapring_consumer *consumer, const struct mapring_consumer_options *options)
{
    struct ring *ring = &consumer->reader.ring;
    struct mapring_reader_hot *hot = &consumer->reader.hot;
    hot->publish_every = options->durable ? 0 : ring_capacity(ring) / PUBLICATIONS_PER_LAP;
    consumer->durable = options->durable;
    consumer->holds_notes = options->every_run;
    consumer->distance.patience = PATIENCE_LEAST;
    consumer_latency_begin(consumer);
    consumer->watch.ring = ring;
    /* No more than the capacity can ever be there, and a full ring wakes everybody. */
    consumer->watch.wake_bytes =
        options->wake_bytes < ring_capacity(ring) ? options->wake_bytes : ring_capacity(ring);
    consumer->watch.wake_delay_ns = options->wake_delay_ns;
    reader_choose_runs(&consumer->reader, choose_runs(options));
}

static int attach_and_attend(mapring_consumer *consumer, const char *name,
                             const struct mapring_consumer_options *options, unsigned *refusals)
{
    struct ring *ring = &consumer->reader.ring;
    struct mapring_hot *hot = &consumer->reader.hot.ring;
    int result = ring_attach(ring, hot, name, options->scope, options->prefault, ACCESS_CONSUME);
    if (result == MAPRING_OK)
        result = check_policy(ring);
    if (result != MAPRING_OK)
        return result;
    set_up(consumer, options);
    result = consumer_attend(consumer, options);
    return ring_is_to_reopen(ring, result, refusals) ? MAPRING_REMOVED : result;
}

static int consumer_open(mapring_consumer *consumer, const char *name,
                         const struct mapring_consumer_options *options)
{
    struct ring *ring = &consumer->reader.ring;
    unsigned refusals = 0;
    int result;
    while ((result = attach_and_attend(consumer, name, options, &refusals)) == MAPRING_REMOVED)
        ring_close(ring);
    if (result != MAPRING_OK) {
        ring_close(ring);
        return result;
    }
    consumer_tell_joined(ring);
    return MAPRING_OK;
}

int mapring_consumer_open(mapring_consumer **out, const char *name,
                          const struct mapring_consumer_options *options)
{
    static const struct mapring_consumer_options defaults;
    if (!out)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "the argument that receives the consumer is a null pointer");
    *out = NULL;
    if (!options)
        options = &defaults;
    int result = check_options(name, options);
    if (result != MAPRING_OK)
        return result;
    mapring_consumer *consumer = calloc(1, sizeof *consumer);
    if (!consumer)
        return fail_memory(name, "a consumer");
    result = consumer_open(consumer, name, options);
    if (result == MAPRING_OK)
        *out = consumer;
    else
        free(consumer);
    return result;
}

static void leave(mapring_consumer *consumer)
{
    struct ring *ring = &consumer->reader.ring;
    consumer_publish(consumer);
    consumer_cancel_wake(&consumer->watch);
    struct ring_cell *cell = &ring->cells->cell[consumer->cell];
    count_unread(ring, consumer->cell);
    if (!consumer->durable)
        cell_set_state(cell, CELL_FREE);
    else if (is_evicted(ring, consumer->cell))
        cell_set_state(cell, CELL_LAPSED);
    consumer_wake_producer(ring);
}

void mapring_consumer_close(mapring_consumer *consumer)
{
    if (!consumer)
        return;
    struct ring *ring = &consumer->reader.ring;
    bool forked = ring->hot->broken == MAPRING_ERROR_FORKED;
    notifier_stop(consumer->notifier, forked);
    if (!forked)
        leave(consumer);
    ring_close(ring);
    free(consumer);
}

int mapring_consumer_seek(mapring_consumer *consumer, enum mapring_from from, uint64_t sequence)
{
    int result = consumer_check(consumer, consumer);
    if (result != MAPRING_OK)
        return result;
    if (consumer->reader.hot.cursor.position != consumer->reader.hot.released.position)
        return fail(MAPRING_ERROR_HELD, consumer->reader.ring.name.text,
                    "records of ring '%s' are held; release them before you seek (if this thread "
                    "holds none, another thread is using the handle)",
                    consumer->reader.ring.name.text);
    result = check_from(consumer->reader.ring.name.text, from, sequence);
    if (result != MAPRING_OK)
        return result;
    consumer_publish(consumer); /* what it has released counts as read, wherever it goes */
    return consumer_judge(consumer, consumer_place(consumer, from, sequence));
}
