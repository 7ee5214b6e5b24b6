/* SPDX-License-Identifier: MIT */
/* Looking at rings, finding them, removing them. */
#include "actor.h"

enum { SMALL = 65536 };

static const struct mapring_options small = {.capacity_bytes = SMALL};

static void stat_tells_the_producers_state(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct mapring_stat stat = stat_of(name);
    check_number(MAPRING_PRODUCER_NEVER, stat.producer_state);
    check_number(0, stat.producer_process);
    struct process *writer = start_producer(name);
    stat = stat_of(name);
    check_number(MAPRING_PRODUCER_IS_OPEN, stat.producer_state);
    check_number(process_id(writer), stat.producer_process);
    expect(writer, MAPRING_OK, "close");
    check_number(MAPRING_PRODUCER_HAS_CLOSED, stat_of(name).producer_state);
    expect(writer, MAPRING_OK, "producer %s", name);
    process_kill(writer);
    check_number(MAPRING_PRODUCER_HAS_DIED, stat_of(name).producer_state);
}

static void stat_counts_records_and_bytes(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    uint64_t records = 0, payload = 0, space = 0;
    for (unsigned bytes = 0; bytes < 3000; bytes += 271) {
        expect(writer, MAPRING_OK, "send 3 %u", bytes);
        records += 3;
        payload += 3 * (uint64_t)bytes;
        space += 3 * ((8 + (uint64_t)bytes + 15) / 16 * 16);
        struct mapring_stat stat = stat_of(name);
        check_number(records, stat.records);
        check_number(payload, stat.payload_bytes);
        check_number(space, stat.tail);
        check(stat.horizon >= stat.tail);
        check_number(records, stat.consumer[0].pending_records);
        check_number(space, stat.consumer[0].pending_bytes);
    }
    expect(reader, MAPRING_NOTHING, "read 9999");
    struct mapring_stat stat = stat_of(name);
    check_number(0, stat.consumer[0].pending_records);
    check_number(0, stat.consumer[0].pending_bytes);
    check_number(stat.tail, stat.consumer[0].head);
}

static void stat_of_a_running_ring_makes_sense(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    tell(writer, "send 100000 50 forever");
    tell(reader, "read 100000 forever");
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    mapring_ring *ring;
    struct mapring_stat stat, before = {0};
    check_result(MAPRING_OK, mapring_open(&ring, name, &attach));
    do {
        check_result(MAPRING_OK, mapring_stat(ring, &stat));
        check(stat.records >= before.records && stat.tail >= before.tail);
        check_number(stat.records * 50, stat.payload_bytes);
        check_number(stat.records * 64, stat.tail);
        check_number(1, stat.consumers);
        check(stat.consumer[0].pending_records <= SMALL / 64);
        before = stat;
    } while (stat.records < 100000);
    check_result(MAPRING_OK, answer(writer).result);
    check_result(MAPRING_OK, answer(reader).result);
    mapring_close(ring);
}

static void a_dead_consumer_is_shown_as_such(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *reader = start_consumer(name, "oldest");
    check(stat_of(name).consumer[0].alive);
    process_kill(reader);
    struct mapring_stat stat = stat_of(name);
    check(stat.consumers == 0 || !stat.consumer[0].alive);
}

static void stat_says_whether_a_consumer_sleeps(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    check(!stat_of(name).consumer[0].asleep);
    tell(reader, "read 1 forever");
    check_soon(stat_of(name).consumer[0].asleep);
    expect(writer, MAPRING_OK, "send 1 1");
    check_result(MAPRING_OK, answer(reader).result);
    check(!stat_of(name).consumer[0].asleep);
    tell(reader, "read 1 forever");
    check_soon(stat_of(name).consumer[0].asleep);
    process_kill(reader);
    struct mapring_stat stat = stat_of(name);
    check(stat.consumers == 0 || !stat.consumer[0].asleep);
}

struct search {
    const char *name;
    unsigned found, calls, limit;
};

static bool look_for(const char *name, void *context)
{
    struct search *search = context;
    search->calls++;
    search->found += strcmp(name, search->name) == 0;
    return search->calls < search->limit;
}

static unsigned times_listed(enum mapring_scope scope, const char *name)
{
    struct search search = {.name = name, .limit = 100000};
    check_result(MAPRING_OK, mapring_list(scope, look_for, &search));
    return search.found;
}

