/* SPDX-License-Identifier: MIT */
/* What happens when the ring is full: the producer waits, new records are dropped and reported, or
 * old ones are overwritten. */
#include "actor.h"

#include <inttypes.h>

enum { SMALL = 65536 };

static const struct mapring_options blocking = {.capacity_bytes = SMALL,
                                                .when_full = MAPRING_BLOCK};
static const struct mapring_options dropping = {.capacity_bytes = SMALL, .when_full = MAPRING_DROP};
static const struct mapring_options overwriting = {.capacity_bytes = SMALL,
                                                   .when_full = MAPRING_OVERWRITE};

/* ---- Choosing a policy ---- */

static void the_policy_is_shown_and_kept(void **state)
{
    (void)state;
    check_number(MAPRING_BLOCK, stat_of(new_ring(NULL)).when_full);
    check_number(MAPRING_BLOCK, stat_of(new_ring(&blocking)).when_full);
    check_number(MAPRING_DROP, stat_of(new_ring(&dropping)).when_full);
    check_number(MAPRING_OVERWRITE, stat_of(new_ring(&overwriting)).when_full);
}

static void another_policy_than_the_rings_is_refused(void **state)
{
    (void)state;
    static const char *const policies[] = {"block", "drop", "overwrite"};
    for (size_t is = 0; is < COUNT_OF(policies); is++) {
        const char *name = new_ring(&(struct mapring_options){
            .capacity_bytes = SMALL, .when_full = (enum mapring_when_full)(is + 1)});
        for (size_t wanted = 0; wanted < COUNT_OF(policies); wanted++) {
            struct process *actor = start_actor();
            struct reply reply =
                expect(actor, is == wanted ? MAPRING_OK : MAPRING_ERROR_GEOMETRY_DIFFERS,
                       "producer %s either 0 0 %s", name, policies[wanted]);
            check(is == wanted || strstr(reply.text, policies[is]) != NULL);
            expect(actor, MAPRING_OK, "close");
            expect(actor, MAPRING_OK, "producer %s attach", name);
            process_kill(actor);
        }
    }
}

static void a_policy_that_is_none_is_refused(void **state)
{
    (void)state;
    mapring_ring *ring;
    const struct mapring_options options = {.when_full = (enum mapring_when_full)4};
    check_result(MAPRING_ERROR_ARGUMENT, mapring_open(&ring, new_ring_name(), &options));
}

/* ---- Block ---- */

static void block_waits_and_loses_nothing(void **state)
{
    (void)state;
    const char *name = new_ring(&blocking);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    uint64_t sent = expect(writer, MAPRING_NO_ROOM, "send 1000 1000").count;
    expect(writer, MAPRING_TIMED_OUT, "send 1 1000 20");
    tell(writer, "send 1 1000 forever");
    await_sleeping_producer(name);
    expect_records(reader, 0, sent + 1);
    check_result(MAPRING_OK, answer(writer).result);
    check_number(0, stat_of(name).dropped_records);
}

/* ---- Drop ---- */

/* Fills the ring until `more` records have been dropped; returns how many were sent. */
static uint64_t fill(struct process *writer, uint64_t bytes, uint64_t more)
{
    uint64_t sent = 0;
    struct reply reply;
    do {
        tell(writer, "send 1 %" PRIu64, bytes);
        reply = answer(writer);
        sent += reply.count;
    } while (reply.result == MAPRING_OK);
    check_result(MAPRING_DROPPED, reply.result);
    if (more > 1) {
        reply = expect(writer, MAPRING_OK, "flood %" PRIu64 " %" PRIu64, more - 1, bytes);
        check_number(more - 1, reply.lost);
    }
    return sent;
}

static void expect_gap(struct process *reader, uint64_t first, uint64_t records, uint64_t bytes)
{
    struct reply reply = expect(reader, MAPRING_LOST, "next 5000");
    check_number(first, reply.lost_from);
    check_number(records, reply.lost);
    check_number(bytes, reply.lost_bytes);
}

