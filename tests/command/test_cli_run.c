/* SPDX-License-Identifier: MIT */
/* mapring run: what the program inherits, where its output goes, and how it ends. */
#include "cli.h"

enum { SMALL = 65536, FLOOD_LINES = 20000 };

/* ---- The programs ---- */

#define PROGRAM(...) os_own_program(), "--role", __VA_ARGS__

static int print_arguments(int argc, char **argv)
{
    for (int i = 0; i < argc; i++)
        printf("%s\n", argv[i]);
    return 0;
}

static void write_to(FILE *stream, const char *text)
{
    fputs(text, stream);
    fflush(stream);
}

static int write_both(int argc, char **argv)
{
    (void)argc;
    write_to(stdout, "to stdout\n");
    write_to(stderr, "to stderr\n");
    write_to(stdout, "unfinished");
    return atoi(argv[0]);
}

static int copy_input(int argc, char **argv)
{
    (void)argc, (void)argv;
    for (int byte; (byte = getchar()) != EOF;) {
        putchar(byte);
        fflush(stdout);
    }
    return 0;
}

static int flood(int argc, char **argv)
{
    (void)argc, (void)argv;
    for (int i = 0; i < FLOOD_LINES; i++)
        printf("line %d of the flood\n", i);
    return 0;
}

/* A line that is sent in parts is not at its end when the other stream has one. */
static int begin_long_line(int argc, char **argv)
{
    (void)argc, (void)argv;
    for (int i = 0; i < SMALL; i++)
        putchar('x');
    fflush(stdout);
    role_hear("go");
    write_to(stderr, "in between\n");
    role_hear("end");
    write_to(stdout, "yyy\n");
    return 0;
}

/* ---- Where output goes ---- */

static void all_output_goes_into_the_ring_in_its_order(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    const struct ran *ran = RUN("run", name, "--", PROGRAM("write_both", "0"));
    check_number(0, ran->code);
    check_text("", ran->output);
    check_text("", ran->errors);
    check_text("to stdout\nto stderr\nunfinished\n", RUN("recv", name)->output);
}

static void one_stream_goes_into_the_ring_and_the_other_stays(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    const struct ran *ran = RUN("run", name, "--stdout", "--", PROGRAM("write_both", "0"));
    check_text("", ran->output);
    check_text("to stderr\n", ran->errors);
    check_text("to stdout\nunfinished\n", RUN("recv", name)->output);
    ran = RUN("run", name, "--stderr", "--", PROGRAM("write_both", "0"));
    check_text("to stdout\nunfinished", ran->output);
    check_text("", ran->errors);
    check_text("to stderr\n", RUN("recv", name)->output);
}

static void tee_also_passes_on_each_stream(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    const struct ran *ran = RUN("run", name, "--tee", "--", PROGRAM("write_both", "0"));
    check_text("to stdout\nunfinished", ran->output);
    check_text("to stderr\n", ran->errors);
    const struct ran *records = RUN("recv", name);
    check_contains("to stdout\n", records->output);
    check_contains("to stderr\n", records->output);
    check_contains("unfinished\n", records->output);
    check_number(strlen("to stdout\nto stderr\nunfinished\n"), records->bytes);
}

static void tee_goes_on_without_a_reader(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    struct process *run = START(NULL, "run", name, "--tee", "--", PROGRAM("copy_input"));
    process_close_output(run);
    process_say(run, "first");
    await_records(name, 1);
    process_say(run, "second");
    await_records(name, 2);
    process_close_input(run);
    process_finish(run);
    check_text("first\nsecond\n", RUN("recv", name)->output);
}

