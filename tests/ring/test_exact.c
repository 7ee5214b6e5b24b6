/* SPDX-License-Identifier: MIT */
/* What is documented as exact: timeouts, and where the oldest and the newest record are. */
#include "actor.h"

#include <inttypes.h>

enum { SMALL = 65536, BYTES = 56, SPAN = 64, LIMIT_MS = 30, LONG_MS = 60000 };

static struct mapring_options small(enum mapring_when_full when_full)
{
    return (struct mapring_options){
        .capacity_bytes = SMALL, .slot_bytes = 8, .when_full = when_full};
}

static const char *new_small_ring(enum mapring_when_full when_full)
{
    const struct mapring_options options = small(when_full);
    return new_ring(&options);
}

/* ---- Timeouts ---- */

/* The command must not end before its timeout, nor so late that only a hang explains it. */
static void expect_timely(struct process *actor, const char *command)
{
    struct reply reply = expect(actor, MAPRING_TIMED_OUT, "%s %d", command, LIMIT_MS);
    if (reply.took_ns < LIMIT_MS * MILLISECONDS || reply.took_ns > LONG_MS / 2 * MILLISECONDS)
        check_failed(__FILE__, __LINE__, "'%s %d' took %" PRId64 " ns", command, LIMIT_MS,
                     reply.took_ns);
}

static void test_readers_wait_as_long_as_their_limit(void **state)
{
    (void)state;
    const char *name = new_small_ring(MAPRING_BLOCK);
    struct process *reader = start_consumer(name, "oldest"), *observer = start_actor();
    expect(observer, MAPRING_OK, "observer %s", name);
    expect_timely(reader, "next");
    expect_timely(reader, "receive");
    expect_timely(observer, "look");
    struct process *writer = start_producer(name);
    expect(writer, MAPRING_OK, "send 1 %d", BYTES);
    expect(reader, MAPRING_OK, "next");
    expect_timely(reader, "next"); /* with a record held */
    expect(reader, MAPRING_OK, "release");
    expect_timely(reader, "receive");
}

static void test_producers_wait_as_long_as_their_limit(void **state)
{
    (void)state;
    const char *name = new_small_ring(MAPRING_BLOCK);
    struct process *writer = start_producer(name), *reader;
    expect_timely(writer, "wait 1");
    expect(writer, MAPRING_NO_ROOM, "send 2000 %d", BYTES);
    expect_timely(writer, "drain"); /* waits for the first consumer */
    reader = start_consumer(name, "oldest");
    expect_timely(writer, "wait 2");
    expect_timely(writer, "send 1 56");
    expect_timely(writer, "batch 2 56");
    expect_timely(writer, "reserve 56");
    expect_timely(writer, "drain");
    process_kill(reader); /* the producer still has to find out that nothing gates it any more */
    expect(writer, MAPRING_OK, "send 1 56 %d", LIMIT_MS);
}

static void test_a_limit_of_0_only_tries(void **state)
{
    (void)state;
    const char *name = new_small_ring(MAPRING_BLOCK);
    struct process *writer = start_producer(name), *reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest patient durable 0 60000 %d", name, LONG_MS);
    check(expect(reader, MAPRING_NOTHING, "next 0").took_ns < LONG_MS / 2 * MILLISECONDS);
    expect(writer, MAPRING_NO_ROOM, "send 2000 %d", BYTES);
    expect(writer, MAPRING_NO_ROOM, "batch 2 %d", BYTES);
    expect(writer, MAPRING_NO_ROOM, "reserve %d", BYTES);
    expect(writer, MAPRING_TIMED_OUT, "drain");
    expect(writer, MAPRING_TIMED_OUT, "wait 2");
    check(expect(reader, MAPRING_OK, "next 0").took_ns < LONG_MS / 2 * MILLISECONDS);
}

/* A consumer that gathers records for a minute still keeps to its timeout, and loses none of
 * them. */