static void drop_never_waits(void **state)
{
    (void)state;
    const char *name = new_ring(&dropping);
    struct process *writer = start_producer(name);
    start_consumer(name, "oldest");
    fill(writer, 1000, 1);
    check(expect(writer, MAPRING_DROPPED, "send 1 1000 forever").took_ns < SECONDS);
    check(expect(writer, MAPRING_DROPPED, "reserve 1000 10000").took_ns < SECONDS);
    check(expect(writer, MAPRING_DROPPED, "batch 7 1000 forever").took_ns < SECONDS);
    check_number(1 + 1 + 1 + 7, stat_of(name).dropped_records);
}

static void without_a_consumer_the_first_records_are_kept(void **state)
{
    (void)state;
    const char *name = new_ring(&dropping);
    struct process *writer = start_producer(name);
    uint64_t sent = fill(writer, 1000, 25);
    check(sent >= 64);
    struct process *reader = start_consumer(name, "oldest");
    expect_records(reader, 0, sent);
    expect(reader, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_OK, "send 1 10");
    expect_gap(reader, sent, 25, 25000);
    expect_records(reader, sent + 25, 1);
}

static void a_gap_tells_first_number_and_bytes(void **state)
{
    (void)state;
    const char *name = new_ring(&dropping);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    uint64_t next = 0;
    for (uint64_t round = 1; round <= 5; round++) {
        uint64_t sent = fill(writer, 1000, round);
        expect_records(reader, next, sent);
        expect(reader, MAPRING_NOTHING, "next");
        next += sent;
        expect(writer, MAPRING_OK, "send 2 10");
        expect_gap(reader, next, round, 1000 * round);
        expect_records(reader, next + round, 2);
        expect(reader, MAPRING_NOTHING, "next");
        next += round + 2;
    }
}

static void every_reader_is_told_of_a_gap(void **state)
{
    (void)state;
    const char *name = new_ring(&dropping);
    struct process *writer = start_producer(name), *first = start_consumer(name, "oldest"),
                   *second = start_consumer(name, "oldest"), *observer = start_actor();
    expect(observer, MAPRING_OK, "observer %s", name);
    uint64_t sent = fill(writer, 500, 3);
    struct reply reply = expect(observer, MAPRING_NOTHING, "follow 10000");
    check_number(sent, reply.count);
    expect_records(first, 0, sent);
    expect_records(second, 0, sent);
    expect(first, MAPRING_NOTHING, "next");
    expect(second, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_OK, "send 1 10");
    expect_gap(first, sent, 3, 1500);
    expect_gap(second, sent, 3, 1500);
    reply = expect(observer, MAPRING_LOST, "look");
    check_number(sent, reply.lost_from);
    check_number(3, reply.lost);
    check_number(1500, reply.lost_bytes);
    expect(observer, MAPRING_OK, "look");
}

/* Makes a ring that was full and dropped `dropped` records of 1000 bytes, and a reader that has
 * read everything. */
static uint64_t ring_with_gap_due(struct process **writer, struct process **reader,
                                  const char **name, uint64_t dropped)
{
    *name = new_ring(&dropping);
    *writer = start_producer(*name);
    *reader = start_consumer(*name, "oldest");
    uint64_t sent = fill(*writer, 1000, dropped);
    expect_records(*reader, 0, sent);
    expect(*reader, MAPRING_NOTHING, "next");
    return sent;
}

static void a_gap_precedes_a_committed_reservation(void **state)
{
    (void)state;
    const char *name;
    struct process *writer, *reader;
    uint64_t sent = ring_with_gap_due(&writer, &reader, &name, 4);
    expect(writer, MAPRING_OK, "reserve 300");
    expect(reader, MAPRING_NOTHING, "next"); /* it does not come before the record */
    expect(writer, MAPRING_OK, "commit 300");
    expect_gap(reader, sent, 4, 4000);
    expect_records(reader, sent + 4, 1);
}

static void a_gap_may_precede_a_record_smaller_than_reserved(void **state)
{
    (void)state;
    const char *name;
    struct process *writer, *reader;
    uint64_t sent = ring_with_gap_due(&writer, &reader, &name, 4);
    expect(writer, MAPRING_OK, "reserve 30000");
    expect(writer, MAPRING_OK, "commit 17");
    expect_gap(reader, sent, 4, 4000);
    check_number(17, expect(reader, MAPRING_OK, "read 1").bytes);
    expect(reader, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_OK, "send 20 1000");
    expect_records(reader, sent + 5, 20);
}

