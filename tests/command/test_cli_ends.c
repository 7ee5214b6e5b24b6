/* SPDX-License-Identifier: MIT */
/* How commands end, and with which exit status. */
#include <inttypes.h>

#include "cli.h"

enum { SMALL = 65536 };

static const struct mapring_options small = {.capacity_bytes = SMALL};

/* A consumer that reads nothing until it is killed. */
static int role_idler(int argc, char **argv)
{
    check_number(1, argc);
    mapring_consumer *consumer;
    const struct mapring_consumer_options options = {.name = "idler"};
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, argv[0], &options));
    role_say("ready");
    role_line();
    return 0;
}

static struct process *start_idler(const char *name)
{
    struct process *idler = start_role("idler", name, NULL);
    process_hear(idler, "ready");
    return idler;
}

/* ---- recv ---- */

static void recv_ends_with_0_when_the_producer_closed(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *errors = new_path(".errors");
    struct process *receiver = START(COMPLAINS_TO(errors), "recv", name);
    check_number(0, RUN("send", name, new_file("one\ntwo\n", 8))->code);
    process_hear(receiver, "one");
    process_hear(receiver, "two");
    check(process_line(receiver) == NULL);
    char *text = complaint_of(receiver, 0, errors);
    check_text("", text);
    free(text);
}

static void recv_ends_with_3_when_the_producer_died(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *errors = new_path(".errors");
    struct process *sender = START(NULL, "send", name);
    struct process *receiver = START(COMPLAINS_TO(errors), "recv", name);
    process_say(sender, "one\ntwo");
    process_hear(receiver, "one");
    process_hear(receiver, "two");
    process_kill(sender);
    char *text = complaint_of(receiver, 3, errors);
    check_text("mapring recv: the producer died; all 2 records that it left were read\n", text);
    free(text);
}

static void recv_reads_all_that_a_dead_producer_left(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    struct process *sender = START(NULL, "send", name);
    process_say(sender, "one\ntwo\nthree");
    await_records(name, 3);
    process_kill(sender);
    const struct ran *ran = RUN("recv", name);
    check_number(3, ran->code);
    check_text("one\ntwo\nthree\n", ran->output);
}

static void recv_ends_with_4_when_nothing_comes_in_time(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    struct process *sender = START(NULL, "send", name);
    process_say(sender, "one");
    await_records(name, 1);
    const struct ran *ran = RUN("recv", name, "--timeout", "0.1");
    check_number(4, ran->code);
    check_text("one\n", ran->output);
    check_text("mapring recv: no record arrived within 0.1 s\n", ran->errors);
    check_number(4, RUN("recv", name, "--timeout", "0", "--from", "newest")->code);
    check_number(4, RUN("recv", name, "--timeout", ".1", "--follow")->code);
    ran = RUN("recv", new_ring_name(), "--timeout", "0.1", "--wait");
    check_number(4, ran->code);
    check_text("mapring recv: no such ring appeared within 0.1 s\n", ran->errors);
}

static void recv_takes_a_stopped_producer_for_alive(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    struct process *sender = START(NULL, "send", name);
    await_producer(name, MAPRING_PRODUCER_IS_OPEN);
    process_pause(sender);
    check_number(4, RUN("recv", name, "--timeout", "0.5")->code);
    process_resume(sender);
    process_close_input(sender);
    process_finish(sender);
    check_number(0, RUN("recv", name, "--timeout", "30")->code);
}

static void without_a_ring_commands_end_with_1(void **state)
{
    (void)state;
    const char *const names[] = {new_ring_name(), new_path(".ring"), new_path("/no/folder.ring")};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct ran *ran = RUN("recv", names[i]);
        check_number(1, ran->code);
        check_begins("mapring recv: ", ran->errors);
        check_contains(names[i], ran->errors);
        check_contains("\nmapring recv: start its producer first, or use --wait\n", ran->errors);
        ran = RUN("stat", names[i]);
        check_number(1, ran->code);
        check_number(0, ran->bytes);
        check_contains(names[i], ran->errors);
        check_number(1, RUN("rm", names[i])->code);
    }
}

static void the_33rd_receiver_is_refused(void **state)
{
    (void)state;
    mapring_consumer *consumers[MAPRING_CONSUMER_LIMIT];
    const char *name = new_ring(NULL);
    for (unsigned i = 0; i < MAPRING_CONSUMER_LIMIT; i++)
        check_result(MAPRING_OK, mapring_consumer_open(&consumers[i], name, NULL));
    const struct ran *ran = RUN("recv", name, "--wait");
    check_number(1, ran->code);
    check_contains("32", ran->errors);
    for (unsigned i = 0; i < MAPRING_CONSUMER_LIMIT; i++)
        mapring_consumer_close(consumers[i]);
}

