/* SPDX-License-Identifier: MIT */
/* While the producer waits for room, everybody can see for whom and since when; later, how often
 * and how long it has waited for each consumer. */
#include "actor.h"

#include "layout.h"
#include "platform.h"

enum { SMALL = 65536, MORE_THAN_FITS = 100 };

static const struct mapring_options small = {.capacity_bytes = SMALL};

static bool waits_for(const char *name, int cell)
{
    struct mapring_stat stat = stat_of(name);
    return stat.producer_waits && stat.blocking_cell == cell;
}

static void check_no_wait(const struct mapring_stat *stat)
{
    check(!stat->producer_waits);
    check_number(-1, stat->blocking_cell);
    check_number(0, stat->blocked_since_ns);
}

/* Sends more than fits until the producer waits. */
static struct process *blocked_producer(const char *name)
{
    struct process *writer = start_producer(name);
    tell(writer, "send %d 1000 forever", MORE_THAN_FITS);
    check_soon(stat_of(name).producer_waits);
    return writer;
}

static void a_stopped_reader_is_to_blame(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *reader = start_consumer(name, "oldest"),
                   *other = start_consumer(name, "oldest");
    process_pause(reader);
    uint64_t before = platform_wall_clock_ns();
    struct process *writer = blocked_producer(name);
    struct mapring_stat stat = stat_of(name);
    check_number(0, stat.blocking_cell);
    check(stat.blocked_since_ns > before - SECONDS);
    check(stat.blocked_since_ns <= platform_wall_clock_ns());
    check_number(0, stat.blocked_count);
    expect(other, MAPRING_NOTHING, "read 9999");
    check(waits_for(name, 0));
    process_resume(reader);
    tell(other, "read 9999 forever");
    expect(reader, MAPRING_OK, "read %d forever", MORE_THAN_FITS);
    check_result(MAPRING_OK, answer(writer).result);
    stat = stat_of(name);
    check_no_wait(&stat);
    const struct mapring_consumer_stat *consumer = &stat.consumer[0];
    check(consumer->blocked_count > 0 && consumer->blocked_ns > 0);
    check(consumer->blocked_longest_ns > 0 && consumer->blocked_longest_ns <= consumer->blocked_ns);
    check(stat.blocked_ns >= consumer->blocked_ns);
    check(stat.blocked_count >= consumer->blocked_count);
}

static void each_consumer_is_blamed_for_its_part(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *readers[] = {start_consumer(name, "oldest"), start_consumer(name, "oldest")};
    struct process *writer = blocked_producer(name);
    check(waits_for(name, 0));
    expect(readers[0], MAPRING_NOTHING, "read 9999");
    check_soon(waits_for(name, 1));
    struct mapring_stat stat = stat_of(name);
    check_number(1, stat.consumer[0].blocked_count);
    check_number(0, stat.consumer[1].blocked_count);
    check_number(stat.blocked_ns, stat.consumer[0].blocked_ns);
    tell(readers[0], "read 9999 forever");
    expect(readers[1], MAPRING_OK, "read %d forever", MORE_THAN_FITS);
    check_result(MAPRING_OK, answer(writer).result);
    stat = stat_of(name);
    check(stat.consumer[1].blocked_count > 0);
    check_number(stat.blocked_ns, stat.consumer[0].blocked_ns + stat.consumer[1].blocked_ns);
}

static void before_the_first_consumer_nobody_is_to_blame(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = blocked_producer(name);
    check(waits_for(name, -1));
    struct process *reader = start_consumer(name, "oldest");
    check_soon(waits_for(name, 0));
    struct mapring_stat stat = stat_of(name);
    check_number(1, stat.blocked_count);
    check(stat.blocked_ns > 0);
    check_number(0, stat.consumer[0].blocked_count);
    expect(reader, MAPRING_OK, "read %d forever", MORE_THAN_FITS);
    check_result(MAPRING_OK, answer(writer).result);
    check(stat_of(name).consumer[0].blocked_count > 0);
}

static void a_wait_that_times_out_is_over(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    start_consumer(name, "oldest");
    expect(writer, MAPRING_TIMED_OUT, "send %d 1000 50", MORE_THAN_FITS);
    struct mapring_stat stat = stat_of(name);
    check_no_wait(&stat);
    check_number(1, stat.consumer[0].blocked_count);
    check(stat.consumer[0].blocked_ns > 20 * MILLISECONDS);
    check_number(stat.consumer[0].blocked_ns, stat.consumer[0].blocked_longest_ns);
}

/* As a command waits that wants to notice signals in between. */
static void waits_for_one_place_are_one_wait(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_TIMED_OUT, "send %d 1000 1", MORE_THAN_FITS);
    uint64_t began = platform_wall_clock_ns(), waited_ns = stat_of(name).blocked_ns;
    expect(writer, MAPRING_TIMED_OUT, "batch 30 1000 1");
    tell(writer, "reserve 3000 forever");
    check_soon(waits_for(name, 0));
    struct mapring_stat stat = stat_of(name);
    check(stat.blocked_since_ns <= began);
    check(stat.blocked_ns > waited_ns);
    check_number(1, stat.consumer[0].blocked_count);
    expect(reader, MAPRING_NOTHING, "read 9999");
    check_result(MAPRING_OK, answer(writer).result);
    stat = stat_of(name);
    check_number(1, stat.consumer[0].blocked_count);
    check_number(stat.consumer[0].blocked_ns, stat.consumer[0].blocked_longest_ns);
    expect(writer, MAPRING_OK, "commit 3000");
    expect(writer, MAPRING_TIMED_OUT, "send %d 1000 1", MORE_THAN_FITS);
    stat = stat_of(name);
    check_number(2, stat.consumer[0].blocked_count);
    check(stat.consumer[0].blocked_ns > stat.consumer[0].blocked_longest_ns);
}