static void test_a_limit_ends_the_gathering_of_records(void **state)
{
    (void)state;
    const char *name = new_small_ring(MAPRING_BLOCK);
    struct process *writer = start_producer(name), *reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest patient durable 0 60000 %d", name, LONG_MS);
    tell(reader, "next 500");
    await_sleeping_consumer(name, 0);
    expect(writer, MAPRING_OK, "send 1 %d", BYTES);
    struct reply reply = answer(reader);
    check(reply.took_ns < LONG_MS / 2 * MILLISECONDS);
    if (reply.result != MAPRING_OK)
        reply = expect(reader, MAPRING_OK, "next 500");
    check_number(0, reply.sequence);
}

/* ---- The oldest and the newest ---- */

/* For a ring that begins at position 0 and has records of one size. */
static uint64_t oldest_kept(const char *name)
{
    uint64_t horizon = stat_of(name).horizon;
    return horizon > SMALL ? (horizon - SMALL + SPAN - 1) / SPAN : 0;
}

/* This process reads the image itself. */
static uint64_t first_of_image(const char *name)
{
    mapring_image *image;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_image_open(&image, name, MAPRING_LOCAL));
    check_result(MAPRING_OK, mapring_image_next(image, &record));
    mapring_image_close(image);
    return record.sequence;
}

static void check_observers(const char *name, struct process *observer, uint64_t oldest)
{
    expect(observer, MAPRING_OK, "observer %s oldest", name);
    check_number(oldest, expect(observer, MAPRING_OK, "look").sequence);
    expect(observer, MAPRING_OK, "close");
    check_number(oldest, first_of_image(name));
}

static void check_consumers(const char *name, struct process *reader, uint64_t oldest)
{
    expect(reader, MAPRING_OK, "consumer %s oldest", name);
    check_number(oldest, expect(reader, MAPRING_OK, "next").sequence);
    expect(reader, MAPRING_OK, "close");
    expect(reader, MAPRING_OK, "consumer %s 0", name);
    if (oldest > 0) {
        struct reply reply = expect(reader, MAPRING_LOST, "next");
        check_number(0, reply.lost_from);
        check_number(oldest, reply.lost);
    }
    check_number(oldest, expect(reader, MAPRING_OK, "next").sequence);
    expect(reader, MAPRING_OK, "close");
}

static void test_the_oldest_is_the_same_for_all_who_look_on(void **state)
{
    (void)state;
    const char *name = new_small_ring(MAPRING_OVERWRITE);
    struct process *writer = start_producer(name), *observer = start_actor();
    uint64_t counts[] = {3, 1000, 17, 30, 900, 1};
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        expect(writer, MAPRING_OK, "send %" PRIu64 " %d", counts[i], BYTES);
        check_observers(name, observer, oldest_kept(name));
    }
}

/* What one consumer has not released is kept, and another consumer begins there. */
static void test_the_oldest_is_where_the_slowest_consumer_is(void **state)
{
    (void)state;
    const char *name = new_small_ring(MAPRING_BLOCK);
    struct process *writer = start_producer(name), *reader = start_actor();
    struct process *other = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest slow durable", name);
    expect(writer, MAPRING_NO_ROOM, "send 2000 %d", BYTES);
    for (unsigned i = 1; i < 10; i++) {
        expect_records(reader, 3 * (i - 1), 3);
        expect(writer, MAPRING_NO_ROOM, "send 2000 %d", BYTES);
        check_number(3 * i, oldest_kept(name));
        check_observers(name, other, 3 * i);
        check_consumers(name, other, 3 * i);
    }
    expect(reader, MAPRING_OK, "seek oldest");
    expect_records(reader, 3 * 9, 1000);
}

