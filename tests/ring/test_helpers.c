/* SPDX-License-Identifier: MIT */
/* Tests the runner itself: if it lies, no other test means anything. */
#include "helpers.h"

static int role_echo(int argc, char **argv)
{
    for (int i = 0; i < argc; i++)
        role_say("%s", argv[i]);
    role_say("ready");
    role_say("heard %s", role_line());
    return 0;
}

static int role_exit(int argc, char **argv)
{
    return argc > 0 ? atoi(argv[0]) : 0;
}

static int role_crash(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    int *volatile nowhere = NULL;
    os_crash_plainly();
    *(volatile int *)nowhere = 1;
    return 0;
}

static int role_check(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    check_number(1, 1);
    check(argc == 77);
    return 0;
}

static void arguments_and_lines_arrive_unharmed(void **state)
{
    (void)state;
    static const char *const words[] = {"one two", "a\"b\\", "", "\\\\x\\\"", "环形缓冲区"};
    struct process *process =
        start_role("echo", words[0], words[1], words[2], words[3], words[4], NULL);
    for (size_t i = 0; i < COUNT_OF(words); i++)
        process_hear(process, words[i]);
    process_hear(process, "ready");
    process_say(process, "line %d", 1);
    process_hear(process, "heard line 1");
    check(process_line(process) == NULL);
    process_finish(process);
}

static void exit_codes_are_told(void **state)
{
    (void)state;
    check_number(0, process_exit_code(start_role("exit", "0", NULL)));
    check_number(42, process_exit_code(start_role("exit", "42", NULL)));
}

static void crashes_are_told(void **state)
{
    (void)state;
    check_number(PROCESS_CRASHED, process_wait(start_role("crash", NULL)).fate);
}

static void failed_checks_of_roles_are_told(void **state)
{
    (void)state;
    char *errors = (char *)new_path(".txt");
    const struct process_streams streams = {.errors = errors};
    static const char *const arguments[] = {"--role", "check", NULL};
    check_number(99, process_exit_code(start_program(&streams, os_own_program(), arguments)));
    char *text = read_file(errors, NULL);
    check(strstr(text, "argc == 77") != NULL);
    free(text);
}

static void killed_and_paused_processes_are_told(void **state)
{
    (void)state;
    struct process *process = start_role("echo", NULL);
    process_hear(process, "ready");
    process_pause(process);
    process_say(process, "x");
    process_resume(process);
    process_hear(process, "heard x");
    process_finish(process);
    process = start_role("echo", NULL);
    process_hear(process, "ready");
    process_pause(process);
    process_kill(process);
}

static void streams_lead_to_files(void **state)
{
    (void)state;
    const char *input = new_path("in"), *output = new_path("out");
    write_file(input, "hello\n", 6);
    const struct process_streams streams = {.input = input, .output = output};
    static const char *const arguments[] = {"--role", "echo", NULL};
    process_finish(start_program(&streams, os_own_program(), arguments));
    char *text = read_file(output, NULL);
    check_text("ready\nheard hello\n", text);
    free(text);
}

static const struct role roles[] = {
    {"echo", role_echo}, {"exit", role_exit}, {"crash", role_crash}, {"check", role_check}};
static void rings_that_a_test_does_not_know_of_are_removed(void **state)
{
    char below[64];
    mapring_ring *ring;
    snprintf(below, sizeof below, "%s.1", new_ring_name());
    check_result(MAPRING_OK, mapring_open(&ring, below, NULL));
    mapring_close(ring);
    check_number(0, test_teardown(state));
    check_result(MAPRING_ERROR_NOT_THERE,
                 mapring_open(&ring, below, &(struct mapring_options){.how = MAPRING_ATTACH}));
}

static const struct CMUnitTest tests[] = {
    TEST(arguments_and_lines_arrive_unharmed),
    TEST(exit_codes_are_told),
    TEST(crashes_are_told),
    TEST(failed_checks_of_roles_are_told),
    TEST(killed_and_paused_processes_are_told),
    TEST(streams_lead_to_files),
    TEST(rings_that_a_test_does_not_know_of_are_removed),
};
TEST_MAIN(roles, tests)
