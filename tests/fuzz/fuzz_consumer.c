/* SPDX-License-Identifier: MIT */
/* A consumer opens a hostile mapping and reads on. */
#include "hostile.h"

enum { CALLS = 2000, BATCH = 20 };

/* The meanings of the bits in the choices. */
enum {
    DURABLE = 1,
    NEWEST = 2,
    BY_NUMBER = 4,
    WAITS = 8,
    GATHERS = 16,
    SEEKS = 32,
    EVERY_RUN = 64,
    MARKS = 128
};

static unsigned char buffer[300];

static int next(mapring_consumer *consumer, int64_t timeout_ns)
{
    struct mapring_record record;
    int result = checked(mapring_consumer_next(consumer, &record, timeout_ns));
    if (result == MAPRING_OK)
        check_payload(&record);
    return result;
}

static int next_batch(mapring_consumer *consumer, int64_t timeout_ns)
{
    struct mapring_record records[BATCH];
    size_t count;
    int result = checked(mapring_consumer_next_batch(consumer, records, BATCH, &count, timeout_ns));
    must(count <= BATCH);
    for (size_t i = 0; i < count; i++)
        check_payload(&records[i]);
    checked(mapring_consumer_release(consumer));
    return result;
}

/* Gives back all but what was told last. */
static int next_behind_mark(mapring_consumer *consumer, int64_t timeout_ns)
{
    struct mapring_mark mark;
    checked(mapring_consumer_mark(consumer, &mark));
    int result = next(consumer, timeout_ns);
    checked(mapring_consumer_release_to(consumer, &mark));
    return result;
}

static int receive(mapring_consumer *consumer, int64_t timeout_ns)
{
    struct mapring_record record;
    checked(mapring_consumer_release(consumer));
    int result =
        checked(mapring_consumer_receive(consumer, buffer, sizeof buffer, &record, timeout_ns));
    return result == MAPRING_ERROR_BUFFER_TOO_SMALL ? next(consumer, timeout_ns) : result;
}

typedef int way(mapring_consumer *consumer, int64_t timeout_ns);
static way *const plain_ways[] = {next, next_batch, receive};
static way *const ways_with_marks[] = {next, next_behind_mark, next_behind_mark};

static void read_on(mapring_consumer *consumer, way *const *ways, int64_t timeout_ns)
{
    int empty = 0;
    for (int i = 0; i < CALLS && empty < 3; i++) {
        int result = ways[i % 3](consumer, timeout_ns);
        if (result < 0)
            return;
        empty += result != MAPRING_OK && result != MAPRING_LOST;
    }
}

void fuzz(const char *path, unsigned choices)
{
    const struct mapring_consumer_options options = {
        .name = choices & DURABLE ? CONSUMER_NAME : NULL,
        .durable = choices & DURABLE,
        .from = choices & BY_NUMBER ? MAPRING_AT_SEQUENCE
                : choices & NEWEST  ? MAPRING_NEWEST
                                    : MAPRING_OLDEST,
        .sequence = 100,
        .every_run = choices & EVERY_RUN,
        .wake_bytes = choices & GATHERS ? 5000 : 0,
        .wake_delay_ns = choices & GATHERS ? 1000 : 0};
    const int64_t timeout_ns = choices & WAITS ? 1000 : 0;
    way *const *ways = choices & (MARKS | EVERY_RUN) ? ways_with_marks : plain_ways;
    mapring_consumer *consumer;
    if (checked(mapring_consumer_open(&consumer, path, &options)) != MAPRING_OK)
        return;
    read_on(consumer, ways, timeout_ns);
    if (choices & SEEKS) {
        checked(mapring_consumer_release(consumer));
        checked(mapring_consumer_seek(consumer, options.from, 90));
        read_on(consumer, ways, timeout_ns);
    }
    mapring_consumer_close(consumer);
}
