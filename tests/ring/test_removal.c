/* SPDX-License-Identifier: MIT */
/* A ring whose name is taken away: nobody stays for long in a ring that nobody finds, and nobody
 * joins one that is being removed. */
#include "actor.h"
#include "platform.h"

enum { ROUNDS = 100 };

static const struct mapring_options small = {.capacity_bytes = 65536};
static const struct mapring_options attach = {.how = MAPRING_ATTACH};

/* Kind 0 is a ring in a file; the other kind is a named ring, where these can be removed. */
static const char *ring_of_kind(unsigned kind)
{
    return kind == 0 ? new_ring_file(&small) : new_ring(&small);
}

#define for_each_removable(name)                                                  \
    for (unsigned kind = 0; kind <= (unsigned)os_names_outlive_handles(); kind++) \
        for (const char *name = ring_of_kind(kind); name; name = NULL)

static void remove_by_force(const char *name)
{
    check_result(MAPRING_OK, mapring_remove(name, MAPRING_LOCAL, true));
}

/* Removes the ring's name as other programs do, which leave no word in the ring. False: impossible
 * here. */
static bool remove_silently(const char *path)
{
    return os_names_outlive_handles() && remove(path) == 0;
}

static void check_told_soon(struct process *actor)
{
    struct reply reply = answer(actor);
    check_result(MAPRING_REMOVED, reply.result);
    check(reply.took_ns < 20 * SECONDS);
}

static void a_waiting_consumer_is_told_for_good(void **state)
{
    (void)state;
    for_each_removable(name)
    {
        struct process *reader = start_consumer(name, "oldest");
        tell(reader, "next forever");
        await_sleeping_consumer(name, 0);
        remove_by_force(name);
        check_told_soon(reader);
        expect(reader, MAPRING_REMOVED, "next");
        expect(reader, MAPRING_REMOVED, "receive 1000");
        expect(reader, MAPRING_REMOVED, "next forever");
        expect(reader, MAPRING_REMOVED, "wait_producer forever");
    }
}

static void what_is_there_is_read_before(void **state)
{
    (void)state;
    for_each_removable(name)
    {
        struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
        struct process *looker = start_actor();
        expect(looker, MAPRING_OK, "observer %s", name);
        expect(writer, MAPRING_OK, "send 3 10");
        remove_by_force(name);
        expect_records(reader, 0, 3);
        expect(reader, MAPRING_REMOVED, "next");
        for (int i = 0; i < 3; i++)
            expect(looker, MAPRING_OK, "look");
        expect(looker, MAPRING_REMOVED, "look");
        expect(looker, MAPRING_REMOVED, "look forever");
    }
}

static void a_waiting_observer_is_told(void **state)
{
    (void)state;
    for_each_removable(name)
    {
        struct process *looker = start_actor();
        expect(looker, MAPRING_OK, "observer %s", name);
        tell(looker, "look forever");
        remove_by_force(name);
        check_told_soon(looker);
    }
}

/* Its next commit takes the slow path, although there is always room. */
static void a_producer_is_told_at_its_second_record(void **state)
{
    (void)state;
    for_each_removable(name)
    {
        struct process *writer = start_producer(name);
        expect(writer, MAPRING_OK, "send 3 10");
        remove_by_force(name);
        expect(writer, MAPRING_OK, "send 1 10");
        expect(writer, MAPRING_REMOVED, "send 1 10");
        expect(writer, MAPRING_REMOVED, "batch 2 10");
        expect(writer, MAPRING_REMOVED, "reserve 10");
        expect(writer, MAPRING_REMOVED, "drain");
        expect(writer, MAPRING_REMOVED, "wait 1 forever");
    }
}

static void what_is_reserved_can_be_committed(void **state)
{
    (void)state;
    for_each_removable(name)
    {
        struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
        expect(writer, MAPRING_OK, "reserve 10");
        remove_by_force(name);
        expect(writer, MAPRING_REMOVED, "drain");
        expect(writer, MAPRING_OK, "commit 10");
        expect_records(reader, 0, 1);
        expect(reader, MAPRING_REMOVED, "next");
    }
}