static void a_long_line_ends_where_the_other_stream_begins(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = SMALL});
    const char *copy = new_path(".copy"), *passed[] = {new_path(".out"), new_path(".err")};
    struct process *reader = START(TO(copy), "recv", name, "--wait");
    struct process *run = START(TO_COMPLAINS_TO(passed[0], passed[1]), "run", name, "--tee",
                                "--wait-consumers", "1", "--", PROGRAM("begin_long_line"));
    check_soon(os_file_size(passed[0]) == SMALL);
    process_say(run, "go");
    check_soon(os_file_size(passed[1]) > 0);
    process_say(run, "end");
    process_finish(run);
    process_finish(reader);
    size_t bytes;
    char *text = read_file(copy, &bytes);
    check_number(SMALL + strlen("\nin between\nyyy\n"), bytes);
    check_contains("x\nin between\n", text);
    check_contains("yyy\n", text);
    free(text);
}

/* ---- What the program is given ---- */

static void arguments_reach_the_program_as_they_are(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    check_number(0, RUN("run", name, "--",
                        PROGRAM("print_arguments", "plain", "with space", "", "a\"b", "back\\slash",
                                "end\\", "a b\\", "\\\"", "tab\there", "h\303\244", "--tee", "--"))
                        ->code);
    check_text("plain\nwith space\n\na\"b\nback\\slash\nend\\\na b\\\n\\\"\ntab\there\nh\303\244\n"
               "--tee\n--\n",
               RUN("recv", name)->output);
}

static void the_program_reads_the_input_of_the_command(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    struct process *run = START(NULL, "run", name, "--", PROGRAM("copy_input"));
    process_say(run, "hello");
    await_records(name, 1);
    process_close_input(run);
    process_finish(run);
    check_text("hello\n", RUN("recv", name)->output);
}

/* ---- How it ends ---- */

static void the_exit_status_is_that_of_the_program(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    check_number(7, RUN("run", name, "--", PROGRAM("write_both", "7"))->code);
    check_number(1, RUN("run", name, "--", PROGRAM("write_both", "1"))->code);
    check_number(6, ring_stat(name).records);
}

static void a_program_that_cannot_be_run_is_told(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *text = new_file("text\n", 5);
    const struct ran *ran = RUN("run", name, "--", "no-such-program");
    check_number(127, ran->code);
    check_contains("mapring run: cannot run 'no-such-program': ", ran->errors);
    ran = RUN("run", name, "--", text);
    check_number(126, ran->code);
    check_contains("mapring run: cannot run '", ran->errors);
    check_number(0, ring_stat(name).records);
}

static void a_program_is_not_run_without_its_ring(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    struct process *sender = START(NULL, "send", name);
    await_producer(name, MAPRING_PRODUCER_IS_OPEN);
    const struct ran *ran = RUN("run", name, "--tee", "--", PROGRAM("write_both", "0"));
    check_number(125, ran->code);
    check_text("", ran->output);
    check_contains("use --wait to wait until that producer has ended\n", ran->errors);
    process_close_input(sender);
    process_finish(sender);
    check_number(2, RUN("run", "bad name", "--", PROGRAM("write_both", "0"))->code);
    check_number(2, RUN("run", name)->code);
    check_number(2, RUN("run", name, "--stdout", "--stderr", "--", "program")->code);
}

/* Wine ends such a program with 0. */
static void an_interrupt_ends_the_program_and_then_the_command(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    have_console();
    struct process *run = START(NULL, "run", name, "--", PROGRAM("copy_input"));
    process_say(run, "hello");
    await_records(name, 1);
    if (!process_interrupt(run))
        skip();
    struct process_end end = process_wait(run);
    check(on_windows() || end.fate == PROCESS_KILLED);
    check_text("hello\n", RUN("recv", name)->output);
    check_number(MAPRING_PRODUCER_HAS_CLOSED, ring_stat(name).producer_state);
}

/* ---- When the ring is full, or gone ---- */

