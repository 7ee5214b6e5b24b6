/* SPDX-License-Identifier: MIT */
/* The example of a service that logs, killed at any time. */
#include <stdlib.h>
#include <string.h>

#include "helpers.h"
#include "mapring/log_reader.h"

enum { KILLS = 5, CONFIRMED = 200 };

/* Whether the log has the order. */
static bool has_order(const char *path, int64_t id)
{
    mapring_log_reader *reader;
    struct mapring_log_line line;
    bool found = false;
    int result;
    check_result(MAPRING_OK, mapring_log_reader_open(&reader, path, NULL));
    while (!found && (result = mapring_log_reader_next(reader, &line, TIME_LIMIT)) >= 0 &&
           result != MAPRING_TIMED_OUT)
        found = result == MAPRING_OK && strcmp(line.thread_name, "orders") == 0 &&
                line.values[0].is.integer == id;
    mapring_log_reader_close(reader);
    return found;
}

static void test_what_was_confirmed_before_a_kill_is_in_the_log(void **state)
{
    (void)state;
    const char *program = getenv("MAPRING_EXAMPLE_LOG"), *path = new_path(".ring");
    check(program != NULL);
    for (int i = 0; i < KILLS; i++) {
        struct process *service =
            start_program(NULL, program, (const char *const[]){path, NULL});
        int64_t last = -1;
        for (int order = 0; order < CONFIRMED + i; order++) {
            const char *line = process_line(service);
            check(line != NULL);
            last = strtoll(line, NULL, 10);
            check_number(order, last);
        }
        process_kill(service);
        check(has_order(path, last));
    }
    for (int ring = 1; ring < 4; ring++) {
        char more[400];
        snprintf(more, sizeof more, "%.*s.%d.ring", (int)(strlen(path) - strlen(".ring")), path,
                 ring);
        mapring_remove(more, MAPRING_LOCAL, true);
    }
}

static const struct CMUnitTest tests[] = {
    TEST(test_what_was_confirmed_before_a_kill_is_in_the_log),
};

static const struct role roles[] = {{0}};

TEST_MAIN(roles, tests)
