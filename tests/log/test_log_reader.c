/* SPDX-License-Identifier: MIT */
/* Reading all rings of a log, while and after programs write them. */
#include <string.h>

#include "mapring/log_reader.h"
#include "open_log.h"

static mapring_log_reader *open_reader(const char *name,
                                       const struct mapring_log_reader_options *options)
{
    mapring_log_reader *reader;
    check_result(MAPRING_OK, mapring_log_reader_open(&reader, name, options));
    return reader;
}

/* Passes over the ends of runs. */
static const char *next_text(mapring_log_reader *reader, struct mapring_log_line *line)
{
    int result;
    do
        result = mapring_log_reader_next(reader, line, TIME_LIMIT);
    while (result == MAPRING_PRODUCER_CLOSED || result == MAPRING_PRODUCER_DIED);
    check_result(MAPRING_OK, result);
    return line->text;
}

static int log_from_thread(void *context)
{
    MAPRING_WARN(context, "from a thread");
    return 0;
}

static void test_lines_of_all_threads_come_in_the_order_of_time(void **state)
{
    (void)state;
    enum { ROUNDS = 20 };
    const char *name = new_ring_name();
    struct mapring_log_line line;
    uint64_t latest = 0;
    mapring_log *log = open_log(name, NULL);
    mapring_log_reader *reader = open_reader(name, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        MAPRING_INFO(log, "round=%d", i);
        check_number(0, os_thread_join(os_thread_start(log_from_thread, log)));
    }
    for (int i = 0; i < 2 * ROUNDS; i++) {
        next_text(reader, &line);
        check_text(i % 2 ? "from a thread" : line.text, line.text);
        check(i % 2 || line.values[0].is.integer == i / 2);
        check(line.time_ns >= latest);
        latest = line.time_ns;
        check(strstr(line.ring, name) == line.ring);
        check_number(i % 2 ? MAPRING_LEVEL_WARN : MAPRING_LEVEL_INFO, line.level);
        check(line.process != 0);
    }
    check_result(MAPRING_NOTHING, mapring_log_reader_next(reader, &line, 0));
    mapring_log_reader_close(reader);
    mapring_log_close(log);
}

static void test_a_reader_may_come_first(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    struct mapring_log_line line;
    mapring_log_reader *reader =
        open_reader(name, &(struct mapring_log_reader_options){.wait_producer = true});
    check_result(MAPRING_NOTHING, mapring_log_reader_next(reader, &line, 0));
    mapring_log *log = open_log(name, NULL);
    MAPRING_INFO(log, "the first");
    check_text("the first", next_text(reader, &line));
    mapring_log_reader_close(reader);
    mapring_log_close(log);
}

static void test_only_lines_of_a_level(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    struct mapring_log_line line;
    mapring_log *log = open_log(name, &(struct mapring_log_options){.level = MAPRING_LEVEL_TRACE});
    mapring_log_reader *reader =
        open_reader(name, &(struct mapring_log_reader_options){.level = MAPRING_LEVEL_WARN});
    MAPRING_TRACE(log, "trace");
    MAPRING_WARN(log, "warn");
    MAPRING_INFO(log, "info");
    MAPRING_FATAL(log, "fatal");
    MAPRING_DEBUG(log, "debug");
    check_text("warn", next_text(reader, &line));
    check_text("fatal", next_text(reader, &line));
    check_result(MAPRING_TIMED_OUT, mapring_log_reader_next(reader, &line, 20 * MILLISECONDS));
    MAPRING_INFO(log, "info");
    check_result(MAPRING_NOTHING, mapring_log_reader_next(reader, &line, 0));
    mapring_log_reader_close(reader);
    mapring_log_close(log);
}

static void test_what_was_overwritten_is_told(void **state)
{
    (void)state;
    enum { LINES = 10000 };
    const char *name = new_ring_name();
    struct mapring_log_line line;
    mapring_log *log =
        open_log(name, &(struct mapring_log_options){.ring = {.capacity_bytes = 65536}});
    mapring_log_reader *reader = open_reader(name, NULL);
    MAPRING_INFO(log, "line %d", -1);
    check_text("line -1", next_text(reader, &line));
    for (int i = 0; i < LINES; i++)
        MAPRING_INFO(log, "line %d", i);
    check_result(MAPRING_LOST, mapring_log_reader_next(reader, &line, TIME_LIMIT));
    uint64_t lost = line.lost_records;
    check(lost > 0 && lost < LINES);
    check_text(name, line.ring);
    check(line.time_ns <= line.lost_until_ns);
    for (uint64_t i = lost; i < LINES; i++) {
        next_text(reader, &line);
        check_number(i, line.values[0].is.integer);
        check_number(i + 1, line.sequence);
    }
    mapring_log_reader_close(reader);
    mapring_log_close(log);
}

/* Logs what it is told. */
static int logger(int argc, char **argv)
{
    (void)argc;
    mapring_log *log = open_log(argv[0], &(struct mapring_log_options){
                                             .ring = {.when_full = MAPRING_BLOCK}});
    for (int i = 0; i < 10; i++) {
        MAPRING_INFO(log, "%s %d", role_line(), i);
        role_say("logged");
    }
    mapring_log_close(log);
    return 0;
}

static void say_to_log(struct process *process, const char *text)
{
    process_say(process, "%s", text);
    process_hear(process, "logged");
}

