/* SPDX-License-Identifier: MIT */
/* Observers need only read permission, take no cell, hold up nobody, and report exactly what they
 * missed. */
#include "actor.h"

#include <inttypes.h>

enum { SMALL = 65536, MANY = 48 };

static const struct mapring_options policies[] = {
    {.capacity_bytes = SMALL, .when_full = MAPRING_BLOCK},
    {.capacity_bytes = SMALL, .when_full = MAPRING_DROP},
    {.capacity_bytes = SMALL, .when_full = MAPRING_OVERWRITE},
};
static const struct mapring_options small = {.capacity_bytes = SMALL};
static const struct mapring_options overwriting = {.capacity_bytes = SMALL,
                                                   .when_full = MAPRING_OVERWRITE};

static struct process *start_observer(const char *name, const char *how)
{
    struct process *actor = start_actor();
    expect(actor, MAPRING_OK, "observer %s %s", name, how);
    return actor;
}

static struct reply expect_seen(struct process *observer, uint64_t sequence, uint64_t count)
{
    struct reply reply = expect(observer, MAPRING_OK, "follow %" PRIu64 " 10000", count);
    check_number(count, reply.count);
    check_number(sequence + count - 1, reply.sequence);
    return reply;
}

static void an_observer_sees_every_record(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        const char *name = new_ring(&policies[i]);
        struct process *writer = start_producer(name), *observer = start_observer(name, "oldest");
        for (uint64_t sent = 0; sent < 60; sent += 20) {
            expect(writer, MAPRING_OK, "send 20 %d", (int)sent * 10);
            expect_seen(observer, sent, 20);
            expect(observer, MAPRING_NOTHING, "look");
        }
    }
}

static void an_observer_takes_no_cell_and_holds_up_nobody(void **state)
{
    (void)state;
    const char *name = new_ring(&overwriting);
    struct process *writer = start_producer(name), *observer = start_observer(name, "oldest");
    expect(writer, MAPRING_OK, "send 10 1000");
    process_pause(observer);
    expect(writer, MAPRING_OK, "send 1000 1000");
    check_number(0, stat_of(name).consumers);
    process_resume(observer);
    expect(writer, MAPRING_TIMED_OUT, "wait 1 20");
}

static void beside_a_consumer_only_the_consumer_gates(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest"),
                   *observer = start_observer(name, "oldest");
    for (uint64_t i = 0; i < 300; i += 30) {
        expect(writer, MAPRING_OK, "send 30 1000");
        expect_records(reader, i, 30);
        expect(reader, MAPRING_NOTHING, "next");
    }
    struct reply reply = expect(observer, MAPRING_NOTHING, "follow 10000");
    check_number(0, reply.lost_from);
    check(reply.lost > 200);
    check_number(300, reply.lost + reply.count);
    expect(writer, MAPRING_OK, "drain");
}

static void there_may_be_more_of_them_than_cells(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *observers[MANY];
    for (int i = 0; i < MANY; i++)
        observers[i] = start_observer(name, "oldest");
    expect(writer, MAPRING_OK, "send 100 100");
    for (int i = 0; i < MANY; i++)
        tell(observers[i], "follow 100 10000");
    for (int i = 0; i < MANY; i++) {
        struct reply reply = answer(observers[i]);
        check_result(MAPRING_OK, reply.result);
        check(reply.intact && reply.count == 100);
    }
}

static void an_observer_of_no_ring_is_told_so(void **state)
{
    (void)state;
    mapring_observer *observer;
    check_result(MAPRING_ERROR_NOT_THERE, mapring_observer_open(&observer, new_ring_name(), NULL));
    check(observer == NULL);
    check_result(MAPRING_ERROR_NOT_THERE,
                 mapring_observer_open(&observer, new_path(".ring"), NULL));
}

/* ---- Where an observer begins, and where it continues ---- */

