/* SPDX-License-Identifier: MIT */
/* mapring stress holds, finds what is wrong, and leaves nothing behind. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

struct stress {
    struct process *process;
    const char *errors;
    char ring[600], board[64]; /* of the first round */
};

static const char *temporary_folder(void)
{
    static char path[512];
    snprintf(path, sizeof path, "%s", new_path(".none"));
    char *end = strrchr(path, '/'), *windows_end = strrchr(path, '\\');
    *(end > windows_end || !windows_end ? end : windows_end) = '\0';
    return path;
}

/* Returns when the first round, which is long with this seed, is at work. */
static struct stress start_stress(void)
{
    struct stress stress = {.errors = new_path(".errors")};
    const char *folder = temporary_folder();
    have_console();
    stress.process = START(TO_COMPLAINS_TO(new_path(".out"), stress.errors), "stress", "--no-kills",
                           "--duration", "1d", "--seed", "9", "--place", "file", "--when-full",
                           "block", "--folder", folder);
    uint64_t id = process_id(stress.process);
    snprintf(stress.ring, sizeof stress.ring, "%s/stress-%" PRIu64 "-0", folder, id);
    snprintf(stress.board, sizeof stress.board, "mapring-stress-%" PRIu64, id);
    check_soon(ring_stat(stress.ring).records > 0);
    check_number(0, RUN("view", "read", stress.board)->code);
    return stress;
}

static void check_left_nothing(const struct stress *stress)
{
    check_soon(os_file_size(stress->ring) < 0);
    check_soon(RUN("view", "read", stress->board)->code == 1);
}

static void a_run_kills_and_holds(void **state)
{
    (void)state;
    const struct ran *ran = RUN("stress", "--duration", "2s", "--folder", temporary_folder());
    check_text("", ran->errors);
    check_number(0, ran->code);
    check_begins("seed ", ran->output);
    check_contains("\nkills ", ran->output);
    check_contains("\nEach record was right and in its place.\n", ran->output);
}

static void the_same_seed_makes_the_same_choices(void **state)
{
    (void)state;
    const struct ran *ran[2];
    for (unsigned i = 0; i < 2; i++) {
        ran[i] = RUN("stress", "--seed", "11", "--rounds", "2", "--duration", "1", "--no-kills",
                     "--verbose", "--json", "--folder", temporary_folder());
        check_number(0, ran[i]->code);
        check_json(ran[i]->output, ran[i]->bytes);
        check_begins("{\n  \"held\": true,\n  \"seed\": 11,\n", ran[i]->output);
        check_contains("\n  \"kills\": 0,\n", ran[i]->output);
    }
    check_begins("mapring stress: round 0: a ring in ", ran[0]->errors);
    check_begins("mapring stress: round 0: a ring in ", ran[1]->errors);
    check_number(0, strncmp(ran[0]->errors, ran[1]->errors, strcspn(ran[0]->errors, "\n")));
}

static void options_settle_what_is_chosen(void **state)
{
    (void)state;
    const struct ran *ran =
        RUN("stress", "--rounds", "1", "--duration", "1", "--no-kills", "--verbose", "--producers",
            "3", "--consumers", "5", "--largest", "1K", "--when-full", "drop", "--place", "memory",
            "--waiting", "spin", "--round", "7");
    check_number(0, ran->code);
    check_begins("mapring stress: round 7: a ring in memory of ", ran->errors);
    check_contains(" that drops, ", ran->errors);
    check_contains(" records up to 1.0 KiB; 3 to send, 5 to consume and ", ran->errors);
    check_contains(", which spin; nobody killed, ", ran->errors);
}

static void wrong_options_are_told(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"--duration", "0"},     {"--duration", "5y"}, {"--seed", "x"},        {"--round", "-1"},
        {"--rounds", "0"},       {"--producers", "9"}, {"--consumers", "33"},  {"--largest", "2M"},
        {"--when-full", "wait"}, {"--place", "disk"},  {"--waiting", "awake"},
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        const struct ran *ran = RUN("stress", wrong[i][0], wrong[i][1]);
        check_number(2, ran->code);
        check_contains(wrong[i][0], ran->errors);
    }
    check_number(2, RUN("stress", "ring")->code);
}

static void an_interrupted_run_tells_what_it_has_done(void **state)
{
    (void)state;
    struct stress stress = start_stress();
    check(process_interrupt(stress.process));
    struct process_end end = process_wait(stress.process);
    if (on_windows())
        check(end.code == 130 || end.code == 143); /* 143 is for Ctrl-Break */
    else
        check(end.fate == PROCESS_KILLED && end.code == 2);
    check_left_nothing(&stress);
}

/* The one that conducts is paused, so that the round does not end meanwhile. */
static void a_ring_that_is_removed_is_noticed(void **state)
{
    (void)state;
    struct stress stress = start_stress();
    process_pause(stress.process);
    check_number(0, RUN("rm", "--force", stress.ring)->code);
    process_resume(stress.process);
    char *text = complaint_of(stress.process, 1, stress.errors);
    check_begins("mapring stress: round 0: ", text);
    check_contains("use --seed 9 --round 0 and the same other options", text);
    free(text);
    check_left_nothing(&stress);
}

/* Not under Wine, where the folder stays in use for a while after the ring in it is gone. */
static void nothing_is_left_when_it_is_killed(void **state)
{
    (void)state;
    if (on_windows())
        skip();
    struct stress stress = start_stress();
    process_kill(stress.process);
    check_left_nothing(&stress);
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(a_run_kills_and_holds),
    TEST(the_same_seed_makes_the_same_choices),
    TEST(options_settle_what_is_chosen),
    TEST(wrong_options_are_told),
    TEST(an_interrupted_run_tells_what_it_has_done),
    TEST(a_ring_that_is_removed_is_noticed),
    TEST(nothing_is_left_when_it_is_killed),
};
TEST_MAIN(roles, tests)
