/* SPDX-License-Identifier: MIT */
/* Log calls as no program writes them, but a binding or a generator may. */
#include <stdlib.h>
#include <string.h>

#include "mapring/log_reader.h"
#include "open_log.h"

#define INT  "\1"
#define TEXT "\10"

/* A call of a place that is made up, with a text for all values that are strings. */
static void call(mapring_log *log, const char *format, const char *types, const char *text)
{
    struct mapring1_log_site site = {.format = format,
                                     .file = "made_up.c",
                                     .function = "nowhere",
                                     .types = (const unsigned char *)types,
                                     .line = 1,
                                     .level = MAPRING_LEVEL_INFO};
    struct mapring1_log_value values[MAPRING_LOG_VALUES];
    unsigned count = (unsigned)strlen(types);
    for (unsigned i = 0; i < count; i++)
        values[i] = types[i] == *TEXT ? mapring1_pointer(text) : mapring1_integer(2);
    mapring1_log_write(log, &site, site.types, values, count);
}

static mapring_log_reader *reader;
static struct mapring_log_line line;

static const char *next_text(void)
{
    check_result(MAPRING_OK, mapring_log_reader_next(reader, &line, TIME_LIMIT));
    return line.text;
}

static void test_strings_are_read_as_any_format_says(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_log *log = open_log(name, NULL);
    check_result(MAPRING_OK, mapring_log_reader_open(&reader, name, NULL));
    call(log, "%s %s", TEXT, "abc");
    check_text("abc %!s(MISSING)", next_text());
    call(log, "%.9999999s", TEXT, "abc");
    check_text("abc", next_text());
    call(log, "%.*s|%-5.1s|", INT TEXT TEXT, "abc");
    check_text("ab|a    |", next_text());
    call(log, "%hs", TEXT, "abc");
    check(strstr(next_text(), "%!s(0x") == line.text);
    call(log, "%p", TEXT, "abc");
    check(strstr(next_text(), "0x") == line.text);
    check_number(MAPRING_LOG_POINTER, line.values[0].type);
    call(log, "100%", TEXT, "abc");
    check(strstr(next_text(), "100%!%!(EXTRA 0x") == line.text);
    call(log, "%%%.", TEXT, "abc");
    check(strstr(next_text(), "%%!") == line.text);
    call(log, "%8", TEXT, NULL);
    check_text("%!%!(EXTRA 0x0)", next_text());
    mapring_log_reader_close(reader);
    mapring_log_close(log);
}

static void test_the_same_place_made_up_twice_is_one_site(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_log *log = open_log(name, NULL);
    mapring_log_decoder *decoder;
    struct mapring_log_site site;
    for (int i = 0; i < 3; i++)
        call(log, "the same", "", NULL);
    check_result(MAPRING_OK, mapring_log_decoder_open(&decoder, name, MAPRING_LOCAL));
    check_result(MAPRING_OK, mapring_log_next_site(decoder, &site));
    check_text("the same", site.format);
    check_text("made_up.c", site.file);
    check_result(MAPRING_NOTHING, mapring_log_next_site(decoder, &site));
    mapring_log_decoder_close(decoder);
    mapring_log_close(log);
}

static void test_ten_thousand_sites(void **state)
{
    (void)state;
    enum { SITES = 10000 };
    static char formats[SITES][16];
    const char *name = new_ring_name();
    mapring_log *log = open_log(
        name, &(struct mapring_log_options){.ring = {.dictionary_bytes = 2 << 20}});
    check_result(MAPRING_OK, mapring_log_reader_open(&reader, name, NULL));
    for (int i = 0; i < SITES; i++) {
        snprintf(formats[i], sizeof formats[i], "site %d", i);
        call(log, formats[i], "", NULL);
        check_text(formats[i], next_text());
    }
    mapring_log_reader_close(reader);
    mapring_log_close(log);
}