static void test_the_newest_is_the_next_one_to_come(void **state)
{
    (void)state;
    const char *name = new_small_ring(MAPRING_BLOCK);
    struct process *writer = start_producer(name), *reader = start_actor();
    struct process *observer = start_actor();
    uint64_t next = 0;
    for (unsigned i = 0; i < 5; i++) {
        expect(writer, MAPRING_OK, "send 17 %d", BYTES);
        next += 17;
        expect(reader, MAPRING_OK, "consumer %s newest", name);
        expect(observer, MAPRING_OK, "observer %s newest", name);
        expect(reader, MAPRING_NOTHING, "next");
        expect(observer, MAPRING_NOTHING, "look");
        expect(writer, MAPRING_OK, "send 1 %d", BYTES);
        check_number(next, expect(reader, MAPRING_OK, "next").sequence);
        check_number(next, expect(observer, MAPRING_OK, "look").sequence);
        next++;
        expect(reader, MAPRING_OK, "close");
        expect(observer, MAPRING_OK, "close");
    }
}

static void test_after_a_lap_the_newest_is_the_next_one_to_come(void **state)
{
    (void)state;
    const char *name = new_small_ring(MAPRING_OVERWRITE);
    struct process *writer = start_producer(name), *observer = start_actor();
    expect(observer, MAPRING_OK, "observer %s oldest newest", name);
    for (uint64_t i = 1; i <= 5; i++) {
        uint64_t sent = i * 1235;
        expect(writer, MAPRING_OK, "send 1234 %d", BYTES);
        struct reply reply = expect(observer, MAPRING_LOST, "look");
        check_number(sent - 1, reply.lost_from + reply.lost);
        expect(observer, MAPRING_NOTHING, "look");
        expect(writer, MAPRING_OK, "send 1 %d", BYTES);
        check_number(sent - 1, expect(observer, MAPRING_OK, "look").sequence);
    }
}

/* The end of a run is not a record: an observer that is lapped there has lost none. */
static void test_an_observer_that_loses_nothing_is_told_of_nothing(void **state)
{
    (void)state;
    const char *name = new_small_ring(MAPRING_BLOCK);
    struct process *writer = start_producer(name), *observer = start_actor();
    struct process *reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest slow durable", name);
    expect(observer, MAPRING_OK, "observer %s oldest", name);
    expect(writer, MAPRING_OK, "send 1 %d", BYTES);
    expect(observer, MAPRING_OK, "look");
    expect(writer, MAPRING_OK, "close");
    expect(writer, MAPRING_OK, "producer %s", name);
    expect_records(reader, 0, 1);
    expect(reader, MAPRING_PRODUCER_CLOSED, "next");
    expect(reader, MAPRING_NOTHING, "next"); /* publishes its position to the producer */
    expect(writer, MAPRING_NO_ROOM, "send 2000 %d", BYTES);
    check_number(1, expect(observer, MAPRING_OK, "look").sequence);
}

/* ---- Draining ---- */

/* A consumer that comes later and begins at the oldest record again does not change that. */
static void test_what_was_read_once_is_read(void **state)
{
    (void)state;
    const char *name = new_small_ring(MAPRING_BLOCK);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "send 5 %d", BYTES);
    expect_records(reader, 0, 5);
    expect(reader, MAPRING_OK, "close");
    expect(writer, MAPRING_OK, "drain");
    expect(reader, MAPRING_OK, "consumer %s oldest", name);
    expect(reader, MAPRING_OK, "close");
    expect(writer, MAPRING_CONSUMER_GONE, "drain");
    expect(writer, MAPRING_OK, "drain");
}

static const struct role roles[] = {ACTOR_ROLE};

static const struct CMUnitTest tests[] = {
    TEST(test_readers_wait_as_long_as_their_limit),
    TEST(test_producers_wait_as_long_as_their_limit),
    TEST(test_a_limit_of_0_only_tries),
    TEST(test_a_limit_ends_the_gathering_of_records),
    TEST(test_the_oldest_is_the_same_for_all_who_look_on),
    TEST(test_the_oldest_is_where_the_slowest_consumer_is),
    TEST(test_the_newest_is_the_next_one_to_come),
    TEST(test_after_a_lap_the_newest_is_the_next_one_to_come),
    TEST(test_an_observer_that_loses_nothing_is_told_of_nothing),
    TEST(test_what_was_read_once_is_read),
};

TEST_MAIN(roles, tests)
