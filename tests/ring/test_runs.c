/* SPDX-License-Identifier: MIT */
/* Runs: one producer after another, and readers that are told of each end once. */
#include "actor.h"

#include <inttypes.h>

#include "producer/producer.h"
#include "ring/open.h"

enum { SMALL = 65536 };

static const struct mapring_options small = {.capacity_bytes = SMALL};
static const struct mapring_options dropping = {.capacity_bytes = SMALL, .when_full = MAPRING_DROP};
static const struct mapring_options overwriting = {.capacity_bytes = SMALL,
                                                   .when_full = MAPRING_OVERWRITE};

/* Runs a producer that sends some records and then closes or is killed. */
static int run_once(const char *name, uint64_t records, bool killed)
{
    struct process *writer = start_producer(name);
    expect(writer, MAPRING_OK, "send %" PRIu64 " 100", records);
    if (!killed)
        expect(writer, MAPRING_OK, "close");
    process_kill(writer);
    return killed ? MAPRING_PRODUCER_DIED : MAPRING_PRODUCER_CLOSED;
}

static struct process *start_observer(const char *name, const char *how)
{
    struct process *observer = start_actor();
    expect(observer, MAPRING_OK, "observer %s %s", name, how);
    return observer;
}

/* ---- Each end is told once ---- */

static void the_end_of_a_run_is_told_once(void **state)
{
    (void)state;
    for (int killed = 0; killed < 2; killed++) {
        const char *name = new_ring(&small);
        struct process *reader = start_consumer(name, "oldest"),
                       *receiver = start_consumer(name, "oldest"),
                       *observer = start_observer(name, "oldest");
        int end = run_once(name, 3, killed);
        check_number(3, expect(reader, end, "read 9 forever").count);
        expect(reader, MAPRING_NOTHING, "next");
        expect(reader, MAPRING_TIMED_OUT, "next 20");
        for (int i = 0; i < 3; i++)
            expect(receiver, MAPRING_OK, "receive forever");
        expect(receiver, end, "receive forever");
        expect(receiver, MAPRING_TIMED_OUT, "receive 20");
        expect(observer, end, "follow 9 forever");
        expect(observer, MAPRING_NOTHING, "look");
        expect(observer, MAPRING_TIMED_OUT, "look 20");
    }
}

static void a_batch_is_told_of_the_end_once(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    mapring_consumer *consumer;
    struct mapring_record records[9];
    size_t count;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    int end = run_once(name, 3, false);
    run_once(name, 2, false);
    check_result(MAPRING_OK, mapring_consumer_next_batch(consumer, records, 9, &count, 0));
    check_number(3, count);
    check_result(end, mapring_consumer_next_batch(consumer, records, 9, &count, 0));
    check_number(0, count);
    check_result(MAPRING_OK, mapring_consumer_next_batch(consumer, records, 9, &count, 0));
    check_number(2, count);
    check_number(3, records[0].sequence);
    check_result(end, mapring_consumer_next_batch(consumer, records, 9, &count, TIME_LIMIT));
    check_result(MAPRING_NOTHING, mapring_consumer_next_batch(consumer, records, 9, &count, 0));
    check_result(MAPRING_OK, mapring_consumer_release(consumer));
    mapring_consumer_close(consumer);
}

static void who_was_told_of_the_end_sleeps(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *reader = start_consumer(name, "oldest"),
                   *observer = start_observer(name, "oldest");
    int end = run_once(name, 1, false);
    expect(reader, end, "read 9 forever");
    expect(observer, end, "follow 9 forever");
    struct reply reply = expect(reader, MAPRING_TIMED_OUT, "next 300");
    check(reply.cpu_ns < reply.took_ns / 4);
    reply = expect(observer, MAPRING_TIMED_OUT, "look 300");
    check(reply.cpu_ns < reply.took_ns / 4);
}

