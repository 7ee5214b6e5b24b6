/* SPDX-License-Identifier: MIT */
/* What a log call writes, held against its record byte by byte, and when it writes nothing. */
#include "lines.h"
#include "open_log.h"

static void test_values_of_all_types(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_log *log = open_log(name, NULL);
    struct lines lines;
    char text[] = "text";
    const void *nowhere = NULL;
    MAPRING_INFO(log, "none");
    MAPRING_WARN(log, "%d %u", -1, 4000000000u);
    MAPRING_ERROR(log, "%ld %lu %lld %llu", -1L, 1UL, INT64_MIN + 0LL, UINT64_MAX + 0ULL);
    MAPRING_FATAL(log, "%d %c %hd %hhu", true, 'a', (short)-7, (unsigned char)200);
    MAPRING_INFO(log, "%f %f %Lf", 0.5f, -2.25, 1.5L);
    MAPRING_INFO(log, "%s %s %p", text, (const char *)"const", nowhere);
    lines_open(&lines, name);
    check_text("INFO none", lines_next(&lines));
    check_text("WARN %d %u|-1|4000000000u", lines_next(&lines));
    if (sizeof(long) == 8)
        check_text("ERROR %ld %lu %lld %llu|-1l|1ul|-9223372036854775808l|18446744073709551615ul",
                   lines_next(&lines));
    else
        check_text("ERROR %ld %lu %lld %llu|-1|1u|-9223372036854775808l|18446744073709551615ul",
                   lines_next(&lines));
    check_text("FATAL %d %c %hd %hhu|1|97|-7|200", lines_next(&lines));
    check_text("INFO %f %f %Lf|0.500|-2.250|1.500L", lines_next(&lines));
    check_text("INFO %s %s %p|'text'|'const'|p0", lines_next(&lines));
    check(!lines_next(&lines));
    lines_close(&lines);
    mapring_log_close(log);
}

static void test_sixteen_values(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_log *log = open_log(name, NULL);
    struct lines lines;
    MAPRING_INFO(log, "%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%s", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
                 14, 15, "16");
    lines_open(&lines, name);
    check_text("INFO %d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%s|1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|'16'",
               lines_next(&lines));
    lines_close(&lines);
    mapring_log_close(log);
}

static void test_strings_are_read_as_far_as_the_format_says(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_log *log = open_log(name, &(struct mapring_log_options){.text_limit = 5});
    struct lines lines;
    const char open_end[3] = {'a', 'b', 'c'}; /* no terminator */
    const char *none = NULL;
    MAPRING_INFO(log, "%s %s %s", "12345", "123456", "");
    MAPRING_INFO(log, "%.*s %.2s %.s", 3, open_end, open_end, open_end);
    MAPRING_INFO(log, "%*.*s %-8.3s", 9, 2, open_end, open_end);
    MAPRING_INFO(log, "%.*s", -1, "all");
    MAPRING_INFO(log, "%s %p %% %s", none, (const void *)NULL, none);
    lines_open(&lines, name);
    check_text("INFO %s %s %s|'12345'|'12345'...|''", lines_next(&lines));
    check_text("INFO %.*s %.2s %.s|3|'abc'|'ab'|''", lines_next(&lines));
    check_text("INFO %*.*s %-8.3s|9|2|'ab'|'abc'", lines_next(&lines));
    check_text("INFO %.*s|-1|'all'", lines_next(&lines));
    check_text("INFO %s %p %% %s|(null)|p0|(null)", lines_next(&lines));
    lines_close(&lines);
    mapring_log_close(log);
}

static int evaluated;
static int evaluate(void)
{
    return ++evaluated;
}

static void test_values_below_the_level_are_not_evaluated(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_log *log = open_log(name, NULL);
    mapring_log *none = NULL;
    struct lines lines;
    evaluated = 0;
    MAPRING_DEBUG(log, "%d", evaluate());
    MAPRING_FATAL(none, "%d", evaluate());
    check_number(0, evaluated);
    MAPRING_INFO(log, "%d", evaluate());
    check_number(1, evaluated);
    lines_open(&lines, name);
    check_text("INFO %d|1", lines_next(&lines));
    check(!lines_next(&lines));
    lines_close(&lines);
    mapring_log_close(log);
}

static void test_the_level_can_be_set_from_inside_and_from_outside(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    enum mapring_level level;
    mapring_log *log = open_log(name, NULL);
    check_number(MAPRING_LEVEL_INFO, mapring_log_level(log));
    mapring_log *other = open_log(name, &(struct mapring_log_options){.level = MAPRING_LEVEL_WARN});
    check_number(MAPRING_LEVEL_WARN, mapring_log_level(log));
    check_result(MAPRING_OK, mapring_level_set(name, MAPRING_LOCAL, MAPRING_LEVEL_TRACE));
    check_number(MAPRING_LEVEL_TRACE, mapring_log_level(other));
    check_result(MAPRING_OK, mapring_log_set_level(other, MAPRING_LEVEL_OFF));
    check_result(MAPRING_OK, mapring_level_get(name, MAPRING_LOCAL, &level));
    check_number(MAPRING_LEVEL_OFF, level);
    evaluated = 0;
    MAPRING_FATAL(log, "%d", evaluate());
    check_number(0, evaluated);
    mapring_log_close(other);
    other = open_log(name, &(struct mapring_log_options){.level = MAPRING_LEVEL_DEBUG});
    check_number(MAPRING_LEVEL_OFF, mapring_log_level(other)); /* was set */
    mapring_log_close(other);
    mapring_log_close(log);
}

