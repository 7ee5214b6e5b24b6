/* SPDX-License-Identifier: MIT */
/* Each system call that a log or its reader makes is made to fail once with each error that it can
 * plausibly return. No line may be lost without being counted, and nothing may be kept for ever. */
#include <stdlib.h>
#include <string.h>

#include "faults.h"
#include "helpers.h"
#include "holdings.h"
#include "mapring/log.h"
#include "mapring/log_reader.h"

enum { LINES = 3, WIDE = 600 };

static const struct mapring_log_options options = {.ring = {.capacity_bytes = 65536,
                                                            .dictionary_bytes = 65536}};
static char where[256]; /* printed if a test does not get to its end */

/* A line of a site that has not been seen before: the first call of a site takes most. */
static void log_from_new_site(mapring_log *log)
{
    static char formats[8192][24];
    static unsigned count;
    static const unsigned char types[] = {MAPRING1_INT32, MAPRING1_TEXT, 0};
    struct mapring1_log_value values[] = {mapring1_integer(count), mapring1_pointer("text")};
    unsigned i = count++ % COUNT_OF(formats);
    snprintf(formats[i], sizeof formats[i], "%u: %%d %%600s", count);
    struct mapring1_log_site site = {
        formats[i], __FILE__, __func__, types, __LINE__, MAPRING_LEVEL_INFO, 0, {0}};
    mapring1_log_write(log, &site, types, values, 2);
}

/* The rest may be in a ring with another number. */
static void check_lines(const char *name, uint64_t expected)
{
    mapring_log_reader *reader;
    struct mapring_log_line line;
    if (expected == 0)
        return;
    check_result(MAPRING_OK, mapring_log_reader_open(&reader, name, NULL));
    while (expected > 0) {
        int result = mapring_log_reader_next(reader, &line, TIME_LIMIT);
        check(result == MAPRING_OK || result == MAPRING_PRODUCER_CLOSED);
        check(result != MAPRING_OK || line.text_bytes > WIDE);
        expected -= result == MAPRING_OK;
    }
    mapring_log_reader_close(reader);
}

/* ---- What is done while calls fail; each returns MAPRING_OK or a failure ---- */

static uint64_t unwritten;

static int write_lines(const char *name)
{
    mapring_log *log;
    struct mapring_log_stat stat;
    unwritten = LINES;
    int result = mapring_log_open(&log, name, &options);
    if (result != MAPRING_OK)
        return result;
    for (int i = 0; i < LINES; i++)
        log_from_new_site(log);
    check_result(MAPRING_OK, mapring_log_stat(log, &stat));
    check_number(stat.unwritten_lines > 0, stat.error.code < 0 && stat.error.text[0]);
    unwritten = stat.unwritten_lines;
    mapring_log_close(log);
    return result;
}

static int name_thread(const char *name)
{
    mapring_log *log;
    int result = mapring_log_open(&log, name, &options);
    if (result == MAPRING_OK)
        result = mapring_log_name_thread(log, "worker");
    mapring_log_close(log);
    return result;
}

static int read_lines(const char *name)
{
    mapring_log_reader *reader;
    struct mapring_log_line line;
    int result = mapring_log_reader_open(&reader, name, NULL);
    for (int i = 0; i < 2 * LINES && result >= 0 && result != MAPRING_NOTHING; i++)
        result = mapring_log_reader_next(reader, &line, 0);
    mapring_log_reader_close(reader);
    return result < 0 ? result : MAPRING_OK;
}

static int decode_lines(const char *name)
{
    mapring_log_decoder *decoder;
    mapring_image *image;
    struct mapring_record record;
    struct mapring_log_line line;
    struct mapring_log_site site;
    int result = mapring_log_decoder_open(&decoder, name, MAPRING_LOCAL);
    if (result != MAPRING_OK)
        return result;
    result = mapring_image_open(&image, name, MAPRING_LOCAL);
    while (result == MAPRING_OK && (result = mapring_image_next(image, &record)) == MAPRING_OK)
        result = mapring_log_decode(decoder, &record, &line);
    while (result >= 0 && (result = mapring_log_next_site(decoder, &site)) == MAPRING_OK)
        check(site.value_count == 2);
    mapring_image_close(image);
    mapring_log_decoder_close(decoder);
    return result < 0 ? result : MAPRING_OK;
}

static int decode_without_a_ring(const char *name)
{
    mapring_log_decoder *decoder;
    const struct mapring_entry entry = {.payload = "", .kind = 1};
    int result = mapring_log_decoder_new(&decoder, name);
    if (result == MAPRING_OK)
        result = mapring_log_decoder_define(decoder, &entry);
    mapring_log_decoder_close(decoder);
    return result;
}

static int change_level(const char *name)
{
    enum mapring_level level;
    int result = mapring_level_set(name, MAPRING_LOCAL, MAPRING_LEVEL_DEBUG);
    return result == MAPRING_OK ? mapring_level_get(name, MAPRING_LOCAL, &level) : result;
}

/* ---- Failing ---- */

struct operation {
    const char *name;
    int (*run)(const char *name);
    bool has_lines; /* a log with lines is there before */
};

static const struct operation operations[] = {
    {"write", write_lines, false},     {"write again", write_lines, true},
    {"name a thread", name_thread, false}, {"read", read_lines, true},
    {"decode", decode_lines, true},    {"change the level", change_level, true},
    {"decode without a ring", decode_without_a_ring, false},
};