static void an_aborted_reservation_keeps_the_gap(void **state)
{
    (void)state;
    const char *name;
    struct process *writer, *reader;
    uint64_t sent = ring_with_gap_due(&writer, &reader, &name, 4);
    for (int i = 0; i < 3; i++) {
        expect(writer, MAPRING_OK, "reserve %d", 30000 - i * 9999);
        expect(writer, MAPRING_OK, "abort");
    }
    expect(reader, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_OK, "send 1 50");
    expect_gap(reader, sent, 4, 4000);
    expect_records(reader, sent + 4, 1);
}

static void a_gap_precedes_a_batch(void **state)
{
    (void)state;
    const char *name;
    struct process *writer, *reader;
    uint64_t sent = ring_with_gap_due(&writer, &reader, &name, 4);
    expect(writer, MAPRING_OK, "batch 10 100");
    expect_gap(reader, sent, 4, 4000);
    expect_records(reader, sent + 4, 10);
}

static void a_dropped_batch_counts_all_its_records(void **state)
{
    (void)state;
    const char *name;
    struct process *writer, *reader;
    uint64_t sent = ring_with_gap_due(&writer, &reader, &name, 4);
    expect(writer, MAPRING_OK, "send 1 10");
    expect_gap(reader, sent, 4, 4000);
    expect_records(reader, sent + 4, 1);
    uint64_t more = fill(writer, 1000, 1);
    expect(writer, MAPRING_DROPPED, "batch 9 100");
    expect_records(reader, sent + 5, more);
    expect(reader, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_OK, "batch 2 100");
    expect_gap(reader, sent + 5 + more, 10, 1900);
    expect_records(reader, sent + 5 + more + 10, 2);
}

/* When a gap is due, room for the record alone is not enough, and the record is dropped as well. */
static void a_gap_and_its_record_come_both_or_neither(void **state)
{
    (void)state;
    const char *name = new_ring(&dropping);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    uint64_t sent = fill(writer, 1000, 2), next = 0, lost = 2;
    for (uint64_t i = 0; i < 300; i++) {
        expect_records(reader, next++, 1);
        if (next == sent)
            break;
        struct reply reply = expect(writer, MAPRING_OK, "flood 1 1000");
        if (reply.count == 1)
            break;
        lost++;
    }
    expect_records(reader, next, sent - next);
    struct reply reply = expect(reader, MAPRING_LOST, "next");
    check_number(sent, reply.lost_from);
    check_number(lost, reply.lost);
    expect(reader, MAPRING_OK, "read 1");
}

static void the_largest_record_fits_behind_a_gap(void **state)
{
    (void)state;
    const char *name;
    struct process *writer, *reader;
    uint64_t sent = ring_with_gap_due(&writer, &reader, &name, 4);
    expect(writer, MAPRING_OK, "send 1 %d", SMALL / 2 - 8);
    expect_gap(reader, sent, 4, 4000);
    expect_records(reader, sent + 4, 1);
}

static void what_was_dropped_last_is_told_at_close(void **state)
{
    (void)state;
    const char *name;
    struct process *writer, *reader;
    uint64_t sent = ring_with_gap_due(&writer, &reader, &name, 4);
    expect(writer, MAPRING_OK, "close");
    expect_gap(reader, sent, 4, 4000);
    expect(reader, MAPRING_PRODUCER_CLOSED, "next");
    struct mapring_stat stat = stat_of(name);
    check_number(sent + 4, stat.sequence);
    check_number(sent, stat.records);
    check_number(4, stat.dropped_records);
    check_number(4000, stat.dropped_payload_bytes);
}

static void at_close_a_gap_is_told_even_in_a_full_ring(void **state)
{
    (void)state;
    static const unsigned sizes[] = {1000, 8, 24, 40, 333};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        const char *name = new_ring(&dropping);
        struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
        uint64_t sent = fill(writer, sizes[i], 7);
        expect(writer, MAPRING_OK, "close");
        expect_records(reader, 0, sent);
        expect_gap(reader, sent, 7, 7 * (uint64_t)sizes[i]);
        expect(reader, MAPRING_PRODUCER_CLOSED, "next");
    }
}

