/* SPDX-License-Identifier: MIT */
/* A producer closes, dies, or is succeeded. Its readers can tell which, and lose nothing. */
#include "actor.h"

#include <inttypes.h>

enum { SMALL = 65536 };

static const struct mapring_options small = {.capacity_bytes = SMALL};

static void all_is_read_before_the_producer_has_closed(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "send 10 100");
    expect(writer, MAPRING_OK, "close");
    check_number(10, expect(reader, MAPRING_PRODUCER_CLOSED, "read 99 forever").count);
    expect(reader, MAPRING_NOTHING, "next");
    expect(reader, MAPRING_TIMED_OUT, "next 10");
}

static void all_is_read_before_the_producer_has_died(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "send 10 100");
    process_kill(writer);
    check_number(10, expect(reader, MAPRING_PRODUCER_DIED, "read 99 forever").count);
    expect(reader, MAPRING_NOTHING, "next");
    expect(reader, MAPRING_TIMED_OUT, "next 10");
}

static void one_who_only_tries_learns_of_the_death_too(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    process_kill(writer);
    struct reply reply = {.result = MAPRING_NOTHING};
    for (int i = 0; i < 100 && reply.result == MAPRING_NOTHING; i++) {
        tell(reader, "next");
        reply = answer(reader);
    }
    check_result(MAPRING_PRODUCER_DIED, reply.result);
}

/* The promise is 200 ms; the bound leaves room for a busy machine. */
static void a_sleeping_reader_learns_of_the_death(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    tell(reader, "next forever");
    await_sleeping_consumer(name, 0);
    int64_t start = now_ns();
    process_kill(writer);
    struct reply reply = answer(reader);
    int64_t took = now_ns() - start;
    check_result(MAPRING_PRODUCER_DIED, reply.result);
    print_message("told %" PRId64 " ms after the producer was killed\n", took / MILLISECONDS);
    check(took < SECONDS);
}

static void a_reader_waits_for_a_producer_that_never_was(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *reader = start_consumer(name, "oldest");
    expect(reader, MAPRING_NOTHING, "next");
    expect(reader, MAPRING_TIMED_OUT, "next 250");
    tell(reader, "next forever");
    await_sleeping_consumer(name, 0);
    struct process *writer = start_producer(name);
    expect(writer, MAPRING_OK, "send 1 10");
    check_result(MAPRING_OK, answer(reader).result);
}

static void the_next_producer_continues_the_sequence(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "send 10 100");
    expect(writer, MAPRING_OK, "close");
    expect(writer, MAPRING_OK, "producer %s", name);
    expect(writer, MAPRING_OK, "send 10 100");
    process_kill(writer);
    writer = start_producer(name);
    expect(writer, MAPRING_OK, "send 10 100");
    expect_records(reader, 0, 10);
    expect(reader, MAPRING_PRODUCER_CLOSED, "next");
    expect_records(reader, 10, 10);
    expect(reader, MAPRING_PRODUCER_DIED, "next");
    expect_records(reader, 20, 10);
}

static void readers_told_of_the_end_go_on_with_the_next_producer(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *reader = start_consumer(name, "oldest");
    for (uint64_t i = 0; i < 20; i += 5) {
        struct process *writer = start_producer(name);
        expect(writer, MAPRING_OK, "send 5 100");
        if (i % 2)
            process_kill(writer);
        else
            expect(writer, MAPRING_OK, "close");
        int end = i % 2 ? MAPRING_PRODUCER_DIED : MAPRING_PRODUCER_CLOSED;
        check_number(i + 4, expect(reader, end, "read 99 forever").sequence);
    }
}

