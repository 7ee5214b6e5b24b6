/* SPDX-License-Identifier: MIT */
/* Logs, forked children, signal handlers, and rings that are removed. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../log/lines.h"
#include "../log/plugin.h"
#include "atomic.h"
#include "holdings.h"

#ifdef COVERAGE
void __gcov_dump(void);
#else
#define __gcov_dump() ((void)0)
#endif

static mapring_log *log_of_test;
static shared_u32 has_logged, went_on;

static void open_log(const char *name, const struct mapring_log_options *options)
{
    check_result(MAPRING_OK, mapring_log_open(&log_of_test, name, options));
}

static void log_number(int number)
{
    MAPRING_INFO(log_of_test, "number %d", number);
}

static void check_lines(const char *name, const char *first, const char *second)
{
    struct lines lines;
    lines_open(&lines, name);
    check_text(first, lines_next(&lines));
    if (second)
        check_text(second, lines_next(&lines));
    check(!lines_next(&lines));
    lines_close(&lines);
}

static void fork_and(void (*log)(int), int number)
{
    pid_t child = fork();
    if (child == 0) {
        log(number);
        __gcov_dump();
        _exit(0);
    }
    int status;
    check(waitpid(child, &status, 0) == child);
    check_number(0, status);
}

static void test_a_forked_child_gets_a_ring_of_its_own(void **state)
{
    (void)state;
    const char *name = new_ring_name(), *below = new_name_below(name, "1");
    open_log(name, NULL);
    log_number(1);
    fork_and(log_number, 2);
    log_number(3);
    check_lines(name, "INFO number %d|1", "INFO number %d|3");
    check_lines(below, "INFO number %d|2", NULL);
    mapring_log_close(log_of_test);
}

static int log_and_stay(void *unused)
{
    (void)unused;
    log_number(0);
    store_relaxed(&has_logged, 1);
    while (!load_relaxed(&went_on))
        sched_yield();
    return 0;
}

static int log_next(void *number)
{
    log_number(++*(int *)number);
    return 0;
}

/* The child's first thread is not the first one that logs. */
static void log_by_three_threads(int number)
{
    check_number(0, os_thread_join(os_thread_start(log_next, &number)));
    log_number(++number);
    check_number(0, os_thread_join(os_thread_start(log_next, &number)));
}

static void test_threads_of_a_forked_child_have_rings_of_their_own(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    const char *below = new_name_below(name, "1"), *further = new_name_below(name, "2");
    open_log(name, NULL);
    log_number(1);
    fork_and(log_by_three_threads, 1);
    check_lines(name, "INFO number %d|1", NULL);
    check_lines(below, "INFO number %d|2", "INFO number %d|4");
    check_lines(further, "INFO number %d|3", NULL);
    mapring_log_close(log_of_test);
}

static void test_a_forked_child_leaves_the_rings_of_other_threads(void **state)
{
    (void)state;
    const char *name = new_ring_name(), *below = new_name_below(name, "2");
    open_log(name, NULL);
    store_relaxed(&went_on, 0);
    store_relaxed(&has_logged, 0);
    struct os_thread *thread = os_thread_start(log_and_stay, NULL);
    while (!load_relaxed(&has_logged))
        sched_yield();
    log_number(1);
    fork_and(log_number, 2);
    store_relaxed(&went_on, 1);
    check_number(0, os_thread_join(thread));
    check_lines(below, "INFO number %d|2", NULL);
    mapring_log_close(log_of_test);
}

static void test_a_forked_child_of_several_logs_gets_a_ring_of_each(void **state)
{
    (void)state;
    const char *name = new_ring_name(), *other = new_ring_name();
    const char *below = new_name_below(name, "1");
    mapring_log *second;
    check_result(MAPRING_OK, mapring_log_open(&second, other, NULL));
    open_log(name, NULL);
    log_number(1);
    MAPRING_INFO(second, "second");
    fork_and(log_number, 2);
    check_lines(below, "INFO number %d|2", NULL);
    mapring_log *first = log_of_test;
    log_of_test = second;
    fork_and(log_number, 3);
    log_of_test = first;
    mapring_log_close(second);
    mapring_log_close(log_of_test);
}