/* ---- send ---- */

static void a_second_sender_is_refused(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    START(NULL, "send", name);
    await_producer(name, MAPRING_PRODUCER_IS_OPEN);
    const struct ran *ran = RUN("send", name);
    check_number(1, ran->code);
    check_begins("mapring send: ", ran->errors);
    check_contains(name, ran->errors);
    check_number(MAPRING_PRODUCER_IS_OPEN, ring_stat(name).producer_state);
}

static void with_wait_a_sender_waits_until_the_other_has_ended(void **state)
{
    (void)state;
    for (int kill = 0; kill < 2; kill++) {
        const char *name = new_ring(NULL), *file = new_file("two\n", 4), *copy = new_path(".copy");
        struct process *first = START(NULL, "send", name);
        process_say(first, "one");
        await_records(name, 1);
        struct process *second = START(NULL, "send", name, file, "--wait", "--timeout", "30");
        if (kill) {
            process_kill(first);
        } else {
            process_close_input(first);
            process_finish(first);
        }
        process_finish(second);
        process_finish(START(TO(copy), "recv", name, "--count", "2", "--from", "oldest"));
        check_file(copy, "one\ntwo\n", 8);
    }
}

static void the_wait_for_the_other_sender_has_a_limit(void **state)
{
    (void)state;
    char expected[128];
    const char *name = new_ring(NULL);
    struct process *first = START(NULL, "send", name);
    await_producer(name, MAPRING_PRODUCER_IS_OPEN);
    const struct ran *ran = RUN("send", name, "--wait", "--timeout", "0.1");
    check_number(4, ran->code);
    snprintf(expected, sizeof expected,
             "mapring send: ring '%s' already has a producer, process %" PRIu64
             "\nmapring send: that producer did not end within 0.1 s\n",
             name, process_id(first));
    check_text(expected, ran->errors);
    ran = RUN("send", name);
    check_number(1, ran->code);
    check_contains("\nmapring send: use --wait to wait until that producer has ended\n",
                   ran->errors);
}

static void a_file_that_cannot_be_read_ends_the_sender(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *missing = new_path(".missing"), *folder = new_path("");
    const char *first = new_file("first\n", 6), *last = new_file("last\n", 5);
    const struct ran *ran = RUN("send", name, first, missing, last);
    check_number(1, ran->code);
    check_begins("mapring send: cannot open ", ran->errors);
    check_contains(missing, ran->errors);
    check(os_make_directory(folder));
    ran = RUN("send", name, folder);
    check_number(1, ran->code);
    check_contains(folder, ran->errors);
    check_text("first\n", RUN("recv", name)->output);
}

static const char *new_large_file(void)
{
    size_t bytes, lines;
    char *log = make_log(2 * SMALL, &bytes, &lines);
    const char *file = new_file(log, bytes);
    free(log);
    return file;
}

static void a_full_ring_ends_the_sender_in_time(void **state)
{
    (void)state;
    char expected[256];
    const char *name = new_ring(&small), *file = new_large_file();
    const struct ran *ran = RUN("send", name, file, "--timeout", "0.1");
    check_number(4, ran->code);
    snprintf(
        expected, sizeof expected,
        "mapring send: the ring '%s' was full for 0.1 s: no consumer has ever attached; start one: "
        "mapring recv %s\n",
        name, name);
    check_text(expected, ran->errors);
    check_number(MAPRING_PRODUCER_HAS_CLOSED, ring_stat(name).producer_state);
    struct process *idler = start_idler(name);
    ran = RUN("send", name, file, "--timeout", "0.1");
    check_number(4, ran->code);
    snprintf(expected, sizeof expected,
             "mapring send: the ring '%s' was full for 0.1 s: consumer 'idler', process %" PRIu64
             ", is ",
             name, process_id(idler));
    check_begins(expected, ran->errors);
    check_contains(" records behind\n", ran->errors);
}

/* A service whose ring nobody reads hangs, but says so. */
static void a_sender_that_waits_for_a_second_says_for_whom(void **state)
{
    (void)state;
    char expected[256], scoped[256];
    const char *name = new_ring(&small), *file = new_large_file(), *errors = new_path(".errors");
    START(COMPLAINS_TO(errors), "send", name, file);
    snprintf(expected, sizeof expected,
             "mapring send: the ring '%s' is full; waiting for room: no consumer has ever "
             "attached; start one: "
             "mapring recv %s\n",
             name, name);
    check_soon(os_file_size(errors) == (int64_t)strlen(expected));
    char *text = read_file(errors, NULL);
    check_text(expected, text);
    free(text);
    const char *global = new_ring_name();
    const struct ran *ran =
        RUN("send", global, file, "--scope", "global", "--capacity", "64K", "--timeout", "0.1");
    mapring_remove(global, MAPRING_GLOBAL, true);
    snprintf(scoped, sizeof scoped, "mapring recv %s --scope global\n", global);
    check_contains(scoped, ran->errors);
}

