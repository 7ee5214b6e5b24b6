/* SPDX-License-Identifier: MIT */
/* The operations that are stepped through. */
#include <string.h>

#include "consumer/consumer.h"
#include "platform.h"
#include "producer/producer.h"
#include "step.h"

static unsigned char data[3][LARGEST];

static const struct mapring_consumer_options durable = {.name = "check", .durable = true};

static void open_producer(struct actor *actor)
{
    actor->producer = ring_open_producer(actor->trial, ring_name);
    expect(actor, actor->producer);
    uint64_t sequence = sequence_after(actor->trial);
    for (unsigned i = 0; i < 3; i++)
        record_fill(data[i], sequence + i, actor->trial->bytes);
}

/* Makes room known, so that what is sent next does not leave the inlined functions. */
static void open_with_room(struct actor *actor)
{
    void *payload = NULL;
    open_producer(actor);
    size_t bytes = 2 * actor->trial->bytes;
    expect(actor, mapring_producer_reserve(actor->producer, bytes, &payload, 0) == MAPRING_OK);
    expect(actor, mapring_producer_abort(actor->producer) == MAPRING_OK);
}

static void close_producer(struct actor *actor)
{
    mapring_producer_close(actor->producer);
}

static void send_one(struct actor *actor)
{
    actor->report->result = mapring_producer_send(actor->producer, data[0], actor->trial->bytes, 0);
}

static void send_part(struct actor *actor)
{
    actor->report->result =
        mapring_producer_send_part(actor->producer, data[0], actor->trial->bytes, 0);
}

/* Reserves more than it commits, so that the 0 behind the record has to move. */
static void reserve_and_commit(struct actor *actor, size_t reserved)
{
    void *payload = NULL;
    size_t bytes = actor->trial->bytes;
    expect(actor, mapring_producer_reserve(actor->producer, reserved, &payload, 0) == MAPRING_OK);
    memset(payload, 0xA5, bytes + 16);
    memcpy(payload, data[0], bytes);
    actor->report->result = mapring_producer_commit(actor->producer, bytes);
}

static void commit_less(struct actor *actor)
{
    reserve_and_commit(actor, actor->trial->bytes + 300);
}

/* The horizon moves by half the ring. */
static void commit_much_less(struct actor *actor)
{
    reserve_and_commit(actor, LARGEST - 8);
}

static void reserve_and_abort(struct actor *actor)
{
    void *payload = NULL;
    expect(actor, mapring_producer_reserve(actor->producer, 100, &payload, 0) == MAPRING_OK);
    memset(payload, 0xA5, 100);
    actor->report->result = mapring_producer_abort(actor->producer);
}

static void send_batch(struct actor *actor)
{
    struct mapring_buffer records[3];
    for (int i = 0; i < 3; i++)
        records[i] = (struct mapring_buffer){data[i], actor->trial->bytes};
    actor->report->result = mapring_producer_send_batch(actor->producer, records, 3, 0);
}

static void define_one(struct actor *actor)
{
    uint64_t offset;
    actor->report->result = mapring_producer_define(actor->producer, DEFINED_KIND, data[0],
                                                    actor->trial->bytes, &offset);
    expect(actor, actor->report->result == MAPRING_OK);
}

/* The way that is hardest to order. */
static void open_to_stream(struct actor *actor)
{
    open_producer(actor);
    actor->producer->ways.now = WAY_STREAMED;
}

static void send_streamed(struct actor *actor)
{
    send_batch(actor);
    expect(actor, actor->producer->ways.now == WAY_STREAMED);
}

static void repeat(struct actor *actor, uint64_t lost)
{
    struct mapring_record record = {.payload = data[0],
                                    .bytes = actor->trial->bytes,
                                    .sequence = sequence_after(actor->trial),
                                    .time_ns = platform_wall_clock_ns(),
                                    .lost_records = lost,
                                    .lost_until_ns = platform_wall_clock_ns()};
    actor->report->result = mapring_producer_repeat(actor->producer, &record, 0);
    expect(actor, actor->report->result == MAPRING_OK);
}

static void repeat_one(struct actor *actor)
{
    repeat(actor, 0);
}

static void repeat_gap(struct actor *actor)
{
    repeat(actor, GAP_RECORDS);
}

static void end_run(struct actor *actor)
{
    actor->report->result = mapring_producer_end_run(actor->producer, ENDED_RUN, true, 0);
    expect(actor, actor->report->result == MAPRING_OK);
}

static void fill_until_dropped(struct actor *actor)
{
    static unsigned char payload[LARGEST];
    open_producer(actor);
    uint64_t sequence = sequence_after(actor->trial);
    int result;
    do {
        record_fill(payload, sequence++, actor->trial->bytes);
        result = mapring_producer_send(actor->producer, payload, actor->trial->bytes, 0);
    } while (result == MAPRING_OK);
    expect(actor, result == MAPRING_DROPPED);
    record_fill(data[0], sequence, actor->trial->bytes);
}