static void test_misuse_is_refused(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_log *log;
    enum mapring_level level;
    struct mapring_log_stat stat;
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_open(NULL, name, NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_open(&log, NULL, NULL));
    check(!log);
    static const struct mapring_log_options bad[] = {
        {.level = (enum mapring_level)8},
        {.text_limit = 65536},
        {.text_limit = 20000},
        {.timeout_ns = -2},
        {.reserved = {1}},
        {.ring.how = MAPRING_CREATE},
        {.ring.content = "text/plain"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        check_result(MAPRING_ERROR_ARGUMENT, mapring_log_open(&log, name, &bad[i]));
    char longest[102];
    memset(longest, 'a', 95);
    longest[95] = '\0';
    check_result(MAPRING_ERROR_NAME, mapring_log_open(&log, longest, NULL));
    check_result(MAPRING_ERROR_NOT_THERE, mapring_level_get(name, MAPRING_LOCAL, &level));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_level_get(name, MAPRING_LOCAL, NULL));
    check_result(MAPRING_ERROR_ARGUMENT,
                 mapring_level_set(name, MAPRING_LOCAL, MAPRING_LEVEL_UNSET));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_set_level(NULL, MAPRING_LEVEL_INFO));
    check_number(MAPRING_LEVEL_OFF, mapring_log_level(NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_stat(NULL, &stat));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_name_thread(NULL, "a"));
    log = open_log(name, NULL);
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_name_thread(log, NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_name_thread(log, "a\nb"));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_stat(log, NULL));
    mapring_log_close(log);
    mapring_log_close(NULL);
    check(!mapring_level_name(MAPRING_LEVEL_UNSET));
}

static void test_a_ring_that_is_no_log_is_refused(void **state)
{
    (void)state;
    mapring_log *log;
    enum mapring_level level;
    const char *name = new_ring(NULL);
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_log_open(&log, name, NULL));
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_level_get(name, MAPRING_LOCAL, &level));
    check_result(MAPRING_ERROR_WRONG_KIND,
                 mapring_level_set(name, MAPRING_LOCAL, MAPRING_LEVEL_INFO));
}

static void test_with_a_full_dictionary_lines_say_where_they_are_from(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_log *log = open_log(
        name, &(struct mapring_log_options){.ring = {.dictionary_bytes = 1}});
    struct lines lines;
    static char filling[65536];
    memset(filling, 'x', sizeof filling - 1);
    check_result(MAPRING_OK, mapring_log_name_thread(log, "fills"));
    for (size_t bytes = sizeof filling / 2; bytes >= 8; bytes /= 2) {
        struct mapring1_log_site site = {filling + sizeof filling - bytes, "f", "g",
                                         (const unsigned char *)"", 1, MAPRING_LEVEL_TRACE, 0,
                                         {0}};
        mapring1_log_call(log, &site, NULL, 0, MAPRING_OK, NULL);
    }
    for (int i = 0; i < 2; i++)
        MAPRING_INFO(log, "value %d of %s", i, "somebody");
    lines_open(&lines, name);
    const char *line;
    while ((line = lines_next(&lines)) && strncmp(line, "TRACE", 5) == 0)
        continue;
    check_text("INFO value %d of %s|0|'somebody'", line);
    check_number(0, lines.last.site);
    check_text("fills", lines.last.thread_name);
    check_text("INFO value %d of %s|1|'somebody'", lines_next(&lines));
    check(!lines_next(&lines));
    lines_close(&lines);
    mapring_log_close(log);
}

static void test_a_log_in_a_file(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    mapring_log *log = open_log(path, NULL);
    struct lines lines;
    MAPRING_INFO(log, "in a file");
    mapring_log_close(log);
    lines_open(&lines, path);
    check_text("INFO in a file", lines_next(&lines));
    lines_close(&lines);
}

static void test_a_blocking_log_gives_up_after_its_time_limit(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_consumer *consumer;
    struct mapring_log_stat stat;
    mapring_log *log = open_log(
        name, &(struct mapring_log_options){
                  .ring = {.capacity_bytes = 65536, .when_full = MAPRING_BLOCK}, .timeout_ns = 1});
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    for (int i = 0; i < 5000; i++)
        MAPRING_INFO(log, "line %d", i);
    check_result(MAPRING_OK, mapring_log_stat(log, &stat));
    check(stat.unwritten_lines > 0 && stat.unwritten_lines < 5000);
    check_number(MAPRING_TIMED_OUT, stat.error.code);
    check_number(1, stat.threads);
    mapring_consumer_close(consumer);
    mapring_log_close(log);
}

static void test_a_dropping_log_drops(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_consumer *consumer;
    struct mapring_log_stat stat;
    mapring_log *log = open_log(
        name, &(struct mapring_log_options){
                  .ring = {.capacity_bytes = 65536, .when_full = MAPRING_DROP}});
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    for (int i = 0; i < 5000; i++)
        MAPRING_INFO(log, "line %d", i);
    check_result(MAPRING_OK, mapring_log_stat(log, &stat));
    check_number(0, stat.unwritten_lines);
    mapring_consumer_close(consumer);
    mapring_log_close(log);
}

static const struct CMUnitTest tests[] = {
    TEST(test_values_of_all_types),
    TEST(test_sixteen_values),
    TEST(test_strings_are_read_as_far_as_the_format_says),
    TEST(test_values_below_the_level_are_not_evaluated),
    TEST(test_the_level_can_be_set_from_inside_and_from_outside),
    TEST(test_misuse_is_refused),
    TEST(test_a_ring_that_is_no_log_is_refused),
    TEST(test_with_a_full_dictionary_lines_say_where_they_are_from),
    TEST(test_a_log_in_a_file),
    TEST(test_a_blocking_log_gives_up_after_its_time_limit),
    TEST(test_a_dropping_log_drops),
};

static const struct role roles[] = {{0}};

TEST_MAIN(roles, tests)