static void a_consumer_that_makes_no_room_is_named(void **state)
{
    (void)state;
    for (int stopped = 0; stopped < 2; stopped++) {
        char expected[256];
        const char *name = new_ring(&small), *file = new_large_file();
        struct process *idler = start_idler(name);
        if (stopped)
            process_pause(idler);
        const struct ran *ran = RUN("send", name, file, "--timeout", "1.5");
        check_number(4, ran->code);
        snprintf(expected, sizeof expected,
                 "mapring send: the ring '%s' is full; waiting for room: consumer 'idler', process "
                 "%" PRIu64 ", %s",
                 name, process_id(idler),
                 stopped && !on_windows() ? "is stopped; " : "has made no room for 1 s; ");
        check_begins(expected, ran->errors);
        check_contains("\nmapring send: the ring '", ran->errors);
        check_contains("' was full for 1.5 s: consumer 'idler', process ", ran->errors);
    }
}

static void a_durable_consumer_that_is_away_is_named(void **state)
{
    (void)state;
    const char *name = new_ring(&small), *file = new_large_file();
    check_number(4, RUN("recv", name, "--consumer", "arc", "--timeout", "0")->code);
    const struct ran *ran = RUN("send", name, file, "--timeout", "0");
    check_number(4, ran->code);
    check_contains(": the durable consumer 'arc' is away; restart it, or give up its place: "
                   "mapring consumer rm ",
                   ran->errors);
}

/* A consumer's name may contain control sequences for the terminal. */
static void a_consumers_name_is_made_fit_for_a_terminal(void **state)
{
    (void)state;
    const char *name = new_ring(&small), *file = new_large_file();
    const struct mapring_consumer_options evil = {.name = "\x1b[31m\xff\xc2\x9b"
                                                          "环\n"};
    mapring_consumer *consumer;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &evil));
    check_contains(" consumer '?[31m???环?', process ",
                   RUN("send", name, file, "--timeout", "0")->errors);
    mapring_consumer_close(consumer);
}

static void too_few_consumers_end_the_sender_in_time(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *file = new_file("x\n", 2);
    start_idler(name);
    const struct ran *ran = RUN("send", name, file, "--wait-consumers", "2", "--timeout", "0.1");
    check_number(4, ran->code);
    check_begins("mapring send: 1 of 2 consumers attached to the ring '", ran->errors);
    check_contains("' within 0.1 s\n", ran->errors);
    check_number(0, ring_stat(name).records);
}

static void another_geometry_is_refused(void **state)
{
    (void)state;
    const char *name = new_ring(&small), *file = new_file("x\n", 2);
    const struct ran *ran = RUN("send", name, file, "--capacity", "128K");
    check_number(1, ran->code);
    check_begins("mapring send: ", ran->errors);
    check_number(1, RUN("send", name, file, "--slot-bytes", "32")->code);
    check_number(0, RUN("send", name, file, "--slot-bytes", "16", "--capacity", "64K")->code);
}

/* ---- Nobody reads the output ---- */

static void recv_ends_with_0_when_nobody_reads_its_output(void **state)
{
    (void)state;
    size_t bytes, lines;
    char *log = make_log(1000000, &bytes, &lines);
    const char *name = new_ring(&small), *errors = new_path(".errors");
    struct process *receiver = START(COMPLAINS_TO(errors), "recv", name);
    struct process *sender =
        START(NULL, "send", name, new_file(log, bytes), "--wait-consumers", "1");
    free(log);
    check(process_line(receiver) != NULL);
    process_close_output(receiver);
    char *text = complaint_of(receiver, 0, errors);
    check_text("", text);
    free(text);
    process_finish(sender);
}

static void other_commands_do_not_mind_either(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    const char *const *const commands[] = {ARGUMENTS("ls"), ARGUMENTS("stat", name),
                                           ARGUMENTS("help"), ARGUMENTS("--version")};
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        const char *errors = new_path(".errors");
        struct process *process = start_tool(COMPLAINS_TO(errors), commands[i]);
        process_close_output(process);
        char *text = complaint_of(process, 0, errors);
        check_text("", text);
        free(text);
    }
}

/* ---- Interrupted ---- */

static void interrupt(struct process *process, const char *errors)
{
    check(process_interrupt(process));
    struct process_end end = process_wait(process);
    char *text = read_file(errors, NULL);
    check_text("", text);
    free(text);
    if (on_windows())
        check(end.code == 130 || end.code == 143); /* 143 is for Ctrl-Break */
    else
        check(end.fate == PROCESS_KILLED && end.code == 2);
}