static void each_end_is_told_where_it_was(void **state)
{
    (void)state;
    enum { RUNS = 8 };
    static const struct mapring_options *const policies[] = {&small, &dropping, &overwriting};
    for (size_t p = 0; p < COUNT_OF(policies); p++) {
        const char *name = new_ring(policies[p]);
        bool observed = policies[p] == &overwriting;
        struct process *reader =
            observed ? start_observer(name, "oldest") : start_consumer(name, "oldest");
        int ends[RUNS];
        for (int i = 0; i < RUNS; i++)
            ends[i] = run_once(name, (uint64_t)i + 1, i % 2);
        for (int i = 0; i < RUNS; i++) {
            struct reply reply = expect(reader, ends[i], "follow 999 forever");
            check_number(i + 1, reply.count);
        }
        expect(reader, MAPRING_TIMED_OUT, "follow 1 10");
    }
}

static void runs_in_which_nothing_is_sent_take_no_room(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *reader = start_consumer(name, "oldest");
    run_once(name, 0, true);
    run_once(name, 0, false);
    check_number(0, stat_of(name).tail);
    run_once(name, 1, false);
    run_once(name, 0, false);
    uint64_t tail = stat_of(name).tail;
    for (int i = 0; i < 20; i++)
        run_once(name, 0, i % 2);
    check_number(tail, stat_of(name).tail);
    expect(reader, MAPRING_PRODUCER_CLOSED, "read 9 forever");
    expect(reader, MAPRING_PRODUCER_DIED, "next forever");
    expect(reader, MAPRING_NOTHING, "next");
}

/* ---- Readers that come later ---- */

static void who_attaches_afterwards_is_told_of_the_last_end(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    run_once(name, 3, true);
    run_once(name, 3, false);
    struct process *reader = start_consumer(name, "oldest"),
                   *observer = start_observer(name, "oldest");
    check_number(6, expect(reader, MAPRING_PRODUCER_CLOSED, "read 99 forever").count);
    expect(reader, MAPRING_NOTHING, "next");
    check_number(6, expect(observer, MAPRING_PRODUCER_CLOSED, "follow 99 forever").count);
    expect(observer, MAPRING_NOTHING, "look");
}

static void who_waits_for_a_producer_is_not_told_of_the_one_before(void **state)
{
    (void)state;
    for (int killed = 0; killed < 2; killed++) {
        const char *name = new_ring(&small);
        run_once(name, 3, killed);
        struct process *reader = start_actor(), *observer = start_actor();
        expect(reader, MAPRING_OK, "consumer %s oldest patient no 0 0 0 waits", name);
        expect(observer, MAPRING_OK, "observer %s oldest oldest waits", name);
        check_number(3, expect(reader, MAPRING_TIMED_OUT, "read 99 20").count);
        check_number(3, expect(observer, MAPRING_TIMED_OUT, "follow 99 20").count);
        int end = run_once(name, 2, !killed);
        check_number(2, expect(reader, end, "read 99 forever").count);
        check_number(2, expect(observer, end, "follow 99 forever").count);
    }
}

static void who_waits_for_a_producer_that_is_there_is_told_of_its_end(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest patient no 0 0 0 waits", name);
    expect(writer, MAPRING_OK, "close");
    expect(reader, MAPRING_PRODUCER_CLOSED, "next forever");
}

/* ---- Waiting for a producer ---- */

static void a_consumer_waits_for_a_producer(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *reader = start_consumer(name, "oldest");
    expect(reader, MAPRING_TIMED_OUT, "wait_producer");
    struct reply reply = expect(reader, MAPRING_TIMED_OUT, "wait_producer 150");
    check(reply.took_ns >= 150 * MILLISECONDS && reply.cpu_ns < reply.took_ns / 4);
    struct process *writer = start_producer(name);
    expect(reader, MAPRING_OK, "wait_producer");
    expect(reader, MAPRING_OK, "wait_producer forever");
    expect(writer, MAPRING_OK, "send 1 100");
    expect(writer, MAPRING_OK, "close");
    expect(reader, MAPRING_TIMED_OUT, "wait_producer 10"); /* its end has not been told yet */
    expect(writer, MAPRING_OK, "producer %s", name);
    process_kill(writer);
    expect(reader, MAPRING_TIMED_OUT, "wait_producer 150"); /* a dead producer does not count */
    expect_records(reader, 0, 1);
    check_result(MAPRING_ERROR_ARGUMENT, mapring_consumer_wait_producer(NULL, 0));
}