static void a_producer_that_waits_is_told(void **state)
{
    (void)state;
    static const char *const waits[] = {"send 1 1000 forever", "batch 2 1000 forever",
                                        "drain forever", "wait 2 forever"};
    for_each_removable(unused)
    {
        mapring_remove(unused, MAPRING_LOCAL, false);
        for (size_t i = 0; i < COUNT_OF(waits); i++) {
            const char *name = ring_of_kind(kind);
            struct process *writer = start_producer(name);
            start_consumer(name, "oldest");
            expect(writer, MAPRING_NO_ROOM, "send 1000 1000");
            tell(writer, "%s", waits[i]);
            await_sleeping_producer(name);
            remove_by_force(name);
            check_told_soon(writer);
        }
    }
}

static void a_producer_that_drops_is_told(void **state)
{
    (void)state;
    const struct mapring_options dropping = {.capacity_bytes = 65536, .when_full = MAPRING_DROP};
    const char *path = new_ring_file(&dropping);
    struct process *writer = start_producer(path);
    expect(writer, MAPRING_OK, "send 3 10");
    remove_by_force(path);
    expect(writer, MAPRING_OK, "send 1 10");
    expect(writer, MAPRING_REMOVED, "send 1 10");
}

/* Readers learn of the orderly end of a producer that did not know of the removal. If it knew, they
 * learn of the removal. */
static void a_producer_that_knows_does_not_say_that_it_closed(void **state)
{
    (void)state;
    const char *path = new_ring_file(&small);
    struct process *writer = start_producer(path), *reader = start_consumer(path, "oldest");
    expect(writer, MAPRING_OK, "send 1 10");
    remove_by_force(path);
    expect(writer, MAPRING_OK, "close");
    expect_records(reader, 0, 1);
    expect(reader, MAPRING_REMOVED, "next forever");

    const char *other = new_ring_file(&small);
    struct process *orderly = start_producer(other), *late = start_consumer(other, "oldest");
    expect(orderly, MAPRING_OK, "close");
    remove_by_force(other);
    expect(late, MAPRING_PRODUCER_CLOSED, "next forever");
}

/* As with rm, or when logind cleans up: it can only be found by looking. */
static void a_removal_that_nobody_told_of_is_noticed(void **state)
{
    (void)state;
    const char *path = new_ring_file(&small);
    struct process *writer = start_producer(path), *reader = start_consumer(path, "oldest");
    struct process *looker = start_actor(), *full = NULL;
    expect(looker, MAPRING_OK, "observer %s", path);
    tell(reader, "next forever");
    tell(looker, "look forever");
    const char *other = new_ring_file(&small);
    full = start_producer(other);
    expect(full, MAPRING_NO_ROOM, "send 1000 1000");
    tell(full, "send 1 1000 forever");
    await_sleeping_producer(other);
    if (!remove_silently(path) || !remove_silently(other))
        skip();
    check_told_soon(reader);
    check_told_soon(looker);
    check_told_soon(full);
    tell(writer, "wait 9 forever");
    check_told_soon(writer);
    expect(reader, MAPRING_REMOVED, "next");
    expect(looker, MAPRING_REMOVED, "look");
}

/* A producer that has nothing to wait for finds out when it wakes its readers. */
static void a_producer_can_ask_whether_its_ring_was_removed(void **state)
{
    (void)state;
    const char *path = new_ring_file(&small);
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, path, &attach));
    check_result(MAPRING_OK, mapring_producer_wake(producer));
    if (remove_silently(path)) {
        check_soon(mapring_producer_wake(producer) == MAPRING_REMOVED);
        check_result(MAPRING_REMOVED, mapring_producer_send(producer, "x", 1, 0));
    }
    mapring_producer_close(producer);
}

static void a_consumer_that_gathers_is_told(void **state)
{
    (void)state;
    const char *path = new_ring_file(&small);
    struct process *writer = start_producer(path), *reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest - durable-not 0 60000 600000", path);
    tell(reader, "next forever");
    await_sleeping_consumer(path, 0);
    expect(writer, MAPRING_OK, "send 1 10");
    remove_by_force(path);
    check_result(MAPRING_OK, answer(reader).result);
    expect(reader, MAPRING_OK, "release");
    expect(reader, MAPRING_REMOVED, "next forever");
}

static void a_ring_that_is_moved_is_not_removed(void **state)
{
    (void)state;
    const char *path = new_ring_file(&small), *moved = new_path(".moved");
    mapring_producer *producer;
    mapring_consumer *consumer;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_producer_open(&producer, path, &attach));
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, path, NULL));
    check_number(0, rename(path, moved));
    check_result(MAPRING_TIMED_OUT, mapring_consumer_next(consumer, &record, 600 * MILLISECONDS));
    check_result(MAPRING_OK, mapring_producer_wake(producer));
    check_result(MAPRING_OK, mapring_producer_send(producer, "x", 1, 0));
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