static void a_takeover_keeps_what_readers_have_not_read(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    for (uint64_t read = 0; read < 600; read += 30) {
        expect(writer, MAPRING_OK, "send 30 1000");
        process_kill(writer);
        writer = start_producer(name);
        expect_records(reader, read, 30);
        expect(reader, MAPRING_PRODUCER_DIED, "next");
    }
    uint64_t sent = expect(writer, MAPRING_NO_ROOM, "send 1000 1000").count;
    process_kill(writer);
    writer = start_producer(name);
    expect(writer, MAPRING_NO_ROOM, "send 1 1000");
    expect_records(reader, 600, sent);
    expect(writer, MAPRING_OK, "send 1 1000");
    expect(reader, MAPRING_PRODUCER_DIED, "next");
    expect_records(reader, 600 + sent, 1);
}

static void an_uncommitted_reservation_dies_with_its_producer(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "send 3 100");
    expect(writer, MAPRING_OK, "reserve 20000");
    process_kill(writer);
    expect(reader, MAPRING_PRODUCER_DIED, "read 99 forever");
    writer = start_producer(name);
    expect(writer, MAPRING_OK, "send 3 50");
    expect_records(reader, 3, 3);
    expect(reader, MAPRING_NOTHING, "next");
}

static void a_reservation_is_dropped_by_closing(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "send 1 100");
    expect(writer, MAPRING_OK, "reserve 100");
    expect(writer, MAPRING_OK, "close");
    check_number(1, expect(reader, MAPRING_PRODUCER_CLOSED, "read 9 forever").count);
}

/* The tail is stored after the record has become visible, and a producer may die in between. */
static void a_tail_that_fell_short_is_found_again(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    struct process *writer = start_producer(path), *reader = start_consumer(path, "oldest");
    expect(writer, MAPRING_OK, "send 10 100");
    process_kill(writer);
    struct ring_header *header = header_read(path);
    store_relaxed(&header->tail, load_relaxed(&header->tail) - 3 * 112);
    header_write(path, header);
    check_number(10, stat_of(path).records);
    writer = start_producer(path);
    expect(writer, MAPRING_OK, "send 10 100");
    expect_records(reader, 0, 10);
    expect(reader, MAPRING_PRODUCER_DIED, "next");
    expect_records(reader, 10, 10);
    expect(reader, MAPRING_NOTHING, "next");
}

/* On the second lap, the slots are full of old commit words, with the right bits in the wrong
 * places. */
static void half_a_batch_dies_with_its_producer(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    uint64_t read = 0;
    for (int lap = 0; lap < 20; lap++) {
        expect(writer, MAPRING_OK, "send 7 100");
        expect(writer, MAPRING_OK, "reserve 32000");
        expect(writer, MAPRING_OK, "torn 50 100");
        process_kill(writer);
        struct reply reply = expect(reader, MAPRING_PRODUCER_DIED, "read 999 forever");
        check_number(read + 6, reply.sequence);
        read += 7;
        writer = start_producer(name);
        expect(writer, MAPRING_OK, "batch 20 100");
        expect_records(reader, read, 20);
        expect(reader, MAPRING_NOTHING, "next");
        read += 20;
    }
}

static void a_second_producer_is_refused_while_the_first_lives(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *second = start_actor();
    char id[32];
    snprintf(id, sizeof id, "%" PRIu64, process_id(writer));
    struct reply reply = expect(second, MAPRING_ERROR_PRODUCER_TAKEN, "producer %s", name);
    check(strstr(reply.text, id) != NULL);
    /* not even in the same process */
    expect(writer, MAPRING_ERROR_PRODUCER_TAKEN, "producer %s", name);
    process_kill(writer);
    expect(second, MAPRING_OK, "producer %s", name);
}

static void a_paused_producer_is_not_dead(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *second = start_actor(),
                   *reader = start_consumer(name, "oldest");
    process_pause(writer);
    expect(second, MAPRING_ERROR_PRODUCER_TAKEN, "producer %s", name);
    expect(reader, MAPRING_TIMED_OUT, "next 300");
    check_number(MAPRING_PRODUCER_IS_OPEN, stat_of(name).producer_state);
    process_resume(writer);
    expect(writer, MAPRING_OK, "send 1 10");
    expect_records(reader, 0, 1);
}

