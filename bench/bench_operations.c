/* SPDX-License-Identifier: MIT */
/*
 * The operations one by one, in a single process: what the instructions cost when no cache line has
 * to come from another CPU. "mapring bench" measures the rest.
 *
 * Records are sent in runs and then read, so most benchmarks measure a pair of operations; the
 * names say which.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gbench_shim.h"
#include "mapring/mapring.h"

enum { CAPACITY_BYTES = 1 << 20, RUN_LIMIT = 256, BATCH = 32, RUN_BYTES = CAPACITY_BYTES / 4 };

static const int64_t sizes[] = {8, 64, 256, 1024, 4096, 16384, 65536};
static const int64_t no_size[] = {64};

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define RING_NAME    "mapring-operations"

struct ends {
    mapring_producer *producer;
    mapring_consumer *consumer;
    mapring_observer *observer;
    unsigned char *buffer;
    size_t bytes;
    int64_t run; /* how many records are sent before they are read */
};

static void close_ends(struct ends *ends)
{
    mapring_observer_close(ends->observer);
    mapring_consumer_close(ends->consumer);
    mapring_producer_close(ends->producer);
    mapring_remove(RING_NAME, MAPRING_LOCAL, true);
    free(ends->buffer);
}

static bool open_ends(struct gbench *bench, struct ends *ends)
{
    struct mapring_options options = {.capacity_bytes = CAPACITY_BYTES};
    *ends = (struct ends){.bytes = (size_t)gbench_size(bench)};
    ends->run = RUN_BYTES / (int64_t)ends->bytes;
    ends->run = ends->run > RUN_LIMIT ? RUN_LIMIT : ends->run;
    ends->buffer = calloc(BATCH, ends->bytes);
    if (ends->buffer != NULL &&
        mapring_producer_open(&ends->producer, RING_NAME, &options) == MAPRING_OK &&
        mapring_consumer_open(&ends->consumer, RING_NAME, NULL) == MAPRING_OK &&
        mapring_observer_open(&ends->observer, RING_NAME, NULL) == MAPRING_OK)
        return true;
    gbench_fail(bench, mapring_last_error()->text);
    close_ends(ends);
    return false;
}

static void finish(struct gbench *bench, struct ends *ends, int64_t records)
{
    gbench_did(bench, records, records * (int64_t)ends->bytes);
    close_ends(ends);
}

/* ---- The producer's operations ---- */

static void put_in_place(struct ends *ends)
{
    void *payload;
    if (mapring_producer_reserve(ends->producer, ends->bytes, &payload, 0) != MAPRING_OK)
        return;
    memset(payload, 1, ends->bytes);
    mapring_producer_commit(ends->producer, ends->bytes);
}

static void put_by_copy(struct ends *ends)
{
    mapring_producer_send(ends->producer, ends->buffer, ends->bytes, 0);
}

static void get_in_place(struct ends *ends)
{
    struct mapring_record record;
    if (mapring_consumer_next(ends->consumer, &record, 0) == MAPRING_OK)
        mapring_consumer_release(ends->consumer);
}

static void get_by_copy(struct ends *ends)
{
    struct mapring_record record;
    mapring_consumer_receive(ends->consumer, ends->buffer, ends->bytes, &record, 0);
}

static void pair(struct gbench *bench, void (*put)(struct ends *ends),
                 void (*get)(struct ends *ends))
{
    struct ends ends;
    int64_t records = 0;
    if (!open_ends(bench, &ends))
        return;
    while (gbench_goes_on(bench, ends.run)) {
        for (int64_t i = 0; i < ends.run; ++i)
            put(&ends);
        for (int64_t i = 0; i < ends.run; ++i)
            get(&ends);
        records += ends.run;
    }
    finish(bench, &ends, records);
}

static void in_place(struct gbench *bench)
{
    pair(bench, put_in_place, get_in_place);
}