static void a_ring_that_is_replaced_is_removed(void **state)
{
    (void)state;
    const char *path = new_ring_file(&small), *other = new_ring_file(&small);
    mapring_consumer *consumer;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, path, NULL));
    if (rename(other, path) == 0)
        check_result(MAPRING_REMOVED, mapring_consumer_next(consumer, &record, MAPRING_FOREVER));
    else
        check(!os_names_outlive_handles());
    mapring_consumer_close(consumer);
}

static bool is_ready(mapring_handle handle)
{
    return os_wait_for_any(&handle, 1, TIME_LIMIT) == 0;
}

static void fill(mapring_producer *producer)
{
    static const char payload[1000];
    while (mapring_producer_send(producer, payload, sizeof payload, 0) == MAPRING_OK)
        continue;
}

static void check_handles(const char *path, bool (*take_away)(const char *path))
{
    mapring_producer *producer;
    mapring_consumer *consumer;
    mapring_handle room, records;
    check_result(MAPRING_OK,
                 mapring_consumer_open(&consumer, path,
                                       &(struct mapring_consumer_options){.from = MAPRING_NEWEST}));
    check_result(MAPRING_OK, mapring_producer_open(&producer, path, &attach));
    check_result(MAPRING_OK, mapring_consumer_wait_handle(consumer, &records));
    check_result(MAPRING_OK, mapring_producer_wait_handle(producer, &room));
    check_result(MAPRING_NOTHING, mapring_consumer_arm(consumer));
    fill(producer);
    check(is_ready(records));
    check_result(MAPRING_NOTHING, mapring_producer_arm(producer, 1000));
    if (take_away(path)) {
        struct mapring_record record;
        check(is_ready(room));
        check_soon(mapring_producer_arm(producer, 1000) == MAPRING_REMOVED);
        while (mapring_consumer_next(consumer, &record, 0) == MAPRING_OK)
            check_result(MAPRING_OK, mapring_consumer_release(consumer));
        check_result(MAPRING_OK, mapring_consumer_arm(consumer));
        check_result(MAPRING_REMOVED, mapring_consumer_next(consumer, &record, 0));
    }
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

static void check_idle_handle(const char *path, bool (*take_away)(const char *path))
{
    mapring_consumer *consumer;
    mapring_handle records;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, path, NULL));
    check_result(MAPRING_OK, mapring_consumer_wait_handle(consumer, &records));
    check_result(MAPRING_NOTHING, mapring_consumer_arm(consumer));
    if (take_away(path)) {
        struct mapring_record record;
        check(is_ready(records));
        check_result(MAPRING_OK, mapring_consumer_arm(consumer));
        check_result(MAPRING_REMOVED, mapring_consumer_next(consumer, &record, 0));
    }
    mapring_consumer_close(consumer);
}

static bool take_away(const char *path)
{
    remove_by_force(path);
    return true;
}

static void handles_become_ready(void **state)
{
    (void)state;
    check_handles(new_ring_file(&small), take_away);
    check_handles(new_ring_file(&small), remove_silently);
    check_idle_handle(new_ring_file(&small), take_away);
    check_idle_handle(new_ring_file(&small), remove_silently);
}

/* ---- Joining a ring that is being removed ---- */

static uint64_t own_process;

/* The name must lead to the ring that this process is the producer of. */
static void check_is_found(const char *name)
{
    struct mapring_stat stat = stat_of(name);
    check_number(MAPRING_PRODUCER_IS_OPEN, stat.producer_state);
    check_number(own_process, stat.producer_process);
}

static int role_maker(int argc, char **argv)
{
    mapring_producer *producer;
    mapring_consumer *consumer;
    check_number(1, argc);
    own_process = platform_process();
    for (unsigned i = 0; i < ROUNDS; i++) {
        check_result(MAPRING_OK, mapring_producer_open(&producer, argv[0], &small));
        check_is_found(argv[0]);
        check_result(MAPRING_OK, mapring_producer_send(producer, "x", 1, 0));
        check_result(MAPRING_OK, mapring_consumer_open(&consumer, argv[0], NULL));
        mapring_producer_close(producer);
        check_number(1, stat_of(argv[0]).consumers);
        mapring_consumer_close(consumer);
    }
    role_say("done");
    return 0;
}

