/* SPDX-License-Identifier: MIT */
/* Which ring a thread or a process gets, and what becomes of it. */
#include "lines.h"
#include "open_log.h"

static uint64_t records_of(const char *name)
{
    mapring_ring *ring;
    struct mapring_stat stat;
    if (mapring_open(&ring, name, &(struct mapring_options){.how = MAPRING_ATTACH}) != MAPRING_OK)
        return 0;
    check_result(MAPRING_OK, mapring_stat(ring, &stat));
    mapring_close(ring);
    return stat.records;
}

static int log_three(void *context)
{
    mapring_log *log = context;
    for (int i = 0; i < 3; i++)
        MAPRING_INFO(log, "number %d", i);
    return 0;
}

static void run_thread(mapring_log *log)
{
    check_number(0, os_thread_join(os_thread_start(log_three, log)));
}

static void test_threads_have_rings_of_their_own_and_leave_them(void **state)
{
    (void)state;
    const char *name = new_ring_name(), *second = new_name_below(name, "1");
    const char *third = new_name_below(name, "2");
    struct mapring_log_stat stat;
    mapring_log *log = open_log(name, NULL);
    log_three(log);
    run_thread(log);
    run_thread(log); /* continues the same ring */
    check_number(3, records_of(name));
    check_number(6, records_of(second));
    check_number(0, records_of(third));
    check_result(MAPRING_OK, mapring_log_stat(log, &stat));
    check_number(1, stat.threads);
    mapring_log_close(log);
}

static void test_a_closed_log_is_not_touched_by_its_threads(void **state)
{
    (void)state;
    const char *names[] = {new_path(".ring"), new_path(".ring")};
    for (int i = 0; i < 4; i++) {
        const char *closed = names[i % 2], *open = names[1 - i % 2];
        mapring_log *log = open_log(closed, NULL), *other = open_log(open, NULL);
        log_three(log);
        log_three(other);
        log_three(log);
        mapring_log_close(log);
        uint64_t of_closed = records_of(closed), of_open = records_of(open);
        log_three(other);
        check_number(of_closed, records_of(closed));
        check_number(of_open + 3, records_of(open));
        mapring_log_close(other);
    }
    check(records_of(names[0]) > 0);
}

enum { MANY = 40 };

static void test_many_threads_at_once(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_log *log = open_log(
        name, &(struct mapring_log_options){.ring = {.capacity_bytes = 65536, .dictionary_bytes = 1}});
    struct os_thread *threads[MANY];
    uint64_t records = records_of(name);
    for (int i = 0; i < MANY; i++)
        threads[i] = os_thread_start(log_three, log);
    for (int i = 0; i < MANY; i++)
        check_number(0, os_thread_join(threads[i]));
    for (int i = 0; i < MANY; i++) {
        char below[160];
        snprintf(below, sizeof below, i ? "%s.%d" : "%s", name, i);
        records += records_of(below);
    }
    check_number(3 * MANY, records);
    mapring_log_close(log);
}

static void test_threads_can_share_one_ring(void **state)
{
    (void)state;
    const char *name = new_ring_name(), *second = new_name_below(name, "1");
    mapring_log *log = open_log(name, &(struct mapring_log_options){.shared = true});
    struct os_thread *threads[MANY];
    for (int i = 0; i < MANY; i++)
        threads[i] = os_thread_start(log_three, log);
    for (int i = 0; i < MANY; i++)
        check_number(0, os_thread_join(threads[i]));
    check_result(MAPRING_OK, mapring_log_name_thread(log, "shares"));
    log_three(log);
    check_number(3 * MANY + 3, records_of(name));
    check_number(0, records_of(second));
    struct lines lines;
    lines_open(&lines, name);
    for (int i = 0; i < 3 * MANY + 3; i++)
        check(lines_next(&lines) != NULL);
    check_text("shares", lines.last.thread_name);
    lines_close(&lines);
    mapring_log_close(log);
}

static int role_logger(int argc, char **argv)
{
    check(argc == 1);
    mapring_log *log = open_log(argv[0], NULL);
    log_three(log);
    role_say("logged");
    role_hear("end");
    mapring_log_close(log);
    return 0;
}

static void test_processes_have_rings_of_their_own_and_continue_those_of_the_dead(void **state)
{
    (void)state;
    const char *name = new_ring_name(), *second = new_name_below(name, "1");
    mapring_ring *kept;
    mapring_log *log = open_log(name, NULL);
    log_three(log);
    struct process *first = start_role("logger", name, NULL);
    process_hear(first, "logged");
    check_number(3, records_of(second));
    check_result(MAPRING_OK, mapring_open(&kept, second, NULL));
    process_kill(first);
    struct process *again = start_role("logger", name, NULL);
    process_hear(again, "logged");
    check_number(6, records_of(second));
    process_say(again, "end");
    process_finish(again);
    check_number(3, records_of(name));
    mapring_close(kept);
    mapring_log_close(log);
}

static void test_a_ring_below_the_name_that_is_no_log_is_passed_over(void **state)
{
    (void)state;
    const char *name = new_ring_name(), *strange = new_name_below(name, "1");
    const char *next = new_name_below(name, "2");
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, strange, NULL));
    mapring_log *log = open_log(name, NULL);
    log_three(log);
    run_thread(log);
    check_number(3, records_of(next));
    check_number(0, records_of(strange));
    mapring_log_close(log);
    mapring_close(ring);
}

static const struct CMUnitTest tests[] = {
    TEST(test_threads_have_rings_of_their_own_and_leave_them),
    TEST(test_a_closed_log_is_not_touched_by_its_threads),
    TEST(test_many_threads_at_once),
    TEST(test_threads_can_share_one_ring),
    TEST(test_processes_have_rings_of_their_own_and_continue_those_of_the_dead),
    TEST(test_a_ring_below_the_name_that_is_no_log_is_passed_over),
};

static const struct role roles[] = {{"logger", role_logger}};

TEST_MAIN(roles, tests)