static void a_consumer_that_waits_for_a_producer_is_woken_by_it(void **state)
{
    (void)state;
    enum { ROUNDS = 9, LATE = 50 * MILLISECONDS };
    const char *name = new_ring(&small);
    struct process *reader = start_consumer(name, "oldest"), *writer = start_actor();
    int late = 0;
    for (int i = 0; i < ROUNDS; i++) {
        tell(reader, "wait_producer forever");
        await_sleeping_consumer(name, 0);
        int64_t start = now_ns();
        tell(writer, "producer %s", name);
        check_result(MAPRING_OK, answer(reader).result);
        late += now_ns() - start > LATE;
        check_result(MAPRING_OK, answer(writer).result);
        expect(writer, MAPRING_OK, "close");
    }
    check(late <= ROUNDS / 2);
}

/* The promise is 200 ms; the bound leaves room for a busy machine. */
static void who_was_told_learns_of_the_next_run(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *reader = start_consumer(name, "oldest");
    for (int i = 0; i < 4; i++) {
        tell(reader, "next forever");
        await_sleeping_consumer(name, 0);
        struct process *writer = start_producer(name);
        if (i % 2) {
            expect(writer, MAPRING_OK, "send 1 100");
            check_result(MAPRING_OK, answer(reader).result);
            expect(reader, MAPRING_OK, "release");
            tell(reader, "next forever");
            await_sleeping_consumer(name, 0);
        }
        int64_t start = now_ns();
        process_kill(writer);
        check_result(MAPRING_PRODUCER_DIED, answer(reader).result);
        check(now_ns() - start < SECONDS);
    }
}

/* ---- Taking over ---- */

static void the_end_is_told_when_there_was_no_room_for_it(void **state)
{
    (void)state;
    for (int batch = 0; batch < 2; batch++) {
        const char *name = new_ring(&small);
        struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
        uint64_t sent = expect(writer, MAPRING_NO_ROOM, "send 99999 8").count;
        expect(writer, MAPRING_OK, "close");
        expect(writer, MAPRING_OK, "producer %s", name);
        expect(writer, MAPRING_NO_ROOM, "send 1 8");
        expect_records(reader, 0, sent);
        expect(reader, MAPRING_NOTHING, "next"); /* the end comes with the first record */
        if (batch) {
            expect(writer, MAPRING_OK, "batch 3 100");
        } else {
            expect(writer, MAPRING_OK, "reserve 300");
            expect(writer, MAPRING_OK, "abort");
            expect(writer, MAPRING_OK, "reserve 300");
            expect(writer, MAPRING_OK, "commit 10");
            expect(writer, MAPRING_OK, "send 2 8");
        }
        expect(reader, MAPRING_PRODUCER_CLOSED, "next");
        expect_records(reader, sent, 3);
        expect(reader, MAPRING_NOTHING, "next");
        struct mapring_stat stat = stat_of(name);
        check_number(sent + 3, stat.records);
        check(stat.balanced);
    }
}

static void an_end_that_had_no_room_is_told_by_the_close(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    uint64_t sent = expect(writer, MAPRING_NO_ROOM, "send 99999 8").count;
    process_kill(writer);
    writer = start_producer(name);
    expect_records(reader, 0, sent);
    expect(reader, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_OK, "close");
    expect(reader, MAPRING_PRODUCER_DIED, "next");
    expect(reader, MAPRING_PRODUCER_CLOSED, "next");
    expect(reader, MAPRING_NOTHING, "next");
}