static void an_interrupted_recv_has_written_what_it_took(void **state)
{
    (void)state;
    have_console();
    const char *name = new_ring(NULL), *copy = new_path(".copy"), *errors = new_path(".errors");
    START(NULL, "send", name, new_file("one\ntwo\n", 8), "-");
    struct process *receiver = START(TO_COMPLAINS_TO(copy, errors), "recv", name, "--follow");
    check_soon(os_file_size(copy) == 8);
    interrupt(receiver, errors);
    check_file(copy, "one\ntwo\n", 8);
    check_number(0, ring_stat(name).consumers);
}

static void an_interrupted_sender_has_closed_the_ring(void **state)
{
    (void)state;
    have_console();
    const char *name = new_ring(NULL), *errors = new_path(".errors");
    struct process *sender = START(COMPLAINS_TO(errors), "send", name, "--linger", "30");
    process_say(sender, "one\ntwo");
    process_write(sender, "incomplete", 10);
    await_records(name, 2);
    interrupt(sender, errors);
    check_number(MAPRING_PRODUCER_HAS_CLOSED, ring_stat(name).producer_state);
    const struct ran *ran = RUN("recv", name);
    check_number(0, ran->code);
    check_text("one\ntwo\n", ran->output);
}

static void a_sender_that_waits_for_room_can_be_interrupted(void **state)
{
    (void)state;
    have_console();
    size_t bytes, lines;
    char *log = make_log(2 * SMALL, &bytes, &lines);
    const char *name = new_ring(&small), *errors = new_path(".errors");
    start_idler(name);
    struct process *sender = START(COMPLAINS_TO(errors), "send", name, new_file(log, bytes));
    free(log);
    check_soon(ring_stat(name).tail > SMALL / 2);
    interrupt(sender, errors);
    check_number(MAPRING_PRODUCER_HAS_CLOSED, ring_stat(name).producer_state);
}

static void a_sender_that_waits_for_consumers_can_be_interrupted(void **state)
{
    (void)state;
    have_console();
    const char *name = new_ring(NULL), *errors = new_path(".errors");
    struct process *sender = START(COMPLAINS_TO(errors), "send", name, "--wait-consumers", "1");
    await_producer(name, MAPRING_PRODUCER_IS_OPEN);
    interrupt(sender, errors);
    check_number(MAPRING_PRODUCER_HAS_CLOSED, ring_stat(name).producer_state);
}

static void a_sender_that_lingers_can_be_interrupted(void **state)
{
    (void)state;
    have_console();
    const char *name = new_ring(NULL), *errors = new_path(".errors");
    struct process *sender =
        START(COMPLAINS_TO(errors), "send", name, new_file("one\n", 4), "--linger", "30");
    await_records(name, 1);
    interrupt(sender, errors);
    const struct ran *ran = RUN("recv", name);
    check_number(0, ran->code);
    check_text("one\n", ran->output);
}

static const struct role roles[] = {{"idler", role_idler}};
static const struct CMUnitTest tests[] = {
    TEST(recv_ends_with_0_when_the_producer_closed),
    TEST(recv_ends_with_3_when_the_producer_died),
    TEST(recv_reads_all_that_a_dead_producer_left),
    TEST(recv_ends_with_4_when_nothing_comes_in_time),
    TEST(recv_takes_a_stopped_producer_for_alive),
    TEST(without_a_ring_commands_end_with_1),
    TEST(the_33rd_receiver_is_refused),
    TEST(a_second_sender_is_refused),
    TEST(with_wait_a_sender_waits_until_the_other_has_ended),
    TEST(the_wait_for_the_other_sender_has_a_limit),
    TEST(a_file_that_cannot_be_read_ends_the_sender),
    TEST(a_full_ring_ends_the_sender_in_time),
    TEST(a_sender_that_waits_for_a_second_says_for_whom),
    TEST(a_consumer_that_makes_no_room_is_named),
    TEST(a_durable_consumer_that_is_away_is_named),
    TEST(a_consumers_name_is_made_fit_for_a_terminal),
    TEST(too_few_consumers_end_the_sender_in_time),
    TEST(another_geometry_is_refused),
    TEST(recv_ends_with_0_when_nobody_reads_its_output),
    TEST(other_commands_do_not_mind_either),
    TEST(an_interrupted_recv_has_written_what_it_took),
    TEST(an_interrupted_sender_has_closed_the_ring),
    TEST(a_sender_that_waits_for_room_can_be_interrupted),
    TEST(a_sender_that_waits_for_consumers_can_be_interrupted),
    TEST(a_sender_that_lingers_can_be_interrupted),
};
TEST_MAIN(roles, tests)
