/* SPDX-License-Identifier: MIT */
/* What the processes do that are killed: they send and read, and check what they can. */
#include "chaos.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mapring/mapring.h"
#include "platform.h"

enum { LARGEST = 1500, SLEEP_RECORDS = 64 };

struct progress *progress;
const char *name;
bool sleeps;

static size_t fill(unsigned char *data, uint64_t sequence)
{
    uint64_t noise = (sequence + 1) * UINT64_C(0x9E3779B97F4A7C15);
    size_t bytes = (size_t)(noise >> 40 & 3 ? noise % 100 : noise % LARGEST);
    for (size_t i = 0; i < bytes; i++)
        data[i] = (unsigned char)(noise >> (i % 8 * 8)) + (unsigned char)(i * 7);
    return bytes;
}

static bool is_whole(const struct mapring_record *record)
{
    unsigned char expected[LARGEST];
    size_t bytes = fill(expected, record->sequence);
    return bytes == record->bytes && memcmp(expected, record->payload, bytes) == 0;
}

void give_up(const char *what, uint64_t expected, uint64_t found)
{
    fprintf(stderr, "%s: expected %" PRIu64 ", found %" PRIu64 "; last error: %s\n", what, expected,
            found, mapring_last_error()->text);
    exit(1);
}

uint64_t next_sequence(void)
{
    static struct mapring_stat stat;
    mapring_ring *ring;
    if (mapring_open(&ring, name, NULL) != MAPRING_OK || mapring_stat(ring, &stat) != MAPRING_OK)
        give_up("cannot look at the ring", 0, 0);
    mapring_close(ring);
    return stat.sequence;
}

static void say_open(enum role role)
{
    store_release(&progress->opened[role], load_relaxed(&progress->opened[role]) + 1);
}

static int send_some(mapring_producer *producer, uint64_t *next)
{
    static unsigned char data[3][LARGEST];
    struct mapring_buffer records[3];
    for (unsigned i = 0; i < 3; i++)
        records[i] = (struct mapring_buffer){data[i], fill(data[i], *next + i)};
    size_t count = *next % 5 == 0 ? 3 : 1;
    int64_t patience = sleeps ? MAPRING_FOREVER : 0;
    int result = count == 3 ? mapring_producer_send_batch(producer, records, 3, patience)
                            : mapring_producer_send(producer, data[0], records[0].bytes, patience);
    if (result == MAPRING_OK)
        *next += count;
    return result;
}

static void produce(void)
{
    mapring_producer *producer;
    int result = mapring_producer_open(&producer, name, NULL);
    if (result != MAPRING_OK)
        give_up("the producer cannot open", MAPRING_OK, (uint64_t)result);
    say_open(PRODUCER);
    uint64_t next = next_sequence();
    if (next < load_acquire(&progress->sent))
        give_up("records are lost that were sent", load_acquire(&progress->sent), next);
    while (!load_acquire(&progress->stopping)) {
        result = send_some(producer, &next);
        if (result < 0)
            give_up("cannot send", MAPRING_OK, (uint64_t)result);
        store_release(&progress->sent, next);
        if (sleeps && next % SLEEP_RECORDS == 0)
            platform_pause_ns(50000);
    }
    mapring_producer_close(producer);
}

/* Checks one record after another until the producer has closed for good. */
static void read_on(mapring_consumer *consumer, bool is_durable)
{
    struct mapring_record record;
    uint64_t next = UINT64_MAX, seen = load_relaxed(&progress->seen);
    for (;;) {
        int result = mapring_consumer_next(consumer, &record, sleeps ? MAPRING_FOREVER : 0);
        if (result == MAPRING_PRODUCER_CLOSED)
            return;
        if (result < 0 || result == MAPRING_LOST)
            give_up("cannot read", MAPRING_OK, (uint64_t)result);
        if (result != MAPRING_OK)
            continue;
        uint64_t checked = load_relaxed(&progress->checked);
        uint64_t released = load_relaxed(&progress->released);
        if (next == UINT64_MAX && is_durable &&
            (record.sequence > checked || record.sequence < released))
            give_up("the durable consumer continues elsewhere", released, record.sequence);
        if (next != UINT64_MAX && record.sequence != next)
            give_up("a record is missing", next, record.sequence);
        if (!is_whole(&record))
            give_up("a record is torn", record.sequence, record.bytes);
        next = record.sequence + 1;
        if (is_durable && next > checked)
            store_release(&progress->checked, next);
        if (mapring_consumer_release(consumer) != MAPRING_OK)
            give_up("cannot release", 0, 0);
        if (is_durable)
            store_release(&progress->released, next);
        else
            store_release(&progress->seen, ++seen);
    }
}

static void consume(bool is_durable)
{
    const struct mapring_consumer_options options = {.name = is_durable ? "durable" : NULL,
                                                     .durable = is_durable,
                                                     .from = is_durable ? MAPRING_OLDEST
                                                                        : MAPRING_NEWEST};
    mapring_consumer *consumer;
    int result = mapring_consumer_open(&consumer, name, &options);
    if (result != MAPRING_OK)
        give_up("a consumer cannot open", MAPRING_OK, (uint64_t)result);
    say_open(is_durable ? DURABLE : EPHEMERAL);
    read_on(consumer, is_durable);
    mapring_consumer_close(consumer);
}

void play(enum role role)
{
    if (role == PRODUCER)
        produce();
    else
        consume(role == DURABLE);
}