static void the_end_comes_before_what_was_dropped(void **state)
{
    (void)state;
    const char *name = new_ring(&dropping);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    struct reply flood = expect(writer, MAPRING_OK, "flood 9999 8");
    check(flood.lost > 0);
    process_kill(writer);
    writer = start_producer(name);
    expect(writer, MAPRING_DROPPED, "send 1 8");
    expect(writer, MAPRING_OK, "close");
    expect_records(reader, 0, flood.count);
    expect(reader, MAPRING_PRODUCER_DIED, "next");
    check_number(flood.lost + 1, expect(reader, MAPRING_LOST, "next").lost);
    expect(reader, MAPRING_PRODUCER_CLOSED, "next");
    run_once(name, 1, false);
    expect_records(reader, flood.count + flood.lost + 1, 1);
    check(stat_of(name).balanced);
}

/* The ring was full of drops when its last producer closed, and has no room for any note. */
static void the_end_and_what_was_dropped_come_with_the_next_record(void **state)
{
    (void)state;
    const char *name = new_ring(&dropping);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    struct reply flood = expect(writer, MAPRING_OK, "flood 9999 8");
    expect(writer, MAPRING_OK, "close");
    expect(writer, MAPRING_OK, "producer %s", name);
    expect(writer, MAPRING_DROPPED, "send 1 8");
    expect_records(reader, 0, flood.count);
    check_number(flood.lost, expect(reader, MAPRING_LOST, "next").lost);
    expect(reader, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_OK, "send 1 8");
    expect(reader, MAPRING_PRODUCER_CLOSED, "next");
    check_number(1, expect(reader, MAPRING_LOST, "next").lost);
    expect_records(reader, flood.count + flood.lost + 1, 1);
}

static void records_that_are_held_stay_held_across_an_end(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *reader = start_consumer(name, "oldest");
    run_once(name, 1, false);
    run_once(name, 1, false);
    expect(reader, MAPRING_OK, "next");
    expect(reader, MAPRING_PRODUCER_CLOSED, "next");
    check_number(2, stat_of(name).consumer[0].pending_records);
    expect(reader, MAPRING_OK, "next");
    expect(reader, MAPRING_OK, "release");
    expect(reader, MAPRING_PRODUCER_CLOSED, "next");
    check_number(0, stat_of(name).consumer[0].pending_records);
    expect(reader, MAPRING_OK, "seek oldest"); /* what was told once is not told again */
    check_number(2, expect(reader, MAPRING_TIMED_OUT, "read 9 10").count);
}

static void who_has_read_all_does_not_hold_up_the_next_producer(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *reader = start_consumer(name, "oldest");
    expect(reader, run_once(name, 5, false), "read 9 forever");
    struct process *writer = start_producer(name);
    expect(writer, MAPRING_OK, "drain");
    check_number(0, stat_of(name).consumer[0].pending_bytes);
    expect(writer, MAPRING_OK, "close");
    /* behind an end that has been written already */
    expect(writer, MAPRING_OK, "producer %s", name);
    expect(writer, MAPRING_OK, "drain");
    expect(writer, MAPRING_OK, "send 1 8");
    expect(writer, MAPRING_TIMED_OUT, "drain");
}

static void an_image_passes_over_ends(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    mapring_image *image;
    struct mapring_record record;
    for (uint64_t i = 0; i < 3; i++)
        run_once(name, 2, i % 2);
    check_result(MAPRING_OK, mapring_image_open(&image, name, MAPRING_LOCAL));
    for (uint64_t i = 0; i < 6; i++) {
        check_result(MAPRING_OK, mapring_image_next(image, &record));
        check_number(i, record.sequence);
        check(record_is_intact(record.payload, record.bytes, i));
    }
    check_result(MAPRING_NOTHING, mapring_image_next(image, &record));
    mapring_image_close(image);
}

/* ---- What is not an end ---- */