static void drops_of_a_killed_producer_are_told_by_the_next(void **state)
{
    (void)state;
    const char *name;
    struct process *writer, *reader;
    uint64_t sent = ring_with_gap_due(&writer, &reader, &name, 4);
    expect(writer, MAPRING_OK, "reserve 100");
    process_kill(writer);
    expect(reader, MAPRING_PRODUCER_DIED, "next 5000");
    check_number(4, stat_of(name).dropped_records);
    writer = start_producer(name);
    expect(writer, MAPRING_OK, "send 3 10");
    expect_gap(reader, sent, 4, 4000);
    expect_records(reader, sent + 4, 3);
}

static void drops_of_a_closed_producer_are_not_told_twice(void **state)
{
    (void)state;
    const char *name;
    struct process *writer, *reader;
    uint64_t sent = ring_with_gap_due(&writer, &reader, &name, 4);
    expect(writer, MAPRING_OK, "close");
    writer = start_producer(name);
    expect(writer, MAPRING_OK, "send 1 10");
    expect_gap(reader, sent, 4, 4000);
    expect(reader, MAPRING_PRODUCER_CLOSED, "next");
    expect_records(reader, sent + 4, 1);
    expect(reader, MAPRING_NOTHING, "next");
}

static void sequence_numbers_count_dropped_records(void **state)
{
    (void)state;
    const char *name;
    struct process *writer, *reader;
    uint64_t sent = ring_with_gap_due(&writer, &reader, &name, 100);
    expect(writer, MAPRING_OK, "send 1 10");
    struct mapring_stat stat = stat_of(name);
    check_number(sent + 101, stat.sequence);
    check_number(sent + 1, stat.records);
    check_number(sent * 1000 + 10, stat.payload_bytes);
    check_number(100, stat.dropped_records);
    check_number(100000, stat.dropped_payload_bytes);
    check(stat.balanced);
}

static void a_consumer_that_begins_behind_a_gap_is_told_of_none(void **state)
{
    (void)state;
    const char *name;
    struct process *writer, *reader;
    uint64_t sent = ring_with_gap_due(&writer, &reader, &name, 4);
    expect(writer, MAPRING_OK, "send 1 10");
    struct process *late = start_consumer(name, "newest");
    expect(writer, MAPRING_OK, "send 1 10");
    check_number(sent + 5, expect(late, MAPRING_OK, "read 1").sequence);
}

/* A consumer's batch ends before a gap, which the next call reports. */
static void a_consumers_batch_ends_before_a_gap(void **state)
{
    (void)state;
    const char *name = new_ring(&dropping);
    struct process *writer = start_producer(name);
    mapring_consumer *consumer;
    struct mapring_record records[200], record;
    size_t count;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    uint64_t sent = fill(writer, 1000, 3);
    check_result(MAPRING_OK, mapring_consumer_next_batch(consumer, records, 200, &count, 0));
    check_number(sent, count);
    check_result(MAPRING_OK, mapring_consumer_release(consumer));
    check_result(MAPRING_NOTHING, mapring_consumer_next(consumer, &record, 0));
    expect(writer, MAPRING_OK, "send 1 10");
    check_result(MAPRING_LOST, mapring_consumer_next_batch(consumer, records, 200, &count, 0));
    check_number(0, count);
    check_number(sent, records[0].sequence);
    check_number(3, records[0].lost_records);
    check_number(3000, records[0].lost_bytes);
    check_result(MAPRING_ERROR_NOTHING_HELD, mapring_consumer_release(consumer));
    check_result(MAPRING_OK, mapring_consumer_next_batch(consumer, records, 200, &count, 0));
    check_number(1, count);
    check_number(sent + 3, records[0].sequence);
    check_result(MAPRING_OK, mapring_consumer_release(consumer));
    mapring_consumer_close(consumer);
}

/* ---- Overwrite ---- */