/* If a consumer has read meanwhile, the record is sent, behind a gap record for the one dropped
 * before. */
static void drop_one(struct actor *actor)
{
    send_one(actor);
    expect(actor, actor->report->result == MAPRING_DROPPED || actor->report->result == MAPRING_OK);
}

static void take_over(struct actor *actor)
{
    open_producer(actor);
}

static void open_consumer(struct actor *actor)
{
    expect(actor, mapring_consumer_open(&actor->consumer, ring_name, &durable) == MAPRING_OK);
    actor->report->next = FIRST_SEQUENCE + actor->trial->read;
}

static void open_another(struct actor *actor)
{
    expect(actor, mapring_consumer_open(&actor->consumer, ring_name, NULL) == MAPRING_OK);
    actor->report->next = UINT64_MAX; /* wherever the oldest record is */
}

/* Seeks to its own place, so that it stays there whatever happens. */
static void seek_own_next(struct actor *actor)
{
    actor->report->result =
        mapring_consumer_seek(actor->consumer, MAPRING_AT_SEQUENCE, actor->report->next);
    expect(actor, actor->report->result == MAPRING_OK);
}

static void nothing(struct actor *actor)
{
    (void)actor;
}

static void take_one(struct actor *actor)
{
    struct mapring_record record;
    actor->report->result = mapring_consumer_next(actor->consumer, &record, 0);
    expect(actor, actor->report->result == MAPRING_OK);
    expect(actor, record.sequence == actor->report->next && record_is_whole(&record));
    actor->report->next++;
}

static void next_and_release(struct actor *actor)
{
    take_one(actor);
    take_one(actor);
    expect(actor, mapring_consumer_release(actor->consumer) == MAPRING_OK);
}

/* What was taken behind the mark stays held. */
static void next_and_release_to(struct actor *actor)
{
    struct mapring_mark mark;
    take_one(actor);
    expect(actor, mapring_consumer_mark(actor->consumer, &mark) == MAPRING_OK);
    take_one(actor);
    expect(actor, mapring_consumer_release_to(actor->consumer, &mark) == MAPRING_OK);
}

static void receive_one(struct actor *actor)
{
    struct mapring_record record;
    actor->report->result =
        mapring_consumer_receive(actor->consumer, data[0], sizeof data[0], &record, 0);
    expect(actor, actor->report->result == MAPRING_OK);
    expect(actor, record.sequence == actor->report->next && record_is_whole(&record));
    actor->report->next++;
}

static void close_consumer(struct actor *actor)
{
    mapring_consumer_close(actor->consumer);
    actor->consumer = NULL;
}

/* Lets its own consumer go. */
static void evict_own(struct actor *actor)
{
    unsigned cell = actor->consumer->cell;
    actor->report->result = mapring_consumer_evict(ring_name, MAPRING_LOCAL, cell);
    expect(actor, actor->report->result == MAPRING_OK);
}

/* It may still be given a record, but not release it. */
static void close_evicted(struct actor *actor)
{
    struct mapring_record record;
    int result = mapring_consumer_next(actor->consumer, &record, 0);
    if (result == MAPRING_OK)
        result = mapring_consumer_release(actor->consumer);
    expect(actor, result == MAPRING_ERROR_EVICTED);
    close_consumer(actor);
}

/* A stopped process continues and reads the rest. */
static void read_rest(struct actor *actor)
{
    expect(actor, !actor->consumer || read_all(actor->consumer, &actor->report->next) == NULL);
    mapring_consumer_close(actor->consumer);
}

static void open_observer(struct actor *actor)
{
    expect(actor, mapring_observer_open(&actor->observer, ring_name, NULL) == MAPRING_OK);
    actor->report->next = UINT64_MAX;
}

static int observe_one(struct actor *actor)
{
    struct mapring_record record;
    uint64_t *next = &actor->report->next;
    int result = mapring_observer_receive(actor->observer, data[0], sizeof data[0], &record, 0);
    if (result != MAPRING_OK && result != MAPRING_LOST)
        return result;
    if (*next == UINT64_MAX)
        *next = record.sequence;
    expect(actor, record.sequence == *next);
    expect(actor, result == MAPRING_LOST || record_is_whole(&record));
    *next += result == MAPRING_LOST ? record.lost_records : 1;
    return result;
}

static void observe(struct actor *actor)
{
    actor->report->result = observe_one(actor);
}

static void open_and_observe(struct actor *actor)
{
    open_observer(actor);
    observe(actor);
}

static void observe_rest(struct actor *actor)
{
    int result;
    do
        result = observe_one(actor);
    while (result == MAPRING_OK || result == MAPRING_LOST);
    expect(actor, result >= 0);
    mapring_observer_close(actor->observer);
}