/* The next producer holds the role and has not said so yet, or dies before it does. */
static void who_takes_over_ends_no_run(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct mapring_hot hot;
    struct ring ring;
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest"),
                   *observer = start_observer(name, "oldest");
    check_result(MAPRING_OK, ring_attach(&ring, &hot, name, MAPRING_LOCAL, false, ACCESS_CONSUME));
    process_kill(writer);
    check_soon(platform_role_take(ring.object, ROLE_PRODUCER) == MAPRING_OK);
    expect(reader, MAPRING_TIMED_OUT, "next 150");
    expect(observer, MAPRING_TIMED_OUT, "look 150");
    platform_role_drop(ring.object, ROLE_PRODUCER);
    expect(reader, MAPRING_PRODUCER_DIED, "next forever");
    expect(observer, MAPRING_PRODUCER_DIED, "look forever");
    check_soon(platform_role_take(ring.object, ROLE_PRODUCER) == MAPRING_OK);
    platform_role_drop(ring.object, ROLE_PRODUCER);
    expect(reader, MAPRING_NOTHING, "next");
    ring_close(&ring);
    expect(reader, run_once(name, 0, false), "next forever");
    expect(observer, MAPRING_PRODUCER_CLOSED, "look forever");
}

static void put_ends(mapring_producer *producer, unsigned count, uint32_t run)
{
    uint64_t position = producer->hot.position;
    for (unsigned i = 0; i < count;
         i++, position += record_span(&producer->hot.ring, sizeof(uint64_t))) {
        store_relaxed(record_words(&producer->hot.ring, position), run);
        store_release(record_word(&producer->hot.ring, position),
                      commit_word(RECORD_GAP, sizeof(uint64_t), producer->hot.sequence));
    }
}

static void a_ring_full_of_ends_is_damaged(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    mapring_producer *producer;
    mapring_consumer *consumer;
    mapring_observer *observer;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    check_result(MAPRING_OK, mapring_observer_open(&observer, name, NULL));
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_OK, mapring_producer_send(producer, "x", 1, 0));
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check_result(MAPRING_OK, mapring_observer_next(observer, &record, 0));
    put_ends(producer, SMALL / 16, run_word(UINT32_MAX, WRITER_CLOSED));
    check_result(MAPRING_ERROR_DAMAGED, mapring_consumer_next(consumer, &record, 0));
    check_result(MAPRING_ERROR_DAMAGED, mapring_observer_next(observer, &record, 0));
    mapring_consumer_close(consumer);
    mapring_observer_close(observer);
    mapring_producer_close(producer);
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(the_end_of_a_run_is_told_once),
    TEST(a_batch_is_told_of_the_end_once),
    TEST(who_was_told_of_the_end_sleeps),
    TEST(each_end_is_told_where_it_was),
    TEST(runs_in_which_nothing_is_sent_take_no_room),
    TEST(who_attaches_afterwards_is_told_of_the_last_end),
    TEST(who_waits_for_a_producer_is_not_told_of_the_one_before),
    TEST(who_waits_for_a_producer_that_is_there_is_told_of_its_end),
    TEST(a_consumer_waits_for_a_producer),
    TEST(a_consumer_that_waits_for_a_producer_is_woken_by_it),
    TEST(who_was_told_learns_of_the_next_run),
    TEST(the_end_is_told_when_there_was_no_room_for_it),
    TEST(an_end_that_had_no_room_is_told_by_the_close),
    TEST(the_end_comes_before_what_was_dropped),
    TEST(the_end_and_what_was_dropped_come_with_the_next_record),
    TEST(records_that_are_held_stay_held_across_an_end),
    TEST(who_has_read_all_does_not_hold_up_the_next_producer),
    TEST(an_image_passes_over_ends),
    TEST(who_takes_over_ends_no_run),
    TEST(a_ring_full_of_ends_is_damaged),
};
TEST_MAIN(roles, tests)