/* Removes the ring again and again, until it is killed. */
static int role_remover(int argc, char **argv)
{
    check_number(1, argc);
    unsigned removed = 0;
    for (;;) {
        int result = mapring_remove(argv[0], MAPRING_LOCAL, false);
        check(result == MAPRING_OK || result == MAPRING_ERROR_NOT_THERE ||
              result == MAPRING_ERROR_IN_USE);
        if (result == MAPRING_OK && ++removed == 1)
            role_say("removed");
    }
}

/* Skipped where a removed file stays until everybody has closed it: there, repeated attempts to
 * remove it keep it alive. */
static void nobody_is_left_in_a_ring_that_was_removed_meanwhile(void **state)
{
    (void)state;
    if (!os_names_outlive_handles())
        skip();
    for_each_removable(name)
    {
        struct process *removers[] = {start_role("remover", name, NULL),
                                      start_role("remover", name, NULL)};
        process_finish(start_role("maker", name, NULL));
        for (size_t i = 0; i < COUNT_OF(removers); i++)
            process_kill(removers[i]);
        mapring_remove(name, MAPRING_LOCAL, true);
    }
}

/* Creates and removes a ring again and again. */
static int role_creator(int argc, char **argv)
{
    mapring_ring *ring;
    check_number(1, argc);
    role_say("begins");
    for (unsigned round = 1; round > 0; round++) {
        check_result(MAPRING_OK, mapring_open(&ring, argv[0], &small));
        mapring_close(ring);
        check_result(MAPRING_OK, mapring_remove(argv[0], MAPRING_LOCAL, false));
    }
    return 0;
}

/* The file exists before its creator can take a role. */
static void nobody_is_called_dead_who_creates_a_ring(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < 2; kind++) {
        const char *name = kind == 0 ? new_path(".ring") : new_ring_name();
        struct process *creator = start_role("creator", name, NULL);
        process_hear(creator, "begins");
        for (unsigned found = 0; found < ROUNDS;) {
            mapring_ring *ring;
            int result = mapring_open(&ring, name, &attach);
            if (result == MAPRING_OK)
                found++;
            else if (result != MAPRING_ERROR_NOT_THERE ||
                     !strstr(mapring_last_error()->text, "there is no ring"))
                check_failed(__FILE__, __LINE__, "attaching returns %d", result);
            mapring_close(ring);
            if (!os_names_outlive_handles())
                break; /* whoever has it open keeps it from being removed */
        }
        process_kill(creator);
        mapring_remove(name, MAPRING_LOCAL, true);
    }
}

/* The creator holds the ring's first role until the ring is ready. */
static void a_ring_is_not_removed_while_it_is_made(void **state)
{
    (void)state;
    struct ring_name parsed;
    struct platform_object *object;
    const char *path = new_path(".ring");
    check_result(MAPRING_OK, ring_name_parse(&parsed, path, MAPRING_LOCAL));
    check_result(MAPRING_OK, platform_create(&object, &parsed, 0600, now_ns() + SECONDS));
    check_result(MAPRING_ERROR_IN_USE, mapring_remove(path, MAPRING_LOCAL, false));
    check(os_file_size(path) >= 0);
    platform_discard(object);
    platform_detach(object);
    check_number(-1, os_file_size(path));
}

static const struct role roles[] = {
    ACTOR_ROLE, {"maker", role_maker}, {"remover", role_remover}, {"creator", role_creator}};
static const struct CMUnitTest tests[] = {
    TEST(a_waiting_consumer_is_told_for_good),
    TEST(what_is_there_is_read_before),
    TEST(a_waiting_observer_is_told),
    TEST(a_producer_is_told_at_its_second_record),
    TEST(what_is_reserved_can_be_committed),
    TEST(a_producer_that_waits_is_told),
    TEST(a_producer_that_drops_is_told),
    TEST(a_producer_that_knows_does_not_say_that_it_closed),
    TEST(a_removal_that_nobody_told_of_is_noticed),
    TEST(a_producer_can_ask_whether_its_ring_was_removed),
    TEST(a_consumer_that_gathers_is_told),
    TEST(a_ring_that_is_moved_is_not_removed),
    TEST(a_ring_that_is_replaced_is_removed),
    TEST(handles_become_ready),
    TEST(nobody_is_left_in_a_ring_that_was_removed_meanwhile),
    TEST(nobody_is_called_dead_who_creates_a_ring),
    TEST(a_ring_is_not_removed_while_it_is_made),
};
TEST_MAIN(roles, tests)