static void who_does_not_wait_blames_nobody(void **state)
{
    (void)state;
    static const enum mapring_when_full policies[] = {MAPRING_BLOCK, MAPRING_DROP};
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        const char *name =
            new_ring(&(struct mapring_options){.capacity_bytes = SMALL, .when_full = policies[i]});
        struct process *writer = start_producer(name);
        start_consumer(name, "oldest");
        expect(writer, policies[i] == MAPRING_DROP ? MAPRING_DROPPED : MAPRING_NO_ROOM,
               "send %d 1000", MORE_THAN_FITS);
        struct mapring_stat stat = stat_of(name);
        check_no_wait(&stat);
        check_number(0, stat.blocked_count);
    }
}

static void a_dead_producer_waits_no_longer(void **state)
{
    (void)state;
    const char *path = new_ring_file(&small);
    start_consumer(path, "oldest");
    process_kill(blocked_producer(path));
    struct mapring_stat stat = stat_of(path);
    check_number(MAPRING_PRODUCER_HAS_DIED, stat.producer_state);
    check_no_wait(&stat);
    start_producer(path);
    struct ring_header *header = header_read(path);
    check_number(0, load_relaxed(&header->waits_for));
    check_number(0, load_relaxed(&header->waits_since_ns));
    free(header);
    stat = stat_of(path);
    check_no_wait(&stat);
}

static void a_new_consumer_of_the_cell_inherits_the_blame(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_TIMED_OUT, "send %d 1000 1", MORE_THAN_FITS);
    expect(reader, MAPRING_OK, "close");
    check_number(1, stat_of(name).blocked_count);
    expect(reader, MAPRING_OK, "consumer %s", name);
    check_number(1, stat_of(name).consumer[0].blocked_count);
}

static bool is_ready(mapring_handle handle)
{
    return os_wait_for_any(&handle, 1, TIME_LIMIT) == 0;
}

static mapring_producer *full_producer(const char *name, mapring_handle *handle)
{
    mapring_producer *producer;
    void *payload;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_OK, mapring_producer_wait_handle(producer, handle));
    while (mapring_producer_reserve(producer, 0, &payload, 0) == MAPRING_OK)
        check_result(MAPRING_OK, mapring_producer_commit(producer, 0));
    return producer;
}

static void a_producer_in_an_event_loop_waits_while_it_is_armed(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *reader = start_consumer(name, "oldest");
    mapring_handle handle;
    mapring_producer *producer = full_producer(name, &handle);
    struct mapring_stat stat = stat_of(name);
    check_no_wait(&stat);
    check_result(MAPRING_NOTHING, mapring_producer_arm(producer, 100));
    check_soon(waits_for(name, 0));
    check_result(MAPRING_TIMED_OUT, mapring_producer_send(producer, "", 1, MILLISECONDS));
    check_soon(stat_of(name).blocked_count == 1 && waits_for(name, 0));
    expect(reader, MAPRING_NOTHING, "read 9999");
    check(is_ready(handle));
    stat = stat_of(name);
    check_no_wait(&stat);
    check_number(1, stat.consumer[0].blocked_count);
    check_result(MAPRING_OK, mapring_producer_arm(producer, 100));
    check_number(1, stat_of(name).blocked_count);
    mapring_producer_close(producer);
}

static void poke_wait(const char *path, uint32_t waits_for, uint64_t since_ns)
{
    check(os_file_write_at(path, offsetof(struct ring_header, waits_for), &waits_for,
                           sizeof waits_for));
    check(os_file_write_at(path, offsetof(struct ring_header, waits_since_ns), &since_ns,
                           sizeof since_ns));
}

static void nonsense_about_waits_blames_nobody(void **state)
{
    (void)state;
    const char *path = new_ring_file(&small);
    start_producer(path);
    static const uint32_t numbers[] = {CELL_COUNT + 1, CELL_COUNT + 2, 1000, UINT32_MAX};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        poke_wait(path, numbers[i], UINT64_MAX);
        struct mapring_stat stat = stat_of(path);
        check(stat.producer_waits);
        check_number(-1, stat.blocking_cell);
    }
    poke_wait(path, 1, 0);
    struct mapring_stat stat = stat_of(path);
    check_no_wait(&stat);
    poke_wait(path, 0, 1);
    stat = stat_of(path);
    check_no_wait(&stat);
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(a_stopped_reader_is_to_blame),
    TEST(each_consumer_is_blamed_for_its_part),
    TEST(before_the_first_consumer_nobody_is_to_blame),
    TEST(a_wait_that_times_out_is_over),
    TEST(waits_for_one_place_are_one_wait),
    TEST(who_does_not_wait_blames_nobody),
    TEST(a_dead_producer_waits_no_longer),
    TEST(a_new_consumer_of_the_cell_inherits_the_blame),
    TEST(a_producer_in_an_event_loop_waits_while_it_is_armed),
    TEST(nonsense_about_waits_blames_nobody),
};
TEST_MAIN(roles, tests)