static void test_a_full_dictionary_and_a_full_ring(void **state)
{
    (void)state;
    enum { SITES = 3000 };
    char format[32];
    const char *name = new_ring_name();
    mapring_consumer *consumer;
    struct mapring_log_stat stat;
    mapring_log *log = open_log(
        name, &(struct mapring_log_options){.ring = {.capacity_bytes = 65536,
                                                     .dictionary_bytes = 1,
                                                     .when_full = MAPRING_DROP}});
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    for (int i = 0; i < SITES; i++) {
        snprintf(format, sizeof format, "another site %d", i);
        call(log, format, "", NULL);
    }
    check_result(MAPRING_OK, mapring_log_stat(log, &stat));
    check_number(0, stat.unwritten_lines);
    mapring_consumer_close(consumer);
    mapring_log_close(log);
}

static void test_calls_without_a_log_or_with_too_many_values_write_nothing(void **state)
{
    (void)state;
    struct mapring1_log_site site = {0};
    mapring1_log_call(NULL, &site, NULL, 0, MAPRING_OK, NULL);
    check_number(0, site.index);
    mapring_log *log = open_log(new_ring_name(), NULL);
    struct mapring1_log_value values[MAPRING_LOG_VALUES + 1] = {{0, 0}};
    struct mapring_log_stat stat;
    site.format = site.file = site.function = "";
    site.types = (const unsigned char *)INT INT INT INT INT INT INT INT INT INT INT INT INT INT INT
        INT INT;
    mapring1_log_call(log, &site, values, COUNT_OF(values), MAPRING_OK, NULL);
    check_result(MAPRING_OK, mapring_log_stat(log, &stat));
    check_number(1, stat.unwritten_lines);
    mapring_log_close(log);
    mapring_log_close(NULL);
}

static void test_options_of_the_ring_that_a_log_cannot_have(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_log *log;
    const struct mapring_options bad[] = {
        {.how = MAPRING_CREATE}, {.origin = "another"}, {.content = "text/plain"}};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        check_result(MAPRING_ERROR_ARGUMENT,
                     mapring_log_open(&log, name, &(struct mapring_log_options){.ring = bad[i]}));
        check(!log);
    }
    check_result(MAPRING_ERROR_ARGUMENT,
                 mapring_log_open(&log, new_path(".ring"),
                                  &(struct mapring_log_options){
                                      .ring = {.group = "no such group"}}));
    log = open_log(name, &(struct mapring_log_options){
                             .ring = {.content = MAPRING_LOG_CONTENT, .origin = ""}});
    mapring_log_close(log);
}

static void test_levels_of_what_is_no_log(void **state)
{
    (void)state;
    const char *plain = new_ring_name(), *timeless = new_path(".ring");
    enum mapring_level level;
    mapring_producer *producer;
    check_result(MAPRING_ERROR_ARGUMENT, mapring_level_get(NULL, MAPRING_LOCAL, &level));
    check_result(MAPRING_ERROR_ARGUMENT,
                 mapring_level_set(NULL, MAPRING_LOCAL, (enum mapring_level)99));
    check_result(MAPRING_ERROR_ARGUMENT,
                 mapring_level_set(plain, MAPRING_LOCAL, (enum mapring_level)99));
    check_result(MAPRING_ERROR_NOT_THERE, mapring_level_get(plain, MAPRING_LOCAL, &level));
    check_result(MAPRING_OK, mapring_producer_open(&producer, plain, NULL));
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_level_get(plain, MAPRING_LOCAL, &level));
    mapring_producer_close(producer);
    check_result(MAPRING_OK,
                 mapring_producer_open(&producer, timeless,
                                       &(struct mapring_options){.content = MAPRING_LOG_CONTENT}));
    mapring_producer_close(producer);
    mapring_log *log;
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_log_open(&log, timeless, NULL));
    check(!log);
    log = open_log(new_ring_name(), NULL);
    check_result(MAPRING_ERROR_ARGUMENT, mapring_log_set_level(log, MAPRING_LEVEL_UNSET));
    check_number(MAPRING_LEVEL_INFO, mapring_log_level(log));
    mapring_log_close(log);
    check(!mapring_level_name((enum mapring_level)99));
    check_text("WARN", mapring_level_name(MAPRING_LEVEL_WARN));
}

