/* SPDX-License-Identifier: MIT */
/* Up to 32 consumers see every record. The slowest one gates the producer, dead ones do not, and
 * none can harm the data. */
#include "actor.h"

#include <inttypes.h>

enum { SMALL = 65536, MANY = MAPRING_CONSUMER_LIMIT };

static const struct mapring_options small = {.capacity_bytes = SMALL};

static void thirty_two_consumers_see_every_record(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *readers[MANY];
    for (int i = 0; i < MANY; i++)
        readers[i] = start_consumer(name, "oldest");
    for (int i = 0; i < MANY; i++)
        tell(readers[i], "read 1000 20000");
    expect(writer, MAPRING_OK, "send 1000 200 20000");
    for (int i = 0; i < MANY; i++) {
        struct reply reply = answer(readers[i]);
        check_result(MAPRING_OK, reply.result);
        check(reply.intact);
        check_number(999, reply.sequence);
    }
}

static void the_thirty_third_consumer_is_refused(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *readers[MANY], *late = start_actor();
    for (int i = 0; i < MANY; i++)
        readers[i] = start_consumer(name, "oldest");
    struct reply reply = expect(late, MAPRING_ERROR_CONSUMERS_FULL, "consumer %s", name);
    check(strstr(reply.text, "32") != NULL);
    expect(readers[7], MAPRING_OK, "close");
    expect(late, MAPRING_OK, "consumer %s", name);
    expect(readers[7], MAPRING_ERROR_CONSUMERS_FULL, "consumer %s", name);
    process_kill(readers[31]);
    expect(readers[7], MAPRING_OK, "consumer %s", name);
}

static void oldest_and_newest_begin_where_they_say(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    expect(writer, MAPRING_OK, "send 30 1000");
    struct process *oldest = start_consumer(name, "oldest");
    struct process *newest = start_consumer(name, "newest");
    expect(newest, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_OK, "send 10 1000");
    expect_records(oldest, 0, 40);
    expect_records(newest, 30, 10);
}

static void without_a_consumer_everything_is_kept_until_the_first(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    uint64_t sent = expect(writer, MAPRING_NO_ROOM, "send 1000 1000").count;
    check_number(SMALL / 1008, sent);
    expect(writer, MAPRING_TIMED_OUT, "send 1 1000 20");
    struct process *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_NO_ROOM, "send 1 1000");
    expect_records(reader, 0, sent);
    expect(writer, MAPRING_OK, "send 1 1000");
}

static void after_the_last_has_left_nobody_gates(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_NO_ROOM, "send 1000 1000");
    expect(reader, MAPRING_OK, "close");
    expect(writer, MAPRING_OK, "send 1000 1000");
    uint64_t records = stat_of(name).records;
    struct process *next = start_consumer(name, "oldest");
    struct reply reply = expect(next, MAPRING_NOTHING, "read 1000");
    check_number(records - 1, reply.sequence);
    /* almost a lap of the newest records */
    check(reply.count >= 40 && reply.count <= SMALL / 1008);
}

static void the_slowest_gates_and_nothing_is_lost(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *fast = start_consumer(name, "oldest"),
                   *slow = start_consumer(name, "oldest");
    uint64_t sent = expect(writer, MAPRING_NO_ROOM, "send 1000 1000").count;
    expect_records(fast, 0, sent);
    expect(fast, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_NO_ROOM, "send 1 1000");
    expect(writer, MAPRING_TIMED_OUT, "send 1 1000 50");
    expect_records(slow, 0, sent);
    expect(writer, MAPRING_OK, "send 1 1000");
    expect_records(fast, sent, 1);
    expect_records(slow, sent, 1);
}

static void a_slow_reader_makes_room_as_it_releases(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    uint64_t sent = expect(writer, MAPRING_NO_ROOM, "send 1000 1000").count;
    tell(writer, "send 500 1000 forever");
    for (uint64_t read = 0; read < sent + 500; read += 5)
        expect_records(reader, read, read + 5 > sent + 500 ? sent + 500 - read : 5);
    check_result(MAPRING_OK, answer(writer).result);
    expect(reader, MAPRING_NOTHING, "next");
}

static void what_is_held_is_not_overwritten(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    mapring_consumer *consumer;
    struct mapring_record held, record;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    expect(writer, MAPRING_OK, "send 1 5000");
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &held, 0));
    expect(writer, MAPRING_NO_ROOM, "send 1000 1000");
    while (mapring_consumer_next(consumer, &record, 0) == MAPRING_OK)
        check(record_is_intact(record.payload, record.bytes, record.sequence));
    expect(writer, MAPRING_NO_ROOM, "send 1 1000");
    check(record_is_intact(held.payload, held.bytes, 0));
    check_result(MAPRING_OK, mapring_consumer_release(consumer));
    expect(writer, MAPRING_OK, "send 1 1000");
    mapring_consumer_close(consumer);
}

/* The promise is 200 ms; the bound leaves room for a busy machine. */
static void a_dead_consumer_does_not_block_the_producer(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_NO_ROOM, "send 1000 1000");
    tell(writer, "send 1 1000 forever");
    await_sleeping_producer(name);
    int64_t start = now_ns();
    process_kill(reader);
    struct reply reply = answer(writer);
    int64_t took = now_ns() - start;
    check_result(MAPRING_OK, reply.result);
    print_message("room %" PRId64 " ms after the consumer was killed\n", took / MILLISECONDS);
    check(took < SECONDS);
    check_number(0, stat_of(name).consumers);
}