static void oldest_and_newest_begin_where_they_say(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    expect(writer, MAPRING_OK, "send 30 1000");
    struct process *oldest = start_observer(name, "oldest"),
                   *newest = start_observer(name, "newest");
    expect(newest, MAPRING_NOTHING, "look");
    expect(writer, MAPRING_OK, "send 10 1000");
    expect_seen(oldest, 0, 40);
    expect_seen(newest, 30, 10);
}

static void a_lap_is_told_with_first_number_and_count(void **state)
{
    (void)state;
    for (unsigned bytes = 20; bytes < 30000; bytes *= 5) {
        const char *name = new_ring(&overwriting);
        struct process *writer = start_producer(name), *observer = start_observer(name, "oldest");
        expect(writer, MAPRING_OK, "send 3 %u", bytes);
        expect_seen(observer, 0, 2);
        uint64_t sent = 3 + 5 * SMALL / (bytes + 8);
        expect(writer, MAPRING_OK, "send %" PRIu64 " %u", sent - 3, bytes);
        struct reply reply = expect(observer, MAPRING_LOST, "look");
        check_number(2, reply.lost_from);
        uint64_t lost = reply.lost;
        reply = expect(observer, MAPRING_NOTHING, "follow 100000");
        check_number(sent, 2 + lost + reply.count);
        check_number(sent - 1, reply.sequence);
        /* most of the ring is kept */
        check(bytes > 3000 || reply.count * (bytes + 24) > SMALL / 2);
    }
}

static void after_a_lap_it_may_go_on_at_the_newest(void **state)
{
    (void)state;
    const char *name = new_ring(&overwriting);
    struct process *writer = start_producer(name),
                   *observer = start_observer(name, "oldest newest");
    expect(writer, MAPRING_OK, "send 10 100");
    expect_seen(observer, 0, 10);
    expect(writer, MAPRING_OK, "send 5000 100");
    uint64_t lost = expect(observer, MAPRING_LOST, "look").lost;
    struct reply reply = expect(observer, MAPRING_NOTHING, "follow 10000");
    check_number(5000, lost + reply.count);
    check(reply.count * 112 <= 2 * SMALL / 16);
}

static void from_anywhere_else_is_refused(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    const struct mapring_observer_options wrong[] = {
        {.from = MAPRING_AT_SEQUENCE},
        {.from = (enum mapring_from) - 1},
        {.after_lap = MAPRING_AT_SEQUENCE},
        {.after_lap = (enum mapring_from)9},
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        mapring_observer *observer;
        check_result(MAPRING_ERROR_ARGUMENT, mapring_observer_open(&observer, name, &wrong[i]));
    }
    mapring_observer *observer;
    struct mapring_record record;
    char buffer[8];
    check_result(MAPRING_ERROR_ARGUMENT, mapring_observer_open(NULL, name, NULL));
    check_result(MAPRING_OK, mapring_observer_open(&observer, name, NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_observer_next(observer, NULL, 0));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_observer_next(NULL, &record, 0));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_observer_receive(observer, NULL, 8, &record, 0));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_observer_receive(observer, buffer, 8, NULL, 0));
    check(!mapring_observer_is_valid(NULL));
    mapring_observer_close(observer);
    mapring_observer_close(NULL);
}

/* ---- In place ---- */

static void a_record_in_place_is_valid_until_it_is_overwritten(void **state)
{
    (void)state;
    const char *name = new_ring(&overwriting);
    struct process *writer = start_producer(name);
    mapring_observer *observer;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_observer_open(&observer, name, NULL));
    expect(writer, MAPRING_OK, "send 5 1000");
    check_result(MAPRING_OK, mapring_observer_next(observer, &record, 0));
    check(record_is_intact(record.payload, record.bytes, 0));
    check(mapring_observer_is_valid(observer));
    expect(writer, MAPRING_OK, "send 20 1000");
    check(record_is_intact(record.payload, record.bytes, 0));
    check(mapring_observer_is_valid(observer));
    expect(writer, MAPRING_OK, "send 60 1000");
    check(!mapring_observer_is_valid(observer));
    check_result(MAPRING_LOST, mapring_observer_next(observer, &record, 0));
    check_number(1, record.sequence);
    uint64_t next = 1 + record.lost_records;
    check_result(MAPRING_OK, mapring_observer_next(observer, &record, 0));
    check_number(next, record.sequence);
    check(record_is_intact(record.payload, record.bytes, next));
    check(mapring_observer_is_valid(observer));
    mapring_observer_close(observer);
}

