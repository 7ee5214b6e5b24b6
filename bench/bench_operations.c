/* SPDX-License-Identifier: MIT */
/*
 * Measures each operation in a single process: what the instructions cost when no cache line has
 * to come from another CPU. "mapring bench" measures the rest.
 *
 * Records are sent in runs and then read, and only one of the two is timed.
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
    size_t bytes, batch;
    int64_t run; /* records sent before they are read */
};

typedef bool operation(struct ends *ends);

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
    ends->batch = ends->run > BATCH ? BATCH : (size_t)ends->run;
    ends->buffer = calloc(BATCH, ends->bytes);
    if (ends->buffer && mapring_producer_open(&ends->producer, RING_NAME, &options) == MAPRING_OK &&
        mapring_consumer_open(&ends->consumer, RING_NAME, NULL) == MAPRING_OK &&
        mapring_observer_open(&ends->observer, RING_NAME, NULL) == MAPRING_OK)
        return true;
    gbench_fail(bench, mapring_last_error()->text);
    close_ends(ends);
    return false;
}

/* ---- Operations with records ---- */

static bool put_in_place(struct ends *ends)
{
    void *payload;
    if (mapring_producer_reserve(ends->producer, ends->bytes, &payload, 0) != MAPRING_OK)
        return false;
    memset(payload, 1, ends->bytes);
    return mapring_producer_commit(ends->producer, ends->bytes) == MAPRING_OK;
}

static bool put_by_copy(struct ends *ends)
{
    return mapring_producer_send(ends->producer, ends->buffer, ends->bytes, 0) == MAPRING_OK;
}

static bool put_batch(struct ends *ends)
{
    struct mapring_buffer records[BATCH];
    for (size_t i = 0; i < ends->batch; i++)
        records[i] = (struct mapring_buffer){ends->buffer + i * ends->bytes, ends->bytes};
    return mapring_producer_send_batch(ends->producer, records, ends->batch, 0) == MAPRING_OK;
}

static bool get_in_place(struct ends *ends)
{
    struct mapring_record record;
    return mapring_consumer_next(ends->consumer, &record, 0) == MAPRING_OK &&
           mapring_consumer_release(ends->consumer) == MAPRING_OK;
}

static bool get_by_copy(struct ends *ends)
{
    struct mapring_record record;
    return mapring_consumer_receive(ends->consumer, ends->buffer, ends->bytes, &record, 0) ==
           MAPRING_OK;
}

static bool get_batch(struct ends *ends)
{
    struct mapring_record records[BATCH];
    size_t count;
    return mapring_consumer_next_batch(ends->consumer, records, ends->batch, &count, 0) ==
               MAPRING_OK &&
           count == ends->batch && mapring_consumer_release(ends->consumer) == MAPRING_OK;
}

/* A consumer reads too, because otherwise the ring would fill up. */
static bool put_and_get(struct ends *ends)
{
    return put_by_copy(ends) && get_in_place(ends);
}

static bool observe(struct ends *ends)
{
    struct mapring_record record;
    return mapring_observer_receive(ends->observer, ends->buffer, ends->bytes, &record, 0) ==
           MAPRING_OK;
}

static bool repeat(operation *work, struct ends *ends, int64_t times)
{
    bool done = true;
    for (int64_t i = 0; i < times; i++)
        done &= work(ends);
    return done;
}

enum timed { TIMED_PUT, TIMED_GET };

static void measure(struct gbench *bench, operation *put, operation *get, enum timed timed)
{
    struct ends ends;
    int64_t records = 0;
    bool done = true;
    if (!open_ends(bench, &ends))
        return;
    int64_t times = ends.run / (put == put_batch ? (int64_t)ends.batch : 1);
    while (done && gbench_goes_on(bench, ends.run)) {
        gbench_clock(bench, timed == TIMED_PUT);
        done &= repeat(put, &ends, times);
        gbench_clock(bench, timed == TIMED_GET);
        done &= repeat(get, &ends, times);
        records += ends.run;
    }
    gbench_did(bench, records);
    if (!done)
        gbench_fail(bench, "a record was not sent or not received");
    close_ends(&ends);
}

static void reserve_and_commit(struct gbench *bench)
{
    measure(bench, put_in_place, get_in_place, TIMED_PUT);
}

static void next_and_release(struct gbench *bench)
{
    measure(bench, put_in_place, get_in_place, TIMED_GET);
}

static void send_one(struct gbench *bench)
{
    measure(bench, put_by_copy, get_by_copy, TIMED_PUT);
}

static void receive_one(struct gbench *bench)
{
    measure(bench, put_by_copy, get_by_copy, TIMED_GET);
}

static void send_batch(struct gbench *bench)
{
    measure(bench, put_batch, get_batch, TIMED_PUT);
}

static void next_batch(struct gbench *bench)
{
    measure(bench, put_batch, get_batch, TIMED_GET);
}

static void observer_receive(struct gbench *bench)
{
    measure(bench, put_and_get, observe, TIMED_GET);
}

/* ---- Operations without records ---- */

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

/* Reserves and gives back, so that there is never a record. */
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
    gbench_register("reserve+commit", reserve_and_commit, sizes, COUNT(sizes));
    gbench_register("next+release", next_and_release, sizes, COUNT(sizes));
    gbench_register("send", send_one, sizes, COUNT(sizes));
    gbench_register("receive", receive_one, sizes, COUNT(sizes));
    gbench_register("send_batch", send_batch, sizes, COUNT(sizes));
    gbench_register("next_batch+release", next_batch, sizes, COUNT(sizes));
    gbench_register("observer_receive", observer_receive, sizes, COUNT(sizes));
    gbench_register("reserve+abort", reserve_and_abort, no_size, COUNT(no_size));
    gbench_register("next/nothing_there", empty_look, no_size, COUNT(no_size));
    gbench_register("wake/nobody_sleeps", wake_nobody, no_size, COUNT(no_size));
    gbench_register("observer_is_valid", lap_check, no_size, COUNT(no_size));
    return gbench_main(argc, argv);
}