static void a_consumer_dead_before_does_not_block_even_a_try(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *dead = start_consumer(name, "oldest"),
                   *alive = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "send 20 1000");
    expect_records(alive, 0, 20);
    process_kill(dead);
    expect(alive, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_OK, "send 60 1000");
    expect_records(alive, 20, 60);
}

static void a_paused_consumer_still_gates(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    uint64_t sent = expect(writer, MAPRING_NO_ROOM, "send 1000 1000").count;
    process_pause(reader);
    expect(writer, MAPRING_TIMED_OUT, "send 1 1000 300");
    process_resume(reader);
    expect_records(reader, 0, sent);
    expect(writer, MAPRING_OK, "send 1 1000 5000");
}

static void expect_crash(const char *name, const char *what)
{
    struct process *reader = start_consumer(name, "oldest");
    tell(reader, "poke %s", what);
    check(process_line(reader) == NULL);
    check_number(PROCESS_CRASHED, process_wait(reader).fate);
}

static void a_store_of_a_consumer_into_the_data_crashes_it(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    expect(writer, MAPRING_OK, "send 1 100");
    expect_crash(name, "slot");
    expect_crash(name, "header");
    struct process *reader = start_consumer(name, "oldest");
    expect(reader, MAPRING_OK, "poke cell");
    expect_records(reader, 0, 1);
    expect(writer, MAPRING_OK, "poke slot");
}

static void stat_shows_the_consumers_by_name(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *first = start_actor(), *second = start_actor();
    expect(first, MAPRING_OK, "consumer %s oldest first.one", name);
    expect(second, MAPRING_OK, "consumer %s oldest zweiter-ü", name);
    expect(writer, MAPRING_OK, "send 5 8");
    expect_records(first, 0, 5);
    expect(first, MAPRING_NOTHING, "next");
    struct mapring_stat stat = stat_of(name);
    check_number(2, stat.consumers);
    check_text("first.one", stat.consumer[0].name);
    check_text("zweiter-ü", stat.consumer[1].name);
    check_number(process_id(first), stat.consumer[0].process);
    check_number(process_id(second), stat.consumer[1].process);
    check_number(0, stat.consumer[0].pending_records);
    check_number(5, stat.consumer[1].pending_records);
    check_number(5 * 16, stat.consumer[1].pending_bytes);
    check(stat.consumer[0].alive && stat.consumer[1].alive);
}

static void a_consumers_name_has_a_limit(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    char text[MAPRING_NAME_BYTES + 1] = {0};
    mapring_consumer *consumer;
    memset(text, 'n', MAPRING_NAME_BYTES);
    struct mapring_consumer_options options = {.name = text};
    check_result(MAPRING_ERROR_ARGUMENT, mapring_consumer_open(&consumer, name, &options));
    options.name = text + 1;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &options));
    check_text(text + 1, stat_of(name).consumer[0].name);
    mapring_consumer_close(consumer);
    options = (struct mapring_consumer_options){.from = (enum mapring_from)7};
    check_result(MAPRING_ERROR_ARGUMENT, mapring_consumer_open(&consumer, name, &options));
}

static void consumers_join_and_leave_a_running_producer(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *steady = start_consumer(name, "oldest"),
                   *guest = start_actor();
    tell(writer, "send 50000 100 forever");
    tell(steady, "read 50000 20000");
    for (int i = 0; i < 30; i++) {
        expect(guest, MAPRING_OK, "consumer %s %s", name, i % 2 ? "oldest" : "newest");
        tell(guest, "read 100 100");
        struct reply reply = answer(guest);
        check(reply.intact);
        check(reply.result == MAPRING_OK || reply.result == MAPRING_TIMED_OUT);
        expect(guest, MAPRING_OK, "close");
    }
    check_result(MAPRING_OK, answer(writer).result);
    struct reply reply = answer(steady);
    check_result(MAPRING_OK, reply.result);
    check(reply.intact);
    check_number(49999, reply.sequence);
}

static void a_consumer_of_no_ring_is_told_so(void **state)
{
    (void)state;
    struct process *actor = start_actor();
    struct reply reply = expect(actor, MAPRING_ERROR_NOT_THERE, "consumer %s", new_ring_name());
    check(strstr(reply.text, "no ring") != NULL);
    expect(actor, MAPRING_ERROR_NOT_THERE, "consumer %s", new_path(".ring"));
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(thirty_two_consumers_see_every_record),
    TEST(the_thirty_third_consumer_is_refused),
    TEST(oldest_and_newest_begin_where_they_say),
    TEST(without_a_consumer_everything_is_kept_until_the_first),
    TEST(after_the_last_has_left_nobody_gates),
    TEST(the_slowest_gates_and_nothing_is_lost),
    TEST(a_slow_reader_makes_room_as_it_releases),
    TEST(what_is_held_is_not_overwritten),
    TEST(a_dead_consumer_does_not_block_the_producer),
    TEST(a_consumer_dead_before_does_not_block_even_a_try),
    TEST(a_paused_consumer_still_gates),
    TEST(a_store_of_a_consumer_into_the_data_crashes_it),
    TEST(stat_shows_the_consumers_by_name),
    TEST(a_consumers_name_has_a_limit),
    TEST(consumers_join_and_leave_a_running_producer),
    TEST(a_consumer_of_no_ring_is_told_so),
};
TEST_MAIN(roles, tests)