/* A record that is reported as valid was valid. */
static void beside_a_running_producer_valid_is_valid(void **state)
{
    (void)state;
    const char *name = new_ring(&overwriting);
    struct process *writer = start_producer(name);
    mapring_observer *observer;
    struct mapring_record record;
    uint64_t valid = 0, seen = 0, lost = 0;
    check_result(MAPRING_OK, mapring_observer_open(&observer, name, NULL));
    tell(writer, "send 200000 200");
    while (seen + lost < 200000) {
        int result = mapring_observer_next(observer, &record, TIME_LIMIT);
        if (result == MAPRING_LOST) {
            lost += record.lost_records;
            continue;
        }
        check_result(MAPRING_OK, result);
        seen++;
        bool intact = record_is_intact(record.payload, record.bytes, record.sequence);
        bool is_valid = mapring_observer_is_valid(observer);
        check(intact || !is_valid);
        valid += is_valid;
    }
    check_result(MAPRING_OK, answer(writer).result);
    print_message("%" PRIu64 " seen, %" PRIu64 " of them valid, %" PRIu64 " lost\n", seen, valid,
                  lost);
    mapring_observer_close(observer);
}

static void a_buffer_that_is_too_small_keeps_the_record(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    mapring_observer *observer;
    struct mapring_record record;
    char buffer[100];
    check_result(MAPRING_OK, mapring_observer_open(&observer, name, NULL));
    expect(writer, MAPRING_OK, "send 2 100");
    for (int i = 0; i < 3; i++) {
        check_result(MAPRING_ERROR_BUFFER_TOO_SMALL,
                     mapring_observer_receive(observer, buffer, 99, &record, 0));
        check_number(100, record.bytes);
    }
    check_result(MAPRING_OK, mapring_observer_receive(observer, buffer, 100, &record, 0));
    check_number(0, record.sequence);
    check(record.payload == buffer && record_is_intact(buffer, 100, 0));
    check_result(MAPRING_ERROR_BUFFER_TOO_SMALL,
                 mapring_observer_receive(observer, NULL, 0, &record, 0));
    check_result(MAPRING_OK, mapring_observer_receive(observer, buffer, 100, &record, 0));
    expect(writer, MAPRING_OK, "send 1 0");
    check_result(MAPRING_OK, mapring_observer_receive(observer, NULL, 0, &record, 0));
    check_number(2, record.sequence);
    mapring_observer_close(observer);
}

/* ---- Waiting, and the end ---- */

static void an_observer_waits_for_a_record(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *observer = start_observer(name, "oldest");
    tell(observer, "follow 50 10000");
    for (int i = 0; i < 50; i++)
        expect(writer, MAPRING_OK, "send 1 100");
    struct reply reply = answer(observer);
    check_result(MAPRING_OK, reply.result);
    check(reply.intact);
    tell(observer, "look forever");
    expect(writer, MAPRING_OK, "send 1 100");
    check_result(MAPRING_OK, answer(observer).result);
}

static void an_observer_keeps_its_time_limit(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    start_producer(name);
    struct process *observer = start_observer(name, "oldest");
    static const int limits[] = {1, 20, 150};
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        struct reply reply = expect(observer, MAPRING_TIMED_OUT, "look %d", limits[i]);
        check(reply.took_ns >= limits[i] * MILLISECONDS);
        check(reply.took_ns < limits[i] * MILLISECONDS + 2 * SECONDS);
    }
}

