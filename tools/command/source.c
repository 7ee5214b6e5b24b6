/* SPDX-License-Identifier: MIT */
/* Where mapring recv gets its records: a consumer or an observer. */
#include "source.h"

#include <stdlib.h>
#include <string.h>

#include "lost.h"

enum { SKIP_LIMIT = 4096 }; /* unwanted records to skip before checking for a signal */

/* A durable consumer may already be beyond the number that it first began with. */
int source_consume(struct source *source, const char *name,
                   const struct mapring_consumer_options *options)
{
    bool by_number = options->from == MAPRING_AT_SEQUENCE && !options->durable;
    source->first = by_number ? options->sequence : 0;
    return mapring_consumer_open(&source->consumer, name, options);
}

/* An observer cannot begin at a number: it begins with the oldest record, and skips those before
 * the number. */
int source_observe(struct source *source, const char *name,
                   const struct mapring_consumer_options *options, enum mapring_from after_lap)
{
    bool by_number = options->from == MAPRING_AT_SEQUENCE;
    source->is_new = by_number;
    source->first = by_number ? options->sequence : 0;
    struct mapring_observer_options observer = {
        .scope = options->scope,
        .from = by_number ? MAPRING_OLDEST : options->from,
        .after_lap = after_lap,
        .prefault = options->prefault,
        .wait_producer = options->wait_producer,
    };
    return mapring_observer_open(&source->observer, name, &observer);
}

static int nothing(int64_t timeout_ns)
{
    return timeout_ns == 0 ? MAPRING_NOTHING : MAPRING_TIMED_OUT;
}

static int consume_next(struct source *source, size_t limit, size_t *count, int64_t timeout_ns)
{
    struct mapring_record *records = source->records;
    int result = mapring_consumer_next_batch(source->consumer, records, limit, count, timeout_ns);
    if (result != MAPRING_OK || records[0].sequence >= source->first)
        return result;
    uint64_t before = source->first - records[0].sequence;
    if (before >= *count) {
        mapring_consumer_release(source->consumer);
        return nothing(timeout_ns);
    }
    *count -= (size_t)before;
    memmove(records, records + before, *count * sizeof *records);
    return MAPRING_OK;
}

static int copy_next(struct source *source, int64_t timeout_ns)
{
    struct mapring_record *record = &source->records[0];
    for (;;) {
        int result = mapring_observer_receive(source->observer, source->copy, source->copy_bytes,
                                              record, timeout_ns);
        if (result != MAPRING_ERROR_BUFFER_TOO_SMALL)
            return result;
        unsigned char *larger = realloc(source->copy, record->bytes);
        if (!larger)
            return result;
        source->copy = larger;
        source->copy_bytes = record->bytes;
    }
}

/* The first record from `first` on; if others before it are missing, they are reported as lost
 * before it. */
static int begin(struct source *source, int result)
{
    struct mapring_record *record = &source->records[0];
    uint64_t missing = record->sequence - source->first;
    source->is_new = false;
    if (missing == 0)
        return result;
    if (result == MAPRING_LOST) {
        missing += record->lost_records;
    } else {
        source->records[1] = *record;
        source->is_held_back = true;
    }
    *record = (struct mapring_record){.sequence = source->first, .lost_records = missing};
    return MAPRING_LOST;
}

static int observe_next(struct source *source, int64_t timeout_ns)
{
    if (source->is_held_back) {
        source->is_held_back = false;
        source->records[0] = source->records[1];
        return MAPRING_OK;
    }
    for (int skipped = 0; skipped < SKIP_LIMIT; skipped++) {
        int result = copy_next(source, timeout_ns);
        if (result != MAPRING_OK && result != MAPRING_LOST)
            return result;
        if (record_since(result, &source->records[0], source->first))
            return source->is_new ? begin(source, result) : result;
    }
    return nothing(timeout_ns);
}

int source_next(struct source *source, size_t limit, size_t *count, int64_t timeout_ns)
{
    if (source->consumer)
        return consume_next(source, limit, count, timeout_ns);
    *count = 1;
    return observe_next(source, timeout_ns);
}

int source_release(struct source *source)
{
    return source->consumer ? mapring_consumer_release(source->consumer) : MAPRING_OK;
}

bool source_is_good(const void *source)
{
    const struct source *it = source;
    return !it->consumer || mapring_consumer_is_valid(it->consumer);
}

void source_close(struct source *source)
{
    mapring_consumer_close(source->consumer);
    mapring_observer_close(source->observer);
    free(source->copy);
}