static void drained_means_that_all_have_read_all(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *first = start_consumer(name, "oldest"),
                   *second = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "drain");
    expect(writer, MAPRING_OK, "send 10 100");
    expect(writer, MAPRING_TIMED_OUT, "drain");
    expect(writer, MAPRING_TIMED_OUT, "drain 50");
    tell(writer, "drain forever");
    tell(first, "read 99 forever");
    await_sleeping_consumer(name, 0);
    await_sleeping_producer(name);
    tell(second, "read 99 forever");
    check_result(MAPRING_OK, answer(writer).result);
    expect(writer, MAPRING_OK, "close");
    check_number(10, answer(first).count);
    check_number(10, answer(second).count);
}

static void draining_waits_for_the_first_consumer(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    expect(writer, MAPRING_OK, "send 10 100");
    expect(writer, MAPRING_TIMED_OUT, "drain 50");
    tell(writer, "drain forever");
    await_sleeping_producer(name);
    struct process *reader = start_consumer(name, "oldest");
    tell(reader, "read 99 forever");
    check_result(MAPRING_OK, answer(writer).result);
}

static void draining_tells_of_a_consumer_that_leaves_early(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    for (int killed = 0; killed < 2; killed++) {
        struct process *writer = start_producer(name), *reader = start_consumer(name, "newest");
        expect(writer, MAPRING_OK, "send 10 100");
        tell(writer, "drain forever");
        await_sleeping_producer(name);
        if (killed)
            process_kill(reader);
        else
            expect(reader, MAPRING_OK, "close");
        check_result(MAPRING_CONSUMER_GONE, answer(writer).result);
        expect(writer, MAPRING_OK, "close");
    }
}

/* It has not published its last release yet. */
static void a_consumer_that_has_read_all_may_leave_during_a_drain(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "send 10 100");
    tell(writer, "drain forever");
    await_sleeping_producer(name);
    expect(reader, MAPRING_OK, "read 10");
    expect(reader, MAPRING_OK, "close");
    check_result(MAPRING_OK, answer(writer).result);
}

static void a_producer_may_wait_for_its_consumers(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    expect(writer, MAPRING_OK, "wait 0");
    expect(writer, MAPRING_TIMED_OUT, "wait 1");
    expect(writer, MAPRING_TIMED_OUT, "wait 1 50");
    expect(writer, MAPRING_ERROR_ARGUMENT, "wait 33");
    tell(writer, "wait 2 forever");
    await_sleeping_producer(name);
    struct process *first = start_consumer(name, "oldest");
    start_consumer(name, "oldest");
    check_result(MAPRING_OK, answer(writer).result);
    process_kill(first);
    expect(writer, MAPRING_TIMED_OUT, "wait 2");
    expect(writer, MAPRING_OK, "wait 1");
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(all_is_read_before_the_producer_has_closed),
    TEST(all_is_read_before_the_producer_has_died),
    TEST(one_who_only_tries_learns_of_the_death_too),
    TEST(a_sleeping_reader_learns_of_the_death),
    TEST(a_reader_waits_for_a_producer_that_never_was),
    TEST(the_next_producer_continues_the_sequence),
    TEST(readers_told_of_the_end_go_on_with_the_next_producer),
    TEST(a_takeover_keeps_what_readers_have_not_read),
    TEST(an_uncommitted_reservation_dies_with_its_producer),
    TEST(a_reservation_is_dropped_by_closing),
    TEST(a_tail_that_fell_short_is_found_again),
    TEST(half_a_batch_dies_with_its_producer),
    TEST(a_second_producer_is_refused_while_the_first_lives),
    TEST(a_paused_producer_is_not_dead),
    TEST(drained_means_that_all_have_read_all),
    TEST(draining_waits_for_the_first_consumer),
    TEST(draining_tells_of_a_consumer_that_leaves_early),
    TEST(a_consumer_that_has_read_all_may_leave_during_a_drain),
    TEST(a_producer_may_wait_for_its_consumers),
};
TEST_MAIN(roles, tests)