static void an_observer_is_told_that_the_producer_closed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        const char *name = new_ring(&policies[i]);
        struct process *writer = start_producer(name), *observer = start_observer(name, "oldest"),
                       *waiting = start_observer(name, "newest");
        tell(waiting, "look 10000");
        expect(writer, MAPRING_OK, "reserve 100");
        expect(writer, MAPRING_OK, "close");
        check_result(MAPRING_PRODUCER_CLOSED, answer(waiting).result);
        expect(writer, MAPRING_OK, "producer %s", name);
        expect(writer, MAPRING_OK, "send 10 100");
        expect(writer, MAPRING_OK, "close");
        expect_seen(observer, 0, 10);
        expect(observer, MAPRING_PRODUCER_CLOSED, "look");
        expect(observer, MAPRING_TIMED_OUT, "look 10");
        expect(writer, MAPRING_OK, "producer %s", name);
        expect(writer, MAPRING_OK, "send 10 100");
        expect_seen(observer, 10, 10);
    }
}

static void an_observer_is_told_that_the_producer_died(void **state)
{
    (void)state;
    const char *name = new_ring(&overwriting);
    struct process *writer = start_producer(name), *observer = start_observer(name, "oldest"),
                   *waiting = start_observer(name, "newest");
    expect(writer, MAPRING_OK, "send 10 100");
    expect(waiting, MAPRING_OK, "follow 10 10000");
    tell(waiting, "look forever");
    process_kill(writer);
    struct reply reply = answer(waiting);
    check_result(MAPRING_PRODUCER_DIED, reply.result);
    expect_seen(observer, 0, 10);
    expect(observer, MAPRING_PRODUCER_DIED, "look 10000");
    writer = start_producer(name);
    expect(writer, MAPRING_OK, "send 3 10");
    expect_seen(observer, 10, 3);
}

static void a_lapped_observer_is_told_before_the_end(void **state)
{
    (void)state;
    const char *name = new_ring(&overwriting);
    struct process *writer = start_producer(name), *observer = start_observer(name, "oldest");
    expect(writer, MAPRING_OK, "send 1000 1000");
    expect(writer, MAPRING_OK, "close");
    struct reply reply = expect(observer, MAPRING_PRODUCER_CLOSED, "follow 10000");
    check_number(1000, reply.lost + reply.count);
    check(reply.lost > 900 && reply.count > 30);
}

/* ---- Permission ---- */

static void expect_crash(struct process *actor, const char *what)
{
    tell(actor, "poke %s", what);
    check(process_line(actor) == NULL);
    check_number(PROCESS_CRASHED, process_wait(actor).fate);
}

static void a_store_of_an_observer_anywhere_crashes_it(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    expect(writer, MAPRING_OK, "send 1 100");
    expect_crash(start_observer(name, "oldest"), "slot");
    expect_crash(start_observer(name, "oldest"), "header");
    expect_crash(start_observer(name, "oldest"), "cell");
    expect_seen(start_observer(name, "oldest"), 0, 1);
}

static void an_observer_leaves_the_file_as_it_is(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    struct process *writer = start_producer(path);
    size_t before_bytes, after_bytes;
    expect(writer, MAPRING_OK, "send 20 100");
    process_kill(writer);
    char *before = read_file(path, &before_bytes);
    struct process *observer = start_observer(path, "oldest");
    expect_seen(observer, 0, 20);
    expect(observer, MAPRING_PRODUCER_DIED, "look 5000");
    expect(observer, MAPRING_OK, "close");
    char *after = read_file(path, &after_bytes);
    check_number(before_bytes, after_bytes);
    check(memcmp(before, after, before_bytes) == 0);
    free(before);
    free(after);
}

static void a_file_that_may_only_be_read_can_be_observed(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    struct process *writer = start_producer(path);
    expect(writer, MAPRING_OK, "send 20 100");
    expect(writer, MAPRING_OK, "close");
    check(os_make_read_only(path));
    struct process *observer = start_actor();
    tell(observer, "drop");
    answer(observer);
    if (os_names_outlive_handles()) /* Wine lets root write to such a file */
        expect(observer, MAPRING_ERROR_PERMISSION, "consumer %s", path);
    expect(observer, MAPRING_OK, "observer %s", path);
    expect_seen(observer, 0, 20);
    expect(observer, MAPRING_PRODUCER_CLOSED, "look 100");
}