static void test_a_name_can_be_too_long_for_more_rings(void **state)
{
    (void)state;
    char name[100];
    mapring_log *log;
    memset(name, 'n', sizeof name);
    name[95] = '\0';
    check_result(MAPRING_ERROR_NAME, mapring_log_open(&log, name, NULL));
    check(!log);
    static char path[10000];
    memset(path, '/', sizeof path - 1);
    check_result(MAPRING_ERROR_NAME, mapring_log_reader_open(&reader, path, NULL));
    check(!reader);
}

static void test_a_reader_takes_a_name_without_room_for_numbers(void **state)
{
    (void)state;
    char name[100];
    mapring_producer *producer;
    int bytes = snprintf(name, sizeof name, "%s-", new_ring_name());
    memset(name + bytes, 'n', sizeof name - (size_t)bytes);
    name[99] = '\0';
    check_result(MAPRING_OK,
                 mapring_producer_open(&producer, name,
                                       &(struct mapring_options){.content = MAPRING_LOG_CONTENT,
                                                                 .times = true}));
    check_result(MAPRING_OK, mapring_log_reader_open(&reader, name, NULL));
    check_result(MAPRING_NOTHING, mapring_log_reader_next(reader, &line, 0));
    mapring_log_reader_close(reader);
    mapring_producer_close(producer);
    mapring_remove(name, MAPRING_LOCAL, true);
}

static void test_a_path_without_the_usual_ending(void **state)
{
    (void)state;
    const char *path = new_path("");
    const char *more = new_name_below(path, "1");
    mapring_log *log = open_log(path, NULL), *other = open_log(path, NULL);
    MAPRING_INFO(log, "first");
    MAPRING_INFO(other, "second");
    check_result(MAPRING_OK, mapring_log_reader_open(&reader, path, NULL));
    check_text("first", next_text());
    check_text("second", next_text());
    check_text(more, line.ring);
    mapring_log_reader_close(reader);
    mapring_log_close(other);
    mapring_log_close(log);
    mapring_remove(more, MAPRING_LOCAL, true);
    mapring_remove("./a", MAPRING_LOCAL, true);
    log = open_log("./a", NULL);
    MAPRING_INFO(log, "in a short path");
    mapring_log_close(log);
    check_result(MAPRING_OK, mapring_remove("./a", MAPRING_LOCAL, true));
}

static int end_of_thread(void *context)
{
    MAPRING_INFO(context, "in a thread");
    return 0;
}

static void test_a_thread_may_use_several_logs(void **state)
{
    (void)state;
    const char *one = new_ring_name(), *other = new_ring_name();
    struct mapring_log_stat stat;
    mapring_log *first = open_log(one, NULL), *second = open_log(other, NULL);
    for (int i = 0; i < 3; i++) {
        MAPRING_INFO(first, "first");
        MAPRING_INFO(second, "second");
        check_number(0, os_thread_join(os_thread_start(end_of_thread, second)));
    }
    check_result(MAPRING_OK, mapring_log_stat(second, &stat));
    check_number(1, stat.threads);
    check_number(0, stat.unwritten_lines);
    mapring_log_close(first);
    MAPRING_INFO(second, "the other one is closed");
    mapring_log_close(second);
}

static const struct CMUnitTest tests[] = {
    TEST(test_strings_are_read_as_any_format_says),
    TEST(test_the_same_place_made_up_twice_is_one_site),
    TEST(test_ten_thousand_sites),
    TEST(test_a_full_dictionary_and_a_full_ring),
    TEST(test_calls_without_a_log_or_with_too_many_values_write_nothing),
    TEST(test_options_of_the_ring_that_a_log_cannot_have),
    TEST(test_levels_of_what_is_no_log),
    TEST(test_a_name_can_be_too_long_for_more_rings),
    TEST(test_a_reader_takes_a_name_without_room_for_numbers),
    TEST(test_a_path_without_the_usual_ending),
    TEST(test_a_thread_may_use_several_logs),
};

static const struct role roles[] = {{0}};

TEST_MAIN(roles, tests)
