/* SPDX-License-Identifier: MIT */
/* The second time: a ring that was used before, and sides that are started again. */
#include "actor.h"
#include "cli.h"

enum { ROUNDS = 3 };

static void send_line(const char *name, const char *line)
{
    const struct ran *ran = RUN("send", name, new_file(line, strlen(line)));
    check_text("", ran->errors);
    check_number(0, ran->code);
}

static void check_received(const char *expected, const struct ran *ran)
{
    check_text(expected, ran->output);
    check_text("", ran->errors);
    check_number(0, ran->code);
}

/* What is left comes first, and the run that it belongs to is over. */
static void with_wait_a_receiver_does_not_end_for_an_earlier_run(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    send_line(name, "left\n");
    struct process *receiver = START(NULL, "recv", name, "--wait");
    process_hear(receiver, "left");
    struct process *sender = START(NULL, "send", name);
    process_say(sender, "new");
    process_hear(receiver, "new");
    process_close_input(sender);
    process_finish(sender);
    check(process_line(receiver) == NULL);
    process_finish(receiver);
    const struct ran *ran = RUN("recv", name, "--wait", "--timeout", "0.1");
    check_number(4, ran->code);
    check_text("mapring recv: no producer came within 0.1 s\n", ran->errors);
}

/* The exit status of a receiver that was started before there was a ring, and has had the time of
 * some other commands to see that; then a whole run is there at once. */
static int receive_what_appears(unsigned commands)
{
    const char *path = new_path(".ring"), *other = new_path(".ring");
    send_line(other, "all\n");
    struct process *receiver = START(NULL, "recv", path, "--wait", "--timeout", "1");
    while (commands-- > 0)
        RUN("--version");
    check(rename(other, path) == 0);
    process_hear(receiver, "all");
    return process_exit_code(receiver);
}

/* It came and went between two looks. */
static void with_wait_the_run_of_a_ring_that_appears_counts(void **state)
{
    (void)state;
    unsigned commands = 1;
    while (receive_what_appears(commands) != 0)
        check(++commands < 20);
}

static void an_observer_waits_for_a_producer_too(void **state)
{
    (void)state;
    const struct mapring_options overwrites = {.when_full = MAPRING_OVERWRITE};
    const char *name = new_ring(&overwrites);
    send_line(name, "old\n");
    check_received("old\n", RUN("recv", name, "--observe"));
    struct process *receiver = START(NULL, "recv", name, "--observe", "--wait");
    process_hear(receiver, "old");
    send_line(name, "new\n");
    process_hear(receiver, "new");
    process_finish(receiver);
}

static void follow_goes_on_through_any_number_of_runs(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    struct process *receiver = START(NULL, "recv", name, "--wait", "--follow", "--count", "4");
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct process *sender = START(NULL, "send", name, "--wait");
        process_say(sender, "%u", round);
        char line[16];
        snprintf(line, sizeof line, "%u", round);
        process_hear(receiver, line);
        process_kill(sender);
    }
    send_line(name, "last\n");
    process_hear(receiver, "last");
    process_finish(receiver);
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(with_wait_a_receiver_does_not_end_for_an_earlier_run),
    TEST(with_wait_the_run_of_a_ring_that_appears_counts),
    TEST(an_observer_waits_for_a_producer_too),
    TEST(follow_goes_on_through_any_number_of_runs),
};
TEST_MAIN(roles, tests)