const struct operation operations[] = {
    {"send", SIDE_PRODUCER, MAPRING_BLOCK, 1, 0, false, false, false, false, false, open_producer,
     send_one, close_producer},
    {"send-inlined", SIDE_PRODUCER, MAPRING_BLOCK, 1, 0, false, false, false, false, false,
     open_with_room, send_one, close_producer},
    {"send-timed", SIDE_PRODUCER, MAPRING_BLOCK, 1, 0, false, true, false, false, false,
     open_producer, send_one, close_producer},
    {"batch-timed", SIDE_PRODUCER, MAPRING_BLOCK, 3, 0, false, true, false, false, false,
     open_producer, send_batch, close_producer},
    {"batch-streamed", SIDE_PRODUCER, MAPRING_BLOCK, 3, 0, false, false, false, false, false,
     open_to_stream, send_streamed, close_producer},
    {"send-timed-inlined", SIDE_PRODUCER, MAPRING_BLOCK, 1, 0, false, true, false, false, false,
     open_with_room, send_one, close_producer},
    {"part", SIDE_PRODUCER, MAPRING_BLOCK, 1, 0, false, false, false, false, false, open_producer,
     send_part, close_producer},
    {"commit", SIDE_PRODUCER, MAPRING_BLOCK, 1, 0, false, false, false, false, false, open_producer,
     commit_less, close_producer},
    {"commit-far", SIDE_PRODUCER, MAPRING_BLOCK, 1, 0, false, false, false, false, false,
     open_producer, commit_much_less, close_producer},
    {"batch", SIDE_PRODUCER, MAPRING_BLOCK, 3, 0, false, false, false, false, false, open_producer,
     send_batch, close_producer},
    {"abort", SIDE_PRODUCER, MAPRING_BLOCK, 0, 0, false, false, false, false, false, open_producer,
     reserve_and_abort, close_producer},
    {"drop", SIDE_PRODUCER, MAPRING_DROP, 0, 0, false, false, false, false, false,
     fill_until_dropped, drop_one, close_producer},
    {"define", SIDE_PRODUCER, MAPRING_BLOCK, 0, 0, true, false, false, false, false, open_producer,
     define_one, close_producer},
    {"takeover", SIDE_PRODUCER, MAPRING_BLOCK, 0, 0, false, false, true, false, false, nothing,
     take_over, close_producer},
    {"close", SIDE_PRODUCER, MAPRING_BLOCK, 0, 0, false, false, false, false, false, open_producer,
     close_producer, nothing},
    {"repeat", SIDE_PRODUCER, MAPRING_BLOCK, 1, 0, false, false, false, false, true, open_producer,
     repeat_one, close_producer},
    {"repeat-timed", SIDE_PRODUCER, MAPRING_BLOCK, 1, 0, false, true, false, false, true,
     open_producer, repeat_one, close_producer},
    {"repeat-gap", SIDE_PRODUCER, MAPRING_BLOCK, GAP_RECORDS, 0, false, true, false, false, true,
     open_producer, repeat_gap, close_producer},
    {"end-run", SIDE_PRODUCER, MAPRING_BLOCK, 0, 0, false, false, false, false, true, open_producer,
     end_run, close_producer},
    {"repeat-takeover", SIDE_PRODUCER, MAPRING_BLOCK, 0, 0, false, false, true, false, true,
     nothing, take_over, close_producer},
    {"release", SIDE_CONSUMER, MAPRING_BLOCK, 0, 2, false, false, false, true, false, open_consumer,
     next_and_release, read_rest},
    {"release-to", SIDE_CONSUMER, MAPRING_BLOCK, 0, 1, false, false, false, true, false,
     open_consumer, next_and_release_to, read_rest},
    {"receive", SIDE_CONSUMER, MAPRING_BLOCK, 0, 1, false, false, false, true, false, open_consumer,
     receive_one, read_rest},
    {"seek", SIDE_CONSUMER, MAPRING_BLOCK, 0, 0, false, false, false, true, false, open_consumer,
     seek_own_next, read_rest},
    {"resume", SIDE_CONSUMER, MAPRING_BLOCK, 0, 0, false, false, true, true, false, nothing,
     open_consumer, read_rest},
    {"join", SIDE_CONSUMER, MAPRING_BLOCK, 0, 0, false, false, true, false, false, nothing,
     open_another, read_rest},
    {"leave", SIDE_CONSUMER, MAPRING_BLOCK, 0, 0, false, false, false, false, false, open_consumer,
     close_consumer, nothing},
    {"evict", SIDE_CONSUMER, MAPRING_BLOCK, 0, 0, false, false, true, false, false, open_another,
     evict_own, close_evicted},
    {"observe", SIDE_OBSERVER, MAPRING_OVERWRITE, 0, 0, false, false, false, false, false,
     open_observer, observe, observe_rest},
    {"observe-open", SIDE_OBSERVER, MAPRING_OVERWRITE, 0, 0, false, false, true, false, false,
     nothing, open_and_observe, observe_rest},
};
const size_t operation_count = sizeof operations / sizeof *operations;