static void test_nothing_is_missing_of_processes_that_were_killed(void **state)
{
    (void)state;
    const char *name = new_path(".ring");
    struct mapring_log_line line;
    for (int round = 0; round < 3; round++) {
        struct process *one = start_role("logger", name, NULL);
        say_to_log(one, "one");
        struct process *other = start_role("logger", name, NULL);
        say_to_log(other, "other");
        process_kill(one);
        say_to_log(other, "other");
        process_kill(other);
        mapring_log_reader *reader = open_reader(name, NULL);
        check_text("one 0", next_text(reader, &line));
        check_text("other 0", next_text(reader, &line));
        check_text("other 1", next_text(reader, &line));
        mapring_log_reader_next(reader, &line, 0); /* releases it */
        mapring_log_reader_close(reader);
    }
}

static void test_a_log_that_is_made_anew_is_read_on(void **state)
{
    (void)state;
    const char *name = new_path(".ring");
    struct mapring_log_line line;
    mapring_log *log = open_log(name, NULL);
    mapring_log_reader *reader = open_reader(name, NULL);
    MAPRING_INFO(log, "old %d", 1);
    check_text("old 1", next_text(reader, &line));
    mapring_log_close(log);
    check_result(MAPRING_OK, mapring_remove(name, MAPRING_LOCAL, true));
    int result;
    do
        result = mapring_log_reader_next(reader, &line, TIME_LIMIT);
    while (result == MAPRING_PRODUCER_CLOSED);
    check_result(MAPRING_REMOVED, result);
    check_result(MAPRING_NOTHING, mapring_log_reader_next(reader, &line, 0)); /* has closed it */
    log = open_log(name, NULL);
    MAPRING_ERROR(log, "%s", "another dictionary");
    check_text("another dictionary", next_text(reader, &line));
    mapring_log_reader_close(reader);
    mapring_log_close(log);
}

static void test_rings_behind_a_removed_one_are_found(void **state)
{
    (void)state;
    const char *name = new_ring_name(), *third = new_name_below(name, "2");
    struct mapring_log_line line;
    mapring_log *log = open_log(name, NULL);
    MAPRING_INFO(log, "first");
    mapring_log *behind = open_log(third, NULL); /* as if NAME.1 had been removed */
    MAPRING_INFO(behind, "third");
    mapring_log_reader *reader = open_reader(name, NULL);
    check_text("first", next_text(reader, &line));
    check_text("third", next_text(reader, &line));
    check_text(third, line.ring);
    mapring_log_reader_close(reader);
    mapring_log_close(behind);
    mapring_log_close(log);
}

static void test_a_damaged_line_is_told_and_the_next_one_read(void **state)
{
    (void)state;
    const char *name = new_path(".ring");
    struct mapring_log_line line;
    mapring_log *log = open_log(name, NULL);
    MAPRING_INFO(log, "good");
    mapring_log_close(log);
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_OK, mapring_producer_send(producer, "no line", 7, 0));
    mapring_producer_close(producer);
    log = open_log(name, NULL);
    MAPRING_INFO(log, "good again");
    mapring_log_reader *reader = open_reader(name, NULL);
    check_text("good", next_text(reader, &line));
    int result;
    do
        result = mapring_log_reader_next(reader, &line, TIME_LIMIT);
    while (result == MAPRING_PRODUCER_CLOSED);
    check_result(MAPRING_ERROR_DAMAGED, result);
    check_number(MAPRING_LEVEL_UNSET, line.level);
    check_text("good again", next_text(reader, &line));
    mapring_log_reader_close(reader);
    mapring_log_close(log);
}

static void test_misuse_is_refused(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    struct mapring_log_line line;
    mapring_log_reader *reader;
    mapring_producer *producer;
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_reader_open(NULL, name, NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_reader_open(&reader, NULL, NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_reader_next(NULL, &line, 0));
    check_result(MAPRING_ERROR_NOT_THERE, mapring_log_reader_open(&reader, name, NULL));
    check(!reader);
    check_result(MAPRING_ERROR_ARGUMENT,
                 mapring_log_reader_open(&reader, name,
                                         &(struct mapring_log_reader_options){.level = 8}));
    check_result(MAPRING_ERROR_ARGUMENT,
                 mapring_log_reader_open(&reader, name,
                                         &(struct mapring_log_reader_options){.reserved = {1}}));
    check_result(MAPRING_ERROR_NAME, mapring_log_reader_open(&reader, "no name", NULL));
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_log_reader_open(&reader, name, NULL));
    check(!reader);
    mapring_producer_close(producer);
    mapring_log_reader_close(NULL);
    mapring_log *log = open_log(new_name_below(name, "log"), NULL);
    reader = open_reader(new_name_below(name, "log"), NULL);
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_reader_next(reader, NULL, 0));
    mapring_log_reader_close(reader);
    mapring_log_close(log);
}

static const struct CMUnitTest tests[] = {
    TEST(test_lines_of_all_threads_come_in_the_order_of_time),
    TEST(test_a_reader_may_come_first),
    TEST(test_only_lines_of_a_level),
    TEST(test_what_was_overwritten_is_told),
    TEST(test_nothing_is_missing_of_processes_that_were_killed),
    TEST(test_a_log_that_is_made_anew_is_read_on),
    TEST(test_rings_behind_a_removed_one_are_found),
    TEST(test_a_damaged_line_is_told_and_the_next_one_read),
    TEST(test_misuse_is_refused),
};

static const struct role roles[] = {{"logger", logger}};

TEST_MAIN(roles, tests)