static void test_a_forked_child_of_a_shared_log_gets_a_ring_of_its_own(void **state)
{
    (void)state;
    const char *name = new_ring_name(), *below = new_name_below(name, "1");
    open_log(name, &(struct mapring_log_options){.shared = true});
    log_number(1);
    fork_and(log_number, 2);
    log_number(3);
    check_lines(name, "INFO number %d|1", "INFO number %d|3");
    check_lines(below, "INFO number %d|2", NULL);
    mapring_log_close(log_of_test);
}


static int log_and_fork(void *unused)
{
    (void)unused;
    for (int i = 0; i < 20; i++)
        fork_and(log_number, i);
    store_relaxed(&went_on, 1);
    return 0;
}

static void test_a_fork_while_other_threads_log_does_not_block(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    open_log(name, &(struct mapring_log_options){.shared = true});
    store_relaxed(&went_on, 0);
    struct os_thread *thread = os_thread_start(log_and_fork, NULL);
    for (int i = 0; !load_relaxed(&went_on); i++)
        log_number(i);
    check_number(0, os_thread_join(thread));
    mapring_log_close(log_of_test);
}

/* The library with what is to be done at a fork is gone. */
static void test_a_fork_after_a_library_that_brought_mapring_along_was_unloaded(void **state)
{
    (void)state;
    plugin_skip_if_sanitized();
    const char *name = new_ring_name();
    mapring_log *log;
    struct plugin plugin = plugin_load(plugin_path("ALONE"));
    check_result(MAPRING_OK, plugin.calls->open(&log, name));
    plugin.calls->log(log, 1);
    plugin.calls->close(log);
    plugin_unload(&plugin);
    open_log(new_ring_name(), NULL);
    fork_and(log_number, 2);
    mapring_log_close(log_of_test);
}

static int log_for_ever(void *unused)
{
    (void)unused;
    while (!load_relaxed(&went_on)) {
        log_number(0);
        store_relaxed(&has_logged, 1);
    }
    return 0;
}

/* Logs, and becomes the role in the second argument, with the third, while another thread logs. */
static int role_becomes(int argc, char **argv)
{
    check(argc == 2 || argc == 3);
    role_say("%ld handles", holdings_now().handles);
    open_log(argv[0], NULL);
    log_number(argc);
    os_thread_start(log_for_ever, NULL);
    while (!load_relaxed(&has_logged))
        sched_yield();
    __gcov_dump();
    execl(os_own_program(), "test", "--role", argv[1], argv[0], argv[2], NULL);
    return 1;
}

static int role_stays(int argc, char **argv)
{
    check(argc == 1 && argv[0]);
    role_say("%ld handles", holdings_now().handles);
    role_hear("end");
    return 0;
}

static void test_a_program_that_execs_gives_up_its_rings(void **state)
{
    (void)state;
    char handles[64];
    const char *name = new_ring_name(), *below = new_name_below(name, "1");
    struct process *process = start_role("becomes", name, "becomes", "stays", NULL);
    snprintf(handles, sizeof handles, "%s", process_line(process));
    process_hear(process, handles);
    process_hear(process, handles);
    open_log(name, NULL);
    log_number(1);
    struct lines lines;
    lines_open(&lines, name);
    check_text("INFO number %d|3", lines_next(&lines));
    check_text("INFO number %d|2", lines_next(&lines));
    check_text("INFO number %d|1", lines_next(&lines));
    check(!lines_next(&lines));
    lines_close(&lines);
    lines_open(&lines, below);
    for (const char *line; (line = lines_next(&lines));)
        check(strncmp(line, "INFO number %d|", 15) == 0);
    lines_close(&lines);
    process_say(process, "end");
    process_finish(process);
    mapring_log_close(log_of_test);
}

static void handle(int signal)
{
    (void)signal;
    log_number(100);
}

