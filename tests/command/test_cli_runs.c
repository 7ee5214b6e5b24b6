/* SPDX-License-Identifier: MIT */
/* Rings that are used a second time, and sides that are started again. */
#include "actor.h"
#include "cli.h"

enum { ROUNDS = 3 };

static const char *line_of(unsigned round)
{
    static const char *const lines[] = {"first\n", "second\n", "third\n", "fourth\n"};
    return lines[round];
}

static struct process *start_recipe_reader(const char *name, const char *copy)
{
    return START(TO(copy), "recv", name, "--wait");
}

static struct process *start_recipe_sender(const char *name)
{
    return START(NULL, "send", name, "--wait-consumers", "1");
}

/* One run of the recipe in README.md. */
static void check_recipe(const char *name, unsigned round, bool reader_first)
{
    const char *copy = new_path(".copy");
    struct process *reader = NULL;
    if (reader_first)
        reader = start_recipe_reader(name, copy);
    struct process *sender = start_recipe_sender(name);
    if (!reader_first) {
        await_producer(name, MAPRING_PRODUCER_IS_OPEN);
        reader = start_recipe_reader(name, copy);
    }
    process_write(sender, line_of(round), strlen(line_of(round)));
    process_close_input(sender);
    process_finish(sender);
    process_finish(reader);
    check_file(copy, line_of(round), strlen(line_of(round)));
}

/* Also where the ring disappears with its users, and in a file. */
static void the_recipe_of_the_readme_works_any_number_of_times(void **state)
{
    (void)state;
    const char *const names[] = {new_ring(NULL), new_ring_name(), new_path(".ring")};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        for (unsigned round = 0; round < ROUNDS; round++)
            check_recipe(names[i], round, true);
}

static void the_recipe_works_with_the_sender_first(void **state)
{
    (void)state;
    const char *const names[] = {new_ring(NULL), new_ring_name(), new_path(".ring")};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        for (unsigned round = 0; round < ROUNDS; round++)
            check_recipe(names[i], round, false);
}

static void the_recipe_works_after_its_sender_was_killed(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    for (unsigned round = 0; round < ROUNDS; round++) {
        const char *copy = new_path(".copy");
        struct process *reader = start_recipe_reader(name, copy);
        struct process *sender = start_recipe_sender(name);
        process_write(sender, line_of(round), strlen(line_of(round)));
        check_soon(os_file_size(copy) == (int64_t)strlen(line_of(round)));
        process_kill(sender);
        check_number(3, process_exit_code(reader));
        check_file(copy, line_of(round), strlen(line_of(round)));
        check_recipe(name, round + 1, round % 2 == 0);
    }
}

/* What the killed reader has not read is there for the next one. */
static void the_recipe_works_after_its_reader_was_killed(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *copy = new_path(".copy");
    struct process *sender = start_recipe_sender(name);
    struct process *reader = START(NULL, "recv", name, "--wait");
    for (unsigned round = 0; round < ROUNDS; round++) {
        process_say(sender, "line %u", round);
        char line[16];
        snprintf(line, sizeof line, "line %u", round);
        process_hear(reader, line);
        check_soon(ring_stat(name).consumer[0].pending_records == 0);
        process_kill(reader);
        reader = round + 1 < ROUNDS ? START(NULL, "recv", name, "--wait")
                                    : start_recipe_reader(name, copy);
    }
    process_say(sender, "last");
    check_soon(os_file_size(copy) == 5);
    process_close_input(sender);
    process_finish(sender);
    process_finish(reader);
    check_file(copy, "last\n", 5);
    check_recipe(name, 0, true);
}

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

static void one_receiver_after_the_other_gets_each_record_once(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    send_line(name, "one\n");
    send_line(name, "two\n");
    check_received("one\n", RUN("recv", name, "--count", "1"));
    check_received("two\n", RUN("recv", name));
    check_received("", RUN("recv", name));
    send_line(name, "three\n");
    check_received("three\n", RUN("recv", name, "--from", "unread"));
    check_received("one\ntwo\nthree\n", RUN("recv", name, "--from", "oldest"));
}

static void from_run_begins_with_the_present_producers_first(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    send_line(name, "old\n");
    struct process *sender = START(NULL, "send", name);
    process_say(sender, "new");
    await_records(name, 2);
    check_received("new\n", RUN("recv", name, "--from", "run", "--count", "1"));
    process_close_input(sender);
    process_finish(sender);
    struct process *receiver = START(NULL, "recv", name, "--from", "run", "--wait");
    await_consumers(name, 1);
    send_line(name, "next\n");
    process_hear(receiver, "next");
    process_finish(receiver);
}

/* What is left from an earlier run comes first, but the end of that run does not count. */
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
    check_text("mapring recv: no producer appeared within 0.1 s\n", ran->errors);
}

/* The exit status of a receiver that is started before there is a ring. It has the time of some
 * other commands to find that out, and then a whole run appears at once. */
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

/* The run begins and ends between two looks of the receiver. */
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
    TEST(the_recipe_of_the_readme_works_any_number_of_times),
    TEST(the_recipe_works_with_the_sender_first),
    TEST(the_recipe_works_after_its_sender_was_killed),
    TEST(the_recipe_works_after_its_reader_was_killed),
    TEST(one_receiver_after_the_other_gets_each_record_once),
    TEST(from_run_begins_with_the_present_producers_first),
    TEST(with_wait_a_receiver_does_not_end_for_an_earlier_run),
    TEST(with_wait_the_run_of_a_ring_that_appears_counts),
    TEST(an_observer_waits_for_a_producer_too),
    TEST(follow_goes_on_through_any_number_of_runs),
};
TEST_MAIN(roles, tests)