static void by_copy(struct gbench *bench)
{
    pair(bench, put_by_copy, get_by_copy);
}

static void batches(struct gbench *bench)
{
    struct ends ends;
    int64_t records = 0;
    if (!open_ends(bench, &ends))
        return;
    struct mapring_buffer out[BATCH];
    struct mapring_record in[BATCH];
    size_t batch = ends.run < BATCH ? (size_t)ends.run : BATCH, count;
    for (size_t i = 0; i < batch; ++i)
        out[i] = (struct mapring_buffer){ends.buffer + i * ends.bytes, ends.bytes};
    while (gbench_goes_on(bench, (int64_t)batch)) {
        mapring_producer_send_batch(ends.producer, out, batch, 0);
        mapring_consumer_next_batch(ends.consumer, in, batch, &count, 0);
        mapring_consumer_release(ends.consumer);
        records += (int64_t)count;
    }
    finish(bench, &ends, records);
}

/* What an observer does more: it looks at the horizon after each record. Nobody reads otherwise, so
 * records are sent only as far as the ring has room. */
static void observed(struct gbench *bench)
{
    struct ends ends;
    int64_t records = 0;
    if (!open_ends(bench, &ends))
        return;
    while (gbench_goes_on(bench, ends.run)) {
        for (int64_t i = 0; i < ends.run; ++i)
            put_by_copy(&ends);
        for (int64_t i = 0; i < ends.run; ++i) {
            struct mapring_record record;
            mapring_observer_receive(ends.observer, ends.buffer, ends.bytes, &record, 0);
            get_in_place(&ends);
        }
        records += ends.run;
    }
    finish(bench, &ends, records);
}

/* ---- Looks that find nothing ---- */

static void empty_look(struct gbench *bench)
{
    struct ends ends;
    struct mapring_record record;
    if (!open_ends(bench, &ends))
        return;
    while (gbench_goes_on(bench, 1))
        mapring_consumer_next(ends.consumer, &record, 0);
    close_ends(&ends);
}

static void wake_nobody(struct gbench *bench)
{
    struct ends ends;
    if (!open_ends(bench, &ends))
        return;
    while (gbench_goes_on(bench, 1))
        mapring_producer_wake(ends.producer);
    close_ends(&ends);
}

static void lap_check(struct gbench *bench)
{
    struct ends ends;
    struct mapring_record record;
    bool valid = true;
    if (!open_ends(bench, &ends))
        return;
    put_by_copy(&ends);
    mapring_observer_next(ends.observer, &record, 0);
    while (gbench_goes_on(bench, 1))
        valid &= mapring_observer_is_valid(ends.observer);
    if (!valid)
        gbench_fail(bench, "the record was overwritten");
    close_ends(&ends);
}

/* Reserving and giving back: no record is ever there. */
static void reserve_and_abort(struct gbench *bench)
{
    struct ends ends;
    void *payload;
    if (!open_ends(bench, &ends))
        return;
    while (gbench_goes_on(bench, 1)) {
        mapring_producer_reserve(ends.producer, ends.bytes, &payload, 0);
        mapring_producer_abort(ends.producer);
    }
    close_ends(&ends);
}

int main(int argc, char **argv)
{
    gbench_register("reserve+commit+next+release", in_place, sizes, COUNT(sizes));
    gbench_register("send+receive", by_copy, sizes, COUNT(sizes));
    gbench_register("send_batch+next_batch+release", batches, sizes, COUNT(sizes));
    gbench_register("send+observer_receive+next+release", observed, sizes, COUNT(sizes));
    gbench_register("reserve+abort", reserve_and_abort, no_size, COUNT(no_size));
    gbench_register("next/nothing_there", empty_look, no_size, COUNT(no_size));
    gbench_register("wake/nobody_sleeps", wake_nobody, no_size, COUNT(no_size));
    gbench_register("observer_is_valid", lap_check, no_size, COUNT(no_size));
    return gbench_main(argc, argv);
}