static void a_full_ring_makes_the_program_wait(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = SMALL});
    const char *copy = new_path(".copy"), *errors = new_path(".errors");
    struct process *run = START(COMPLAINS_TO(errors), "run", name, "--", PROGRAM("flood"));
    check_soon(os_file_size(errors) > 0);
    check_number(MAPRING_PRODUCER_IS_OPEN, ring_stat(name).producer_state);
    struct process *reader = START(TO(copy), "recv", name);
    process_finish(reader);
    free(complaint_of(run, 0, errors));
    size_t bytes, lines = 0;
    char *text = read_file(copy, &bytes);
    for (size_t i = 0; i < bytes; i++)
        lines += text[i] == '\n';
    free(text);
    check_number(FLOOD_LINES, lines);
}

static void a_program_goes_on_when_the_ring_makes_no_room_in_time(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = SMALL});
    const struct ran *ran = RUN("run", name, "--timeout", "0.3", "--tee", "--", PROGRAM("flood"));
    check_number(125, ran->code);
    check_contains("was full for 0.3 s", ran->errors);
    check_contains("does not get into the ring\n", ran->errors);
    check_contains("line 19999 of the flood\n", ran->output);
}

static void a_ring_that_drops_does_not_make_it_wait(void **state)
{
    (void)state;
    const char *name = new_path(".ring");
    const struct ran *ran =
        RUN("run", name, "--capacity", "64K", "--when-full", "drop", "--", PROGRAM("flood"));
    check_number(0, ran->code);
    check_contains("mapring run: dropped ", ran->errors);
}

static void a_program_goes_on_without_its_ring(void **state)
{
    (void)state;
    const char *name = new_path(".ring"), *errors = new_path(".errors");
    struct process *run =
        START(COMPLAINS_TO(errors), "run", name, "--tee", "--", PROGRAM("copy_input"));
    process_say(run, "before");
    process_hear(run, "before");
    await_records(name, 1);
    if (RUN("rm", name, "--force")->code != 0)
        skip();
    check_soon(os_file_size(errors) > 0);
    process_say(run, "after");
    process_hear(run, "after");
    process_close_input(run);
    char *text = complaint_of(run, 125, errors);
    check_contains("was removed: ", text);
    check_contains("the program goes on, but its output does not get into the ring\n", text);
    free(text);
}

static void a_second_run_continues_the_ring(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    for (int i = 0; i < 2; i++) {
        check_number(0, RUN("run", name, "--", PROGRAM("print_arguments", "again"))->code);
        check_text("again\n", RUN("recv", name)->output);
    }
    check_number(0, RUN("run", name, "--", PROGRAM("print_arguments", "once"))->code);
    check_number(0, RUN("run", name, "--", PROGRAM("print_arguments", "twice"))->code);
    check_text("once\ntwice\n", RUN("recv", name, "--count", "2")->output);
}

static const struct role roles[] = {
    {"print_arguments", print_arguments}, {"write_both", write_both},
    {"copy_input", copy_input},           {"flood", flood},
    {"begin_long_line", begin_long_line},
};
static const struct CMUnitTest tests[] = {
    TEST(all_output_goes_into_the_ring_in_its_order),
    TEST(one_stream_goes_into_the_ring_and_the_other_stays),
    TEST(tee_also_passes_on_each_stream),
    TEST(tee_goes_on_without_a_reader),
    TEST(a_long_line_ends_where_the_other_stream_begins),
    TEST(arguments_reach_the_program_as_they_are),
    TEST(the_program_reads_the_input_of_the_command),
    TEST(the_exit_status_is_that_of_the_program),
    TEST(a_program_that_cannot_be_run_is_told),
    TEST(a_program_is_not_run_without_its_ring),
    TEST(an_interrupt_ends_the_program_and_then_the_command),
    TEST(a_full_ring_makes_the_program_wait),
    TEST(a_program_goes_on_when_the_ring_makes_no_room_in_time),
    TEST(a_ring_that_drops_does_not_make_it_wait),
    TEST(a_program_goes_on_without_its_ring),
    TEST(a_second_run_continues_the_ring),
};
TEST_MAIN(roles, tests)