static void test_a_call_in_a_signal_handler_that_interrupts_a_call_is_told_later(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    struct mapring_log_stat stat;
    mapring_consumer *consumer;
    struct sigaction action = {.sa_handler = handle}, before;
    open_log(name, &(struct mapring_log_options){
                       .ring = {.capacity_bytes = 65536, .when_full = MAPRING_BLOCK},
                       .timeout_ns = 300 * MILLISECONDS});
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    check(sigaction(SIGALRM, &action, &before) == 0);
    do { /* the line that finds no room waits until its time limit, and then the next one */
        ualarm(20000, 0);
        log_number(1);
        check_result(MAPRING_OK, mapring_log_stat(log_of_test, &stat));
    } while (stat.unwritten_lines == 0);
    ualarm(0, 0);
    check(stat.interrupted_lines > 0);
    struct mapring_record record;
    while (mapring_consumer_next(consumer, &record, 0) == MAPRING_OK)
        check_result(MAPRING_OK, mapring_consumer_release(consumer));
    log_number(2);
    struct lines lines;
    char last[2][LINE_TEXT] = {"", ""};
    lines_open(&lines, name);
    for (const char *line; (line = lines_next(&lines));) {
        memcpy(last[0], last[1], sizeof last[0]);
        snprintf(last[1], sizeof last[1], "%s", line);
    }
    check(strncmp(last[0], "WARN %u lines of signal handlers were left out|", 47) == 0);
    check_text("INFO number %d|2", last[1]);
    lines_close(&lines);
    check(sigaction(SIGALRM, &before, NULL) == 0);
    mapring_consumer_close(consumer);
    mapring_log_close(log_of_test);
}

static void test_a_log_goes_on_when_its_ring_is_removed(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    enum mapring_level level;
    open_log(name, &(struct mapring_log_options){.level = MAPRING_LEVEL_DEBUG});
    log_number(1);
    check_result(MAPRING_OK, mapring_remove(name, MAPRING_LOCAL, true));
    int64_t limit = now_ns() + TIME_LIMIT;
    do {
        log_number(2);
        check(now_ns() < limit);
    } while (mapring_level_get(name, MAPRING_LOCAL, &level) != MAPRING_OK);
    check_number(MAPRING_LEVEL_DEBUG, level);
    check_result(MAPRING_OK, mapring_level_set(name, MAPRING_LOCAL, MAPRING_LEVEL_ERROR));
    check_number(MAPRING_LEVEL_ERROR, mapring_log_level(log_of_test));
    mapring_log_close(log_of_test);
}

static void test_lines_are_counted_while_no_ring_can_be_made(void **state)
{
    (void)state;
    const char *directory = new_path("");
    check(os_make_directory(directory));
    char path[4096];
    struct mapring_log_stat stat;
    snprintf(path, sizeof path, "%s/log.ring", directory);
    open_log(path, NULL);
    check(os_remove_tree(directory));
    errno = 7;
    log_number(1);
    log_number(2);
    check_number(7, errno);
    check_result(MAPRING_OK, mapring_log_stat(log_of_test, &stat));
    check_number(2, stat.unwritten_lines);
    check_number(MAPRING_ERROR_NOT_THERE, stat.error.code);
    mapring_log_close(log_of_test);
}

static const struct CMUnitTest tests[] = {
    TEST(test_a_forked_child_gets_a_ring_of_its_own),
    TEST(test_threads_of_a_forked_child_have_rings_of_their_own),
    TEST(test_a_forked_child_leaves_the_rings_of_other_threads),
    TEST(test_a_forked_child_of_several_logs_gets_a_ring_of_each),
    TEST(test_a_forked_child_of_a_shared_log_gets_a_ring_of_its_own),
    TEST(test_a_fork_while_other_threads_log_does_not_block),
    TEST(test_a_fork_after_a_library_that_brought_mapring_along_was_unloaded),
    TEST(test_a_program_that_execs_gives_up_its_rings),
    TEST(test_a_call_in_a_signal_handler_that_interrupts_a_call_is_told_later),
    TEST(test_a_log_goes_on_when_its_ring_is_removed),
    TEST(test_lines_are_counted_while_no_ring_can_be_made),
};

static const struct role roles[] = {{"becomes", role_becomes}, {"stays", role_stays}};

TEST_MAIN(roles, tests)