/* The log, and its second ring. */
static char paths[2][300];

static void forget(void)
{
    for (size_t i = 0; i < COUNT_OF(paths); i++)
        mapring_remove(paths[i], MAPRING_LOCAL, true);
}

static const char *prepare(const struct operation *operation)
{
    forget();
    if (operation->has_lines)
        check_result(MAPRING_OK, write_lines(paths[0]));
    return paths[0];
}

/* Returns whether the call was made, and so has failed. */
static bool try_fault(const struct operation *operation, unsigned number, long error)
{
    const char *name = prepare(operation);
    unsigned before = operation->has_lines ? LINES : 0;
    faults_fail(number, error);
    int result = operation->run(name);
    bool failed = faults_stop().failed;
    check(result == MAPRING_OK || (result < 0 && mapring_last_error()->text[0]));
    if (operation->run == write_lines)
        check_lines(name, before + LINES - unwritten);
    check_result(MAPRING_OK, operation->run(name));
    return failed;
}

static void try_operation(const struct operation *operation)
{
    static const struct fault_call *calls[FAULT_CALL_LIMIT];
    unsigned tried = 0, failed = 0;
    for (int i = 0; i < 2; i++) {
        const char *name = prepare(operation);
        faults_count();
        check_result(MAPRING_OK, operation->run(name));
        struct faults is = faults_stop();
        memcpy(calls, is.calls, is.count * sizeof *calls);
        tried = is.count;
        }
    unsigned count = tried;
    tried = 0;
    for (unsigned i = 0; i < count; i++)
        for (size_t e = 0; e < calls[i]->error_count; e++, tried++) {
            snprintf(where, sizeof where, "%s, where call %u, %s, fails with %ld", operation->name,
                     i, calls[i]->name, calls[i]->errors[e]);
            failed += try_fault(operation, i, calls[i]->errors[e]);
        }
    check(tried > 0 && failed > tried / 2);
}

static void test_no_line_is_lost_untold_by_a_failing_call(void **state)
{
    (void)state;
    snprintf(paths[0], sizeof paths[0], "%s", new_path(".ring"));
    snprintf(paths[1], sizeof paths[1], "%.*s.1.ring", (int)(strlen(paths[0]) - strlen(".ring")),
             paths[0]);
    for (size_t i = 0; i < COUNT_OF(operations); i++)
        try_operation(&operations[i]);
    where[0] = '\0';
    forget();
}

/* What is done once in each process. */
static int first_log(int argc, char **argv)
{
    (void)argc;
    if (!faults_fail_next(argv[1]))
        return 0;
    int result = write_lines(argv[0]);
    check(result == MAPRING_OK || result == MAPRING_ERROR_NO_MEMORY);
    check(faults_failed_next());
    check_lines(argv[0], LINES - unwritten);
    check_result(MAPRING_OK, write_lines(argv[0]));
    return 0;
}

static void test_the_first_log_of_a_process_survives(void **state)
{
    (void)state;
    static const char *const calls[] = {"pthread_key_create", "pthread_setspecific", "realloc",
                                        "pthread_atfork"};
    for (size_t i = 0; i < COUNT_OF(calls); i++)
        process_finish(start_role("first_log", new_path(".ring"), calls[i], NULL));
}

/* The first line of a process takes memory for what all logs share. */
static int first_line(int argc, char **argv)
{
    (void)argc;
    mapring_log *log;
    struct mapring_log_stat stat;
    check_result(MAPRING_OK, mapring_log_open(&log, argv[0], &options));
    faults_fail((unsigned)strtoul(argv[1], NULL, 10), fault_calls[0].errors[0]);
    log_from_new_site(log);
    bool failed = faults_stop().failed;
    check_result(MAPRING_OK, mapring_log_stat(log, &stat));
    mapring_log_close(log);
    check_lines(argv[0], 1 - stat.unwritten_lines);
    role_say(failed ? "failed" : "no call");
    return 0;
}

static void test_the_first_line_of_a_process_survives(void **state)
{
    (void)state;
    const char *path = new_path(".ring"), *word = "failed";
    char number[16];
    unsigned i;
    for (i = 0; strcmp(word, "failed") == 0; i++) {
        snprintf(number, sizeof number, "%u", i);
        struct process *process = start_role("first_line", path, number, NULL);
        word = process_line(process);
        check(word != NULL);
        bool more = strcmp(word, "failed") == 0;
        process_finish(process);
        word = more ? "failed" : "no call";
        mapring_remove(path, MAPRING_LOCAL, true);
    }
    check(i > 5);
}

static int tell_and_teardown(void **state)
{
    if (where[0])
        print_message("%s\n", where);
    where[0] = '\0';
    return test_teardown(state);
}

static const struct role roles[] = {{"first_log", first_log},
                                    {"first_line", first_line}};

static const struct CMUnitTest tests[] = {
    {"test_no_line_is_lost_untold_by_a_failing_call", test_no_line_is_lost_untold_by_a_failing_call,
     test_setup, tell_and_teardown, NULL},
    TEST(test_the_first_log_of_a_process_survives),
    TEST(test_the_first_line_of_a_process_survives),
};

TEST_MAIN(roles, tests)
