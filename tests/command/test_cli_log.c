/* SPDX-License-Identifier: MIT */
/* Logs on the command line: recv and dump write lines, level, log write and log sites. */
#include <string.h>

#include "cli.h"
#include "mapring/log.h"

static mapring_log *open_log(const char *name)
{
    mapring_log *log;
    check_result(MAPRING_OK, mapring_log_open(&log, name, NULL));
    check_result(MAPRING_OK, mapring_log_name_thread(log, "worker"));
    return log;
}

/* A log in a file, with three lines. */
static const char *new_log(void)
{
    const char *path = new_path(".ring");
    mapring_log *log = open_log(path);
    MAPRING_INFO(log, "order=%d of %s", 5, "gears");
    MAPRING_WARN(log, "late by %.1f s", 2.5);
    MAPRING_ERROR(log, "cannot open %s", "it\n");
    mapring_log_close(log);
    return path;
}

static void test_dump_writes_lines(void **state)
{
    (void)state;
    const struct ran *ran = RUN("dump", new_log());
    check_number(0, ran->code);
    check_contains(" INFO  ", ran->output);
    check_contains(" worker: order=5 of gears (test_cli_log.c:", ran->output);
    check_contains(" WARN  ", ran->output);
    check_contains(" worker: late by 2.5 s (", ran->output);
    check_contains("cannot open it", ran->output);
    check_text("", ran->errors);
}

static void test_lines_by_level_text_and_pattern(void **state)
{
    (void)state;
    const char *path = new_log();
    const struct ran *ran = RUN("dump", path, "--level", "warn", "--format", "{level}|{text}");
    check_number(0, ran->code);
    check_begins("WARN|late by 2.5 s\nERROR|cannot open it", ran->output);
    ran = RUN("dump", path, "--grep", "gears", "--format", "{{{function} {fields}}}");
    check_text("{new_log order=5}\n", ran->output);
    ran = RUN("dump", path, "--last", "2", "--format", "{level:6}{thread}.");
    check_text("WARN  worker.\nERROR worker.\n", ran->output);
    ran = RUN("dump", path, "--format", "{nothing}");
    check_number(2, ran->code);
    check_contains("nothing", ran->errors);
    ran = RUN("dump", path, "--level", "loud");
    check_number(2, ran->code);
    check_contains("'loud'", ran->errors);
}

static void test_lines_as_json(void **state)
{
    (void)state;
    const char *path = new_log();
    const struct ran *ran = RUN("dump", path, "--json");
    check_number(0, ran->code);
    check_json(ran->output, strcspn(ran->output, "\n"));
    check_contains("\"level\": \"INFO\", \"text\": \"order=5 of gears\"", ran->output);
    check_contains("\"fields\": {\"order\": 5}, \"values\": [5, \"gears\"]", ran->output);
    check_contains("\"format\": \"cannot open %s\"", ran->output);
    check_contains("\"thread_name\": \"worker\"", ran->output);
}

static void test_colours_are_for_terminals(void **state)
{
    (void)state;
    const char *path = new_log();
    const struct ran *ran = RUN("dump", path, "--format", "{level}", "--color", "always");
    check_contains("\033[", ran->output);
    ran = RUN("dump", path, "--format", "{level}");
    check_text("INFO\nWARN\nERROR\n", ran->output);
}

static void test_records_as_they_are(void **state)
{
    (void)state;
    const struct ran *ran = RUN("dump", new_log(), "--framing", "length");
    check_number(0, ran->code);
    check(ran->bytes > 3 * 12);
    check(ran->output[0] != '2');
}

static void test_recv_follows_all_rings_of_a_log(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    struct process *reader = START(NULL, "recv", path, "--wait", "--format", "{text}");
    mapring_log *log = open_log(path), *other = open_log(path);
    MAPRING_INFO(log, "one");
    process_hear(reader, "one");
    MAPRING_INFO(other, "two");
    process_hear(reader, "two");
    MAPRING_INFO(log, "three");
    process_hear(reader, "three");
    process_kill(reader);
    mapring_log_close(other);
    mapring_log_close(log);
}

static void test_the_level_is_set_from_outside(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    mapring_log *log = open_log(path);
    check_text("INFO\n", RUN("level", path)->output);
    check_text("DEBUG\n", RUN("level", path, "debug")->output);
    check_number(MAPRING_LEVEL_DEBUG, mapring_log_level(log));
    check_contains("\"level\": \"DEBUG\"", RUN("level", path, "--json")->output);
    const struct ran *ran = RUN("level", path, "loud");
    check_number(2, ran->code);
    check_contains("'loud'", ran->errors);
    check_number(MAPRING_LEVEL_DEBUG, mapring_log_level(log));
    mapring_log_close(log);
}

static void test_what_is_no_log_is_refused(void **state)
{
    (void)state;
    const char *path = new_path(".ring"), *none = new_path(".ring");
    check_number(0, RUN("create", path)->code);
    const struct ran *ran = RUN("level", path);
    check_number(1, ran->code);
    check_contains("not a log", ran->errors);
    ran = RUN("log", "sites", path);
    check_number(1, ran->code);
    check_contains("not a log", ran->errors);
    ran = RUN("level", none, "debug");
    check_number(1, ran->code);
    check_contains("there is no", ran->errors);
    ran = RUN("log", "write", path, "text");
    check_number(1, ran->code);
    check_contains("content", ran->errors);
}

static void test_scripts_write_lines(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    check_number(0, RUN("log", "write", path, "the", "backup", "is done", "--level", "warn")->code);
    struct process *writer = START(NULL, "log", "write", path, "--thread", "nightly");
    process_say(writer, "100%% %s", "done");
    process_say(writer, "again");
    process_close_input(writer);
    process_finish(writer);
    check_number(0, RUN("log", "write", path, "unseen", "--level", "debug")->code);
    check_text("WARN mapring the backup is done\nINFO nightly 100% done\nINFO nightly again\n",
               RUN("dump", path, "--format", "{level} {thread} {text}")->output);
}

static void test_sites_of_a_log(void **state)
{
    (void)state;
    const char *path = new_log();
    const struct ran *ran = RUN("log", "sites", path, "--count");
    check_number(0, ran->code);
    check_contains("INFO", ran->output);
    check_contains("new_log  order=%d of %s\n", ran->output);
    check_contains(" 1  ", ran->output);
    ran = RUN("log", "sites", path, "--json");
    check_json(ran->output, strcspn(ran->output, "\n"));
    check_contains("\"format\": \"late by %.1f s\"", ran->output);
}

static const struct CMUnitTest tests[] = {
    TEST(test_dump_writes_lines),
    TEST(test_lines_by_level_text_and_pattern),
    TEST(test_lines_as_json),
    TEST(test_colours_are_for_terminals),
    TEST(test_records_as_they_are),
    TEST(test_recv_follows_all_rings_of_a_log),
    TEST(test_the_level_is_set_from_outside),
    TEST(test_what_is_no_log_is_refused),
    TEST(test_scripts_write_lines),
    TEST(test_sites_of_a_log),
};

static const struct role roles[] = {{0}};

TEST_MAIN(roles, tests)