static void the_list_has_every_named_ring_once(void **state)
{
    (void)state;
    const char *first = new_ring(&small), *second = new_ring(&small), *none = new_ring_name();
    start_producer(first);
    check_number(1, times_listed(MAPRING_LOCAL, first));
    check_number(1, times_listed(MAPRING_LOCAL, second));
    check_number(0, times_listed(MAPRING_LOCAL, none));
    check_number(0, times_listed(MAPRING_GLOBAL, first));
    struct search search = {.name = first, .limit = 1};
    check_result(MAPRING_OK, mapring_list(MAPRING_LOCAL, look_for, &search));
    check_number(1, search.calls);
    check_result(MAPRING_ERROR_ARGUMENT, mapring_list(MAPRING_LOCAL, NULL, NULL));
}

static void the_list_of_the_global_scope_is_another(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    const struct mapring_options options = {.scope = MAPRING_GLOBAL, .capacity_bytes = SMALL};
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, name, &options));
    check_number(1, times_listed(MAPRING_GLOBAL, name));
    check_number(0, times_listed(MAPRING_LOCAL, name));
    mapring_close(ring);
}

static const char *unused_ring_file(void)
{
    const char *path = new_path(".ring");
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, path, &small));
    mapring_close(ring);
    return path;
}

static void a_ring_in_use_is_not_removed(void **state)
{
    (void)state;
    const char *path = unused_ring_file();
    struct process *writer = start_producer(path);
    check_result(MAPRING_ERROR_IN_USE, mapring_remove(path, MAPRING_LOCAL, false));
    check(strstr(mapring_last_error()->text, "producer") != NULL);
    struct process *reader = start_consumer(path, "oldest");
    process_kill(writer);
    check_result(MAPRING_ERROR_IN_USE, mapring_remove(path, MAPRING_LOCAL, false));
    check(strstr(mapring_last_error()->text, "consumer") != NULL);
    process_kill(reader);
    check_result(MAPRING_OK, mapring_remove(path, MAPRING_LOCAL, false));
    check_number(-1, os_file_size(path));
    check_result(MAPRING_ERROR_NOT_THERE, mapring_remove(path, MAPRING_LOCAL, false));
    check_result(MAPRING_ERROR_NOT_THERE, mapring_remove(path, MAPRING_LOCAL, true));
}

static void a_named_ring_is_removed_where_the_system_can(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    check_result(MAPRING_ERROR_IN_USE, mapring_remove(name, MAPRING_LOCAL, false));
    if (!os_names_outlive_handles()) {
        check_result(MAPRING_ERROR_IN_USE, mapring_remove(name, MAPRING_LOCAL, true));
        return;
    }
    check_result(MAPRING_OK, mapring_remove(name, MAPRING_LOCAL, true));
    check_number(0, times_listed(MAPRING_LOCAL, name));
    expect(reader, MAPRING_REMOVED, "next");
    struct process *other = start_producer(name);
    expect(other, MAPRING_OK, "send 1 10");
    expect(reader, MAPRING_REMOVED, "next");
    expect(writer, MAPRING_OK, "close");
}

static void a_ring_that_is_not_there_cannot_be_removed(void **state)
{
    (void)state;
    check_result(MAPRING_ERROR_NOT_THERE, mapring_remove(new_ring_name(), MAPRING_LOCAL, false));
    check_result(MAPRING_ERROR_NOT_THERE, mapring_remove(new_path("x"), MAPRING_LOCAL, true));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_remove(NULL, MAPRING_LOCAL, true));
}

static void null_arguments_of_stat_are_refused(void **state)
{
    (void)state;
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    mapring_ring *ring;
    struct mapring_stat stat;
    check_result(MAPRING_OK, mapring_open(&ring, new_ring(&small), &attach));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_stat(ring, NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_stat(NULL, &stat));
    mapring_close(ring);
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(stat_tells_the_producers_state),
    TEST(stat_counts_records_and_bytes),
    TEST(stat_of_a_running_ring_makes_sense),
    TEST(a_dead_consumer_is_shown_as_such),
    TEST(stat_says_whether_a_consumer_sleeps),
    TEST(the_list_has_every_named_ring_once),
    TEST(the_list_of_the_global_scope_is_another),
    TEST(a_ring_in_use_is_not_removed),
    TEST(a_named_ring_is_removed_where_the_system_can),
    TEST(a_ring_that_is_not_there_cannot_be_removed),
    TEST(null_arguments_of_stat_are_refused),
};
TEST_MAIN(roles, tests)
