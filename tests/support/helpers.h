/* SPDX-License-Identifier: MIT */
/*
 * The multi-process runner. Every role of a test is a process of its own: the test program starts
 * itself again with `--role NAME ARGUMENT...`. Test and role talk in lines over pipes, so nobody
 * sleeps to wait for somebody. Every wait has a time limit; what a test leaves behind (processes,
 * rings, files) is removed after it, also when it fails.
 *
 *     static int reader(int argc, char **argv) { role_say("ready"); role_hear("go"); ... return 0; }
 *     static void test_something(void **state)
 *     {
 *         struct process *process = start_role("reader", new_ring_name(), NULL);
 *         process_hear(process, "ready");
 *         process_say(process, "go");
 *         process_finish(process);
 *     }
 *     static const struct role roles[] = {{"reader", reader}};
 *     static const struct CMUnitTest tests[] = {TEST(test_something)};
 *     TEST_MAIN(roles, tests)
 *
 * Usage of a suite: test_x [PATTERN], to run the tests whose names match.
 */
#ifndef MAPRING_TESTS_HELPERS_H
#define MAPRING_TESTS_HELPERS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#undef fail /* a function of the library */

#include "error.h"
#include "mapring/mapring.h"
#include "os.h"

#define MILLISECONDS INT64_C(1000000)
#define SECONDS      INT64_C(1000000000)
#define TIME_LIMIT   (30 * SECONDS) /* of every wait for another process */

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* A number that looks random, the same one for the same value. */
uint64_t mix(uint64_t value);

/* ---- Checks: in tests and in roles, not in threads other than the main one ---- */

/* The last failure of the library is shown with it. */
#define check(condition) \
    ((condition) ? (void)0 : check_failed(__FILE__, __LINE__, "%s", #condition))
#define check_result(expected, call) check_results(__FILE__, __LINE__, #call, (expected), (call))
#define check_number(expected, actual) \
    check_numbers(__FILE__, __LINE__, #actual, (int64_t)(expected), (int64_t)(actual))
#define check_text(expected, actual) check_texts(__FILE__, __LINE__, #actual, (expected), (actual))

PRINTF_LIKE(3, 4)
__attribute__((noreturn)) void check_failed(const char *file, int line, const char *format, ...);
void check_results(const char *file, int line, const char *call, int expected, int actual);
void check_numbers(const char *file, int line, const char *what, int64_t expected, int64_t actual);
void check_texts(const char *file, int line, const char *what, const char *expected,
                 const char *actual);

/* ---- Suites ---- */

struct role {
    const char *name;
    int (*main)(int argc, char **argv); /* argv: the arguments only; returns the exit code */
};

/* clang-format takes the # for a directive. */
/* clang-format off */
#define TEST(function) {#function, function, test_setup, test_teardown, NULL}
/* clang-format on */
#define TEST_MAIN(roles, tests)                                                       \
    int main(int argc, char **argv)                                                   \
    {                                                                                 \
        return test_main(argc, argv, roles, COUNT_OF(roles), tests, COUNT_OF(tests)); \
    }

int test_main(int argc, char **argv, const struct role *roles, size_t role_count,
              const struct CMUnitTest *tests, size_t test_count);
int test_setup(void **state);
int test_teardown(void **state);

/* ---- Processes, seen from the test ---- */

struct process;

struct process *start_role(const char *role, ...); /* arguments, ending with NULL */

/* The mapring command or any other program; streams may be NULL: pipes. */
struct process *start_tool(const struct process_streams *streams, const char *const *arguments);
struct process *start_program(const struct process_streams *streams, const char *program,
                              const char *const *arguments);

PRINTF_LIKE(2, 3) void process_say(struct process *process, const char *format, ...); /* one line */
/* Its next line; NULL at the end of its output. */
const char *process_line(struct process *process);
void process_hear(struct process *process, const char *line);
void process_write(struct process *process, const void *data, size_t bytes);
void process_close_input(struct process *process);
void process_close_output(struct process *process);             /* nobody reads it any more */
char *process_read_all(struct process *process, size_t *bytes); /* until it closes; free() it */

struct process_end process_wait(struct process *process); /* until its end; frees it */
void process_finish(struct process *process);   /* the same, and it must have been code 0 */
int process_exit_code(struct process *process); /* the same, and it must have exited */
void process_kill(struct process *process);     /* hard; returns when it is gone, and frees it */
void process_pause(struct process *process);
void process_resume(struct process *process);
/* Ctrl-C; false: cannot be done here. Before its start, have_console() must have been called. */
bool process_interrupt(struct process *process);
void have_console(void);
uint64_t process_id(const struct process *process);

/* ---- Seen from the role ---- */

PRINTF_LIKE(1, 2) void role_say(const char *format, ...);
const char *role_line(void); /* the test's next line; ends the process when the test has gone */
void role_hear(const char *line);

/* ---- Names and files: unique, removed after the test. Valid until then ---- */

const char *new_ring_name(void);          /* of a named ring in the local scope */
const char *new_path(const char *suffix); /* in a temporary directory; nothing is there yet */

/* A new ring, named or in a file, kept alive until the test ends. Options may be NULL. */
const char *new_ring(const struct mapring_options *options);
const char *new_ring_file(const struct mapring_options *options);

void write_file(const char *path, const void *data, size_t bytes);
char *read_file(const char *path, size_t *bytes); /* with a NUL behind; free() it */

/* ---- Time ---- */

int64_t now_ns(void);

/* Polls until true. For what shared memory shows and no line tells. */
#define check_soon(condition)                                                        \
    do {                                                                             \
        int64_t soon_limit = now_ns() + TIME_LIMIT;                                  \
        while (!(condition)) {                                                       \
            if (now_ns() > soon_limit)                                               \
                check_failed(__FILE__, __LINE__, "never came true: %s", #condition); \
            os_yield();                                                              \
        }                                                                            \
    } while (0)

#endif
