/* SPDX-License-Identifier: MIT */
/* What logs may be called, and where they are: their rings are found again by the name of the log. */
#include "cli.h"
#include "mapring/log_reader.h"
#include "open_log.h"

enum { NAME_MOST = 94 };

static int log_second(void *log)
{
    MAPRING_INFO((mapring_log *)log, "second");
    return 0;
}

static void log_of_two_threads(mapring_log *log)
{
    MAPRING_INFO(log, "first");
    check_number(0, os_thread_join(os_thread_start(log_second, log)));
}

/* Whether the rings are closed is told in between. */
static int next_line(mapring_log_reader *reader, struct mapring_log_line *line, int64_t timeout_ns)
{
    int result;
    do
        result = mapring_log_reader_next(reader, line, timeout_ns);
    while (result == MAPRING_PRODUCER_CLOSED);
    return result;
}

static void check_line(mapring_log_reader *reader, const char *text, const char *ring)
{
    struct mapring_log_line line;
    check_result(MAPRING_OK, next_line(reader, &line, TIME_LIMIT));
    check_text(text, line.text);
    check_text(ring, line.ring);
}

/* Reads it by the library and by the command. */
static void check_log(const char *name, const char *second)
{
    static const struct mapring_log_reader_options oldest = {.from = MAPRING_OLDEST,
                                                             .observe = true};
    struct mapring_log_line line;
    mapring_log_reader *reader;
    check_result(MAPRING_OK, mapring_log_reader_open(&reader, name, &oldest));
    check_line(reader, "first", name);
    check_line(reader, "second", second);
    check_result(MAPRING_NOTHING, next_line(reader, &line, 0));
    mapring_log_reader_close(reader);
    const struct ran *ran = RUN("dump", name, "--format", "{text}");
    check_text("", ran->errors);
    check_text("first\nsecond\n", ran->output);
}

static void check_name(const char *name, const char *second)
{
    mapring_log *log = open_log(name, NULL);
    log_of_two_threads(log);
    check_log(name, second);
    mapring_log_close(log);
}

static void test_a_name_may_have_dots_and_numbers(void **state)
{
    (void)state;
    static const char *const ends[] = {"1", "v1.2", "ring", "1.ring", "-"};
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        const char *name = new_name_below(new_ring_name(), ends[i]);
        check_name(name, new_name_below(name, "1"));
    }
}

static void test_a_name_may_be_so_long_that_numbers_can_follow(void **state)
{
    (void)state;
    char end[NAME_MOST + 1] = "";
    const char *name = new_ring_name();
    memset(end, 'x', NAME_MOST - strlen(name) - 1);
    name = new_name_below(name, end);
    check_number(NAME_MOST, strlen(name));
    check_name(name, new_name_below(name, "1"));
}

static void test_the_number_in_a_path_comes_before_its_suffix(void **state)
{
    (void)state;
    static const char *const ends[][2] = {{"", ".1"},
                                          {".ring", ".1.ring"},
                                          {".1.ring", ".1.1.ring"},
                                          {".1", ".1.1"},
                                          {".log", ".log.1"}};
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        char second[1100];
        const char *name = new_path(ends[i][0]);
        snprintf(second, sizeof second, "%.*s%s", (int)(strlen(name) - strlen(ends[i][0])), name,
                 ends[i][1]);
        check_name(name, second);
        check(os_file_size(name) > 0 && os_file_size(second) > 0);
    }
}

static void test_a_log_is_in_the_directory_of_the_environment(void **state)
{
    (void)state;
    use_directory();
    check_name("app", "app.1");
    check(os_file_size(file_of("app")) > 0);
    check(os_file_size(file_of("app.1")) > 0);
    check_log("app", "app.1"); /* closed */
    check_log(file_of("app"), file_of("app.1"));
    use_no_directory();
}

/* It is taken for a ring of the other one. */
static void test_a_log_with_the_name_of_a_ring_of_another_one_keeps_its_lines(void **state)
{
    (void)state;
    use_directory();
    mapring_log *below = open_log("app.1", NULL), *log = open_log("app", NULL);
    log_of_two_threads(below);
    log_of_two_threads(log);
    check_log("app.1", "app.1.1");
    check_text("app.1 first\napp first\napp.2 second\n",
               RUN("dump", "app", "--format", "{ring} {text}")->output);
    mapring_log_close(log);
    mapring_log_close(below);
    use_no_directory();
}

static const struct CMUnitTest tests[] = {
    TEST(test_a_name_may_have_dots_and_numbers),
    TEST(test_a_name_may_be_so_long_that_numbers_can_follow),
    TEST(test_the_number_in_a_path_comes_before_its_suffix),
    TEST(test_a_log_is_in_the_directory_of_the_environment),
    TEST(test_a_log_with_the_name_of_a_ring_of_another_one_keeps_its_lines),
};

static const struct role roles[] = {{0}};

TEST_MAIN(roles, tests)
