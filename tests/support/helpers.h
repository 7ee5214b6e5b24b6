/* SPDX-License-Identifier: MIT */
/*
 * The multi-process test runner. Every role of a test runs in a process of its own: the test
 * program starts itself again with `--role NAME ARGUMENT...`. Test and role exchange lines over
 * pipes, so that nobody has to sleep until somebody else is ready. Every wait has a time limit.
 * Whatever a test leaves behind (processes, rings, files) is removed after it, even if it fails.
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
 * Usage of a suite: test_x [PATTERN], to run only the tests whose names match.
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

#undef fail /* a function of the library has this name */

#include "error.h"
#include "mapring/mapring.h"
#include "os.h"

#define MILLISECONDS INT64_C(1000000)
#define SECONDS      INT64_C(1000000000)
#define TIME_LIMIT   (30 * SECONDS) /* of every wait for another process */

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* A pseudo-random number that depends only on the value. */
uint64_t mix(uint64_t value);

/* Whether all is to be tried that takes long under Wine, where processes take ten times as long to
 * talk. */
bool tries_all(void);

/* How often something random is tried, if that is so often on Linux: a third of that if not all is to be
 * tried. */
uint64_t rounds_here(uint64_t rounds);

/* ---- Checks: for tests and roles, in the main thread only ---- */

/* A failed check also prints the library's last failure. */
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
    int (*main)(int argc, char **argv); /* argv holds the arguments only; returns the exit code */
};

/* clang-format takes the # for a preprocessor directive. */
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

struct process *start_role(const char *role, ...); /* the arguments end with NULL */

/* Starts the mapring command or any other program. If streams is NULL, they are pipes. */
struct process *start_tool(const struct process_streams *streams, const char *const *arguments);
struct process *start_program(const struct process_streams *streams, const char *program,
                              const char *const *arguments);

PRINTF_LIKE(2, 3) void process_say(struct process *process, const char *format, ...); /* one line */
/* Returns the next line, or NULL at the end of the output. */
const char *process_line(struct process *process);
void process_hear(struct process *process, const char *line);
void process_write(struct process *process, const void *data, size_t bytes);
void process_close_input(struct process *process);
void process_close_output(struct process *process);             /* nobody reads it any more */
char *process_read_all(struct process *process, size_t *bytes); /* until end of file; free() it */

struct process_end process_wait(struct process *process); /* waits for the end and frees it */
void process_finish(struct process *process);   /* the same, and the exit code must be 0 */
int process_exit_code(struct process *process); /* the same, and it must have exited */
/* forcibly; returns when it is gone, and frees it */
void process_kill(struct process *process);
void process_pause(struct process *process);
void process_resume(struct process *process);
/* Sends Ctrl-C; false if that is impossible here. have_console() must have been called before the
 * process was started. */
bool process_interrupt(struct process *process);
void have_console(void);
uint64_t process_id(const struct process *process);

/* ---- Seen from the role ---- */

PRINTF_LIKE(1, 2) void role_say(const char *format, ...);
const char *role_line(void); /* the test's next line; ends the process if the test is gone */
void role_hear(const char *line);

/* ---- Names and files: unique, valid until the end of the test, and removed then ---- */

const char *new_ring_name(void); /* of a named ring in the local scope */
const char *new_name_below(const char *name, const char *suffix); /* NAME.SUFFIX */
const char *new_path(const char *suffix); /* in a temporary directory; does not exist yet */

/* Creates a ring, named or in a file, and keeps it open until the test ends. Options may be
 * NULL. */
const char *new_ring(const struct mapring_options *options);
const char *new_ring_file(const struct mapring_options *options);

void write_file(const char *path, const void *data, size_t bytes);
char *read_file(const char *path, size_t *bytes); /* with a terminating NUL; free() it */

/* ---- Time ---- */

int64_t now_ns(void);

/* Polls until the condition is true. For what shared memory shows and no process reports. */
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
