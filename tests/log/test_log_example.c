/* SPDX-License-Identifier: MIT */
/* The service of examples/log.c: whatever it said that it had logged is there after it was killed. */
#include <string.h>

#include "cli.h"
#include "mapring/log.h"
#include "mapring/log_reader.h"

enum { THREADS = 3, RUNS = 3, BEATS = 5 };
static const char *const thread_names[THREADS] = {"orders", "prices", "heartbeat"};

/* The number of the last line of each thread. */
struct numbers {
    int of[THREADS];
};

static int thread_index(const char *name)
{
    for (int i = 0; i < THREADS; i++)
        if (strcmp(name, thread_names[i]) == 0)
            return i;
    check_failed(__FILE__, __LINE__, "there is no thread %s", name);
}

static struct process *start_service(const char *name, const char *said)
{
    return start_program(TO(said), getenv("MAPRING_EXAMPLE_LOG"), ARGUMENTS(name, "--tell"));
}

/* What the service has written to that file, in whole lines. */
static struct numbers numbers_said(const char *path)
{
    struct numbers numbers = {{0}};
    size_t bytes;
    char *text = read_file(path, &bytes);
    char thread[16];
    int number;
    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        check_number(2, sscanf(line, "%15s %d", thread, &number));
        int i = thread_index(thread);
        check_number(numbers.of[i] + 1, number);
        numbers.of[i] = number;
    }
    free(text);
    return numbers;
}

/* Kills the service in the middle of its work, and returns what it said until then. */
static struct numbers run_and_kill(const char *name, uint64_t *process)
{
    const char *said = new_file("", 0);
    struct process *service = start_service(name, said);
    *process = process_id(service);
    check_soon(numbers_said(said).of[2] >= BEATS);
    process_kill(service);
    return numbers_said(said);
}

static bool has_all(const struct numbers *logged, const struct numbers *said)
{
    for (int i = 0; i < THREADS; i++)
        if (logged->of[i] < said->of[i])
            return false;
    return true;
}

/* The next line; only ends of runs come before it. Waits, since nobody knows at once that the
 * service is dead and cannot write an earlier line. */
static void next_line(mapring_log_reader *reader, struct mapring_log_line *line)
{
    int result;
    do
        result = mapring_log_reader_next(reader, line, TIME_LIMIT);
    while (result == MAPRING_PRODUCER_DIED || result == MAPRING_PRODUCER_CLOSED);
    check_result(MAPRING_OK, result);
}

/* The log has all that the process said, one number after another, and nothing twice. */
static void check_all_are_there(const struct numbers *said, const char *name, uint64_t process)
{
    const struct mapring_log_reader_options options = {.from = MAPRING_OLDEST};
    struct numbers logged = {{0}};
    struct mapring_log_line line;
    mapring_log_reader *reader;
    check_result(MAPRING_OK, mapring_log_reader_open(&reader, name, &options));
    while (!has_all(&logged, said)) {
        next_line(reader, &line);
        if (line.process != process || line.level != MAPRING_LEVEL_INFO)
            continue;
        int i = thread_index(line.thread_name);
        check_number(++logged.of[i], line.values[0].is.integer);
    }
    mapring_log_reader_close(reader);
}

static void check_kills(const char *name)
{
    struct numbers said[RUNS];
    uint64_t processes[RUNS];
    for (int run = 0; run < RUNS; run++) {
        said[run] = run_and_kill(name, &processes[run]);
        for (int earlier = 0; earlier <= run; earlier++)
            check_all_are_there(&said[earlier], name, processes[earlier]);
    }
}

static void test_all_that_was_said_is_in_files(void **state)
{
    (void)state;
    use_directory();
    check_kills(new_ring_name());
    use_no_directory();
}

static void test_all_that_was_said_is_in_memory(void **state)
{
    (void)state;
    if (!os_names_outlive_handles()) {
        print_message("A named ring ends with its process here.\n");
        skip();
    }
    const char *name = new_ring_name();
    new_name_below(name, "1");
    new_name_below(name, "2");
    new_name_below(name, "3");
    check_kills(name);
}

static void test_a_signal_ends_the_service(void **state)
{
    (void)state;
    if (on_windows()) {
        print_message("Windows disables Ctrl-C for programs that a test starts.\n");
        skip();
    }
    const char *name = new_ring_name(), *said = new_file("", 0);
    use_directory();
    struct process *service = start_service(name, said);
    check_soon(numbers_said(said).of[2] > 0);
    check(process_interrupt(service));
    process_finish(service);
    const struct ran *last = RUN("dump", name, "--last", "1", "--format", "{level} {text}");
    check_text("INFO stopped by a signal\n", last->output);
    use_no_directory();
}

static void test_wrong_arguments_are_refused(void **state)
{
    (void)state;
    const char *program = getenv("MAPRING_EXAMPLE_LOG");
    const char *errors = new_file("", 0);
    free(complaint_of(start_program(COMPLAINS_TO(errors), program, ARGUMENTS("a", "--say")), 2,
                      errors));
    char *complaint = complaint_of(
        start_program(COMPLAINS_TO(errors), program, ARGUMENTS("no/such/folder/a.ring")), 1,
        errors);
    check_contains("no/such/folder/a.ring", complaint);
    free(complaint);
}

static const struct role roles[] = {{NULL, NULL}};
static const struct CMUnitTest tests[] = {
    TEST(test_all_that_was_said_is_in_files),
    TEST(test_all_that_was_said_is_in_memory),
    TEST(test_a_signal_ends_the_service),
    TEST(test_wrong_arguments_are_refused),
};
TEST_MAIN(roles, tests)