/* Fills the ring, reads all records and holds the last one, and sends another one behind a gap. */
static void hold_a_record_before_a_gap(mapring_producer *producer, mapring_consumer *consumer)
{
    static const char data[20000];
    struct mapring_record record;
    uint64_t sent = 0;
    while (mapring_producer_send(producer, data, sizeof data, 0) == MAPRING_OK)
        sent++;
    for (uint64_t i = 0; i < sent; i++) {
        check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
        if (i + 2 == sent)
            check_result(MAPRING_OK, mapring_consumer_release(consumer));
    }
    check_result(MAPRING_OK, mapring_producer_send(producer, "x", 1, 0));
}

static void a_gap_behind_held_records_is_counted_as_lost(void **state)
{
    (void)state;
    const char *name = new_ring(&dropping);
    mapring_producer *producer;
    mapring_consumer *consumer;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    hold_a_record_before_a_gap(producer, consumer);
    check_result(MAPRING_LOST, mapring_consumer_next(consumer, &record, 0));
    check_result(MAPRING_OK, mapring_consumer_release(consumer));
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check_result(MAPRING_OK, mapring_consumer_release(consumer));
    check_result(MAPRING_NOTHING, mapring_consumer_next(consumer, &record, 0)); /* publishes */
    struct mapring_stat stat = stat_of(name);
    check_number(1, stat.consumer[0].lost_records);
    check_number(stat.records, stat.consumer[0].read_records);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

static void overwrite_has_no_consumers(void **state)
{
    (void)state;
    const char *name = new_ring(&overwriting);
    struct process *actor = start_actor();
    struct reply reply = expect(actor, MAPRING_ERROR_POLICY, "consumer %s", name);
    check(strstr(reply.text, "observe") != NULL);
    expect(actor, MAPRING_ERROR_POLICY, "consumer %s oldest name durable", name);
    check_number(0, stat_of(name).consumers);
}

static void overwrite_never_waits_and_keeps_the_newest(void **state)
{
    (void)state;
    const char *name = new_ring(&overwriting);
    struct process *writer = start_producer(name), *observer = start_actor();
    expect(writer, MAPRING_OK, "send 10000 1000");
    expect(writer, MAPRING_OK, "batch 20 1000");
    expect(writer, MAPRING_OK, "drain");
    expect(observer, MAPRING_OK, "observer %s", name);
    struct reply reply = expect(observer, MAPRING_NOTHING, "follow 10000");
    check_number(10019, reply.sequence);
    check(reply.count >= 40 && reply.lost == 0);
    struct mapring_stat stat = stat_of(name);
    check_number(10020, stat.records);
    check_number(0, stat.dropped_records);
    check(stat.balanced);
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(the_policy_is_shown_and_kept),
    TEST(another_policy_than_the_rings_is_refused),
    TEST(a_policy_that_is_none_is_refused),
    TEST(block_waits_and_loses_nothing),
    TEST(drop_never_waits),
    TEST(without_a_consumer_the_first_records_are_kept),
    TEST(a_gap_tells_first_number_and_bytes),
    TEST(every_reader_is_told_of_a_gap),
    TEST(a_gap_precedes_a_committed_reservation),
    TEST(a_gap_may_precede_a_record_smaller_than_reserved),
    TEST(an_aborted_reservation_keeps_the_gap),
    TEST(a_gap_precedes_a_batch),
    TEST(a_dropped_batch_counts_all_its_records),
    TEST(a_gap_and_its_record_come_both_or_neither),
    TEST(the_largest_record_fits_behind_a_gap),
    TEST(what_was_dropped_last_is_told_at_close),
    TEST(at_close_a_gap_is_told_even_in_a_full_ring),
    TEST(drops_of_a_killed_producer_are_told_by_the_next),
    TEST(drops_of_a_closed_producer_are_not_told_twice),
    TEST(sequence_numbers_count_dropped_records),
    TEST(a_consumer_that_begins_behind_a_gap_is_told_of_none),
    TEST(a_consumers_batch_ends_before_a_gap),
    TEST(a_gap_behind_held_records_is_counted_as_lost),
    TEST(overwrite_has_no_consumers),
    TEST(overwrite_never_waits_and_keeps_the_newest),
};
TEST_MAIN(roles, tests)