/* The ring is in the global scope, and its mode lets others read it. */
static void another_user_may_observe_with_read_permission_only(void **state)
{
    (void)state;
    const struct mapring_options readable = {
        .scope = MAPRING_GLOBAL, .capacity_bytes = SMALL, .mode = 0644};
    const struct mapring_options own = {.scope = MAPRING_GLOBAL, .capacity_bytes = SMALL};
    const char *open = new_ring_name(), *closed = new_ring_name();
    mapring_producer *producer;
    mapring_ring *ring;
    if (!os_is_root())
        skip();
    check_result(MAPRING_OK, mapring_producer_open(&producer, open, &readable));
    check_result(MAPRING_OK, mapring_open(&ring, closed, &own));
    struct process *stranger = start_actor();
    expect(stranger, MAPRING_OK, "drop");
    expect(stranger, MAPRING_OK, "observer %s oldest oldest global", open);
    for (uint64_t i = 0; i < 1000; i++) {
        char payload[100];
        record_fill(payload, sizeof payload, i);
        int result = mapring_producer_send(producer, payload, sizeof payload, 0);
        check(result == MAPRING_OK || result == MAPRING_NO_ROOM);
        if (result == MAPRING_NO_ROOM)
            break;
        expect_seen(stranger, i, 1);
    }
    tell(stranger, "look forever");
    mapring_producer_close(producer);
    check_result(MAPRING_PRODUCER_CLOSED, answer(stranger).result);
    expect(stranger, MAPRING_OK, "close");
    expect(stranger, MAPRING_ERROR_PERMISSION, "observer %s oldest oldest global", closed);
    mapring_close(ring);
}

static void damage_is_told_for_good(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    struct process *writer = start_actor();
    expect(writer, MAPRING_OK, "producer %s create %d", path, SMALL);
    expect(writer, MAPRING_OK, "send 10 100");
    const uint64_t word = UINT64_MAX;
    check(os_file_write_at(path, 2 * 65536 + 5 * 112, &word, sizeof word));
    struct process *observer = start_observer(path, "oldest");
    struct reply reply = expect(observer, MAPRING_ERROR_DAMAGED, "follow 10");
    check_number(5, reply.count);
    check(strstr(reply.text, "560") != NULL);
    expect(observer, MAPRING_ERROR_DAMAGED, "look");
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(an_observer_sees_every_record),
    TEST(an_observer_takes_no_cell_and_holds_up_nobody),
    TEST(beside_a_consumer_only_the_consumer_gates),
    TEST(there_may_be_more_of_them_than_cells),
    TEST(an_observer_of_no_ring_is_told_so),
    TEST(oldest_and_newest_begin_where_they_say),
    TEST(a_lap_is_told_with_first_number_and_count),
    TEST(after_a_lap_it_may_go_on_at_the_newest),
    TEST(from_anywhere_else_is_refused),
    TEST(a_record_in_place_is_valid_until_it_is_overwritten),
    TEST(beside_a_running_producer_valid_is_valid),
    TEST(a_buffer_that_is_too_small_keeps_the_record),
    TEST(an_observer_waits_for_a_record),
    TEST(an_observer_keeps_its_time_limit),
    TEST(an_observer_is_told_that_the_producer_closed),
    TEST(an_observer_is_told_that_the_producer_died),
    TEST(a_lapped_observer_is_told_before_the_end),
    TEST(a_store_of_an_observer_anywhere_crashes_it),
    TEST(an_observer_leaves_the_file_as_it_is),
    TEST(a_file_that_may_only_be_read_can_be_observed),
    TEST(another_user_may_observe_with_read_permission_only),
    TEST(damage_is_told_for_good),
};
TEST_MAIN(roles, tests)
