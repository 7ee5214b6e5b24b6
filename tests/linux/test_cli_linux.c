/* SPDX-License-Identifier: MIT */
/* How the command behaves with signals, full disks and permission bits. */
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

enum { SMALL = 65536 };

/* Some signals are ignored if the tests run in the background or under nohup. */
__attribute__((constructor)) static void heed_signals(void)
{
    signal(SIGHUP, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
}

static void send_signal(struct process *process, int number)
{
    check(kill((pid_t)process_id(process), number) == 0);
}

static bool catches(struct process *process, int number)
{
    char path[64], line[256];
    unsigned long long caught = 0;
    snprintf(path, sizeof path, "/proc/%llu/status", (unsigned long long)process_id(process));
    FILE *status = fopen(path, "r");
    check(status != NULL);
    while (fgets(line, sizeof line, status))
        sscanf(line, "SigCgt: %llx", &caught);
    fclose(status);
    return caught >> (number - 1) & 1;
}

/* The process must die by the signal itself, rather than exit with a code that stands for it. */
static void check_ends_by(struct process *process, int number)
{
    struct process_end end = process_wait(process);
    check_number(PROCESS_KILLED, end.fate);
    check_number(number, end.code);
}

static void check_said(const char *expected, const char *errors)
{
    char *text = read_file(errors, NULL);
    check_text(expected, text);
    free(text);
}

static void check_sender_ends_by(int number)
{
    const char *name = new_ring(NULL), *errors = new_path(".errors");
    struct process *sender = START(COMPLAINS_TO(errors), "send", name);
    process_say(sender, "sent");
    await_records(name, 1);
    send_signal(sender, number);
    check_ends_by(sender, number);
    check_said("", errors);
    check_number(MAPRING_PRODUCER_HAS_CLOSED, ring_stat(name).producer_state);
    check_text("sent\n", RUN("recv", name)->output);
}

static void signals_that_end_close_the_ring(void **state)
{
    (void)state;
    check_sender_ends_by(SIGINT);
    check_sender_ends_by(SIGTERM);
    check_sender_ends_by(SIGHUP);
}

static void receivers_leave_their_cell_at_a_signal(void **state)
{
    (void)state;
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        const char *name = new_ring(NULL);
        struct process *receiver = START(NULL, "recv", name);
        await_consumers(name, 1);
        send_signal(receiver, numbers[i]);
        check_ends_by(receiver, numbers[i]);
        check_number(0, ring_stat(name).consumers);
    }
}

static void stat_looks_on_until_a_signal_comes(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    struct process *looker = START(NULL, "stat", name, "--interval", "1000");
    check_soon(catches(looker, SIGINT));
    send_signal(looker, SIGINT);
    check_ends_by(looker, SIGINT);
}

/* As under nohup. */
static void an_ignored_hang_up_stays_ignored(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    signal(SIGHUP, SIG_IGN);
    struct process *sender = START(NULL, "send", name);
    signal(SIGHUP, SIG_DFL);
    await_producer(name, MAPRING_PRODUCER_IS_OPEN);
    send_signal(sender, SIGHUP);
    process_say(sender, "still here");
    process_close_input(sender);
    process_finish(sender);
    check_text("still here\n", RUN("recv", name)->output);
}

static void a_stopped_command_goes_on(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    struct process *sender = START(NULL, "send", name), *receiver = START(NULL, "recv", name);
    await_consumers(name, 1);
    for (int i = 0; i < 3; i++) {
        process_pause(sender);
        process_pause(receiver);
        process_say(sender, "line %d", i);
        process_resume(sender);
        process_resume(receiver);
        check_contains("line ", process_line(receiver));
    }
    process_close_input(sender);
    process_finish(sender);
    process_finish(receiver);
}

/* Its output is a pipe that nobody reads, and it is the ring's consumer. */
static struct process *start_stuck_receiver(const char *errors)
{
    size_t bytes, lines;
    char *log = make_log(1000000, &bytes, &lines);
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = SMALL});
    struct process *receiver = START(COMPLAINS_TO(errors), "recv", name);
    check_number(
        4,
        RUN("send", name, new_file(log, bytes), "--wait-consumers", "1", "--timeout", "0.3")->code);
    free(log);
    return receiver;
}

static void a_signal_ends_a_receiver_whose_output_is_stuck(void **state)
{
    (void)state;
    const char *errors = new_path(".errors");
    struct process *receiver = start_stuck_receiver(errors);
    send_signal(receiver, SIGINT);
    check_ends_by(receiver, SIGINT);
    check_said("mapring recv: standard output accepts no more; the last records were not "
               "released and will be delivered again\n",
               errors);
}

static void a_receiver_says_that_it_was_hung_up(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *errors = new_path(".errors");
    struct process *receiver = START(COMPLAINS_TO(errors), "recv", name, "--follow");
    await_consumers(name, 1);
    send_signal(receiver, SIGHUP);
    check_ends_by(receiver, SIGHUP);
    check_said("mapring recv: ended by SIGHUP; start the command again to reopen its output file\n",
               errors);
}

/* Opening the pipe waits for a writer. */
static void a_signal_ends_a_sender_that_opens_a_pipe(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *errors = new_path(".errors"), *pipe = new_path(".pipe");
    check(mkfifo(pipe, 0600) == 0);
    struct process *sender = START(COMPLAINS_TO(errors), "send", name, pipe);
    await_producer(name, MAPRING_PRODUCER_IS_OPEN);
    send_signal(sender, SIGTERM);
    check_ends_by(sender, SIGTERM);
    check_said("", errors);
    unlink(pipe);
}

/* ---- Closed standard streams ---- */

/* Returns its output, to be passed to free(), and stores the exit code. */
static char *run_shell(const char *format, const char *name, int *code)
{
    char line[512];
    snprintf(line, sizeof line, format, getenv("MAPRING_TOOL"), name);
    const char *const arguments[] = {"-c", line, NULL};
    struct process *shell = start_program(NULL, "/bin/sh", arguments);
    process_close_input(shell);
    char *output = process_read_all(shell, NULL);
    *code = process_exit_code(shell);
    return output;
}

static void a_ring_is_never_a_standard_file(void **state)
{
    (void)state;
    static const struct {
        const char *line, *output;
        int code;
    } cases[] = {
        {"%s recv %s 2>&1 >&-",
         "mapring recv: cannot write to standard output: Bad file descriptor\n", 1},
        {"%s send %s --framing block 2>&1 <&-",
         "mapring send: cannot read standard input: Bad file descriptor\n", 1},
        {"%s send %s /nowhere 2>&-", "", 1},
        {"%s stat %s 2>&1 >&-",
         "mapring stat: cannot write to standard output: Bad file descriptor\n", 1},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *name = new_ring(NULL);
        check_number(0, RUN("send", name, new_file("kept\n", 5))->code);
        int code;
        char *output = run_shell(cases[i].line, name, &code);
        check_text(cases[i].output, output);
        check_number(cases[i].code, code);
        free(output);
        check_text("kept\n", RUN("dump", name)->output);
    }
}

static void the_second_signal_ends_at_once(void **state)
{
    (void)state;
    struct process *receiver = start_stuck_receiver(new_path(".errors"));
    check(catches(receiver, SIGTERM));
    send_signal(receiver, SIGINT);
    check_soon(!catches(receiver, SIGTERM));
    send_signal(receiver, SIGTERM);
    struct process_end end = process_wait(receiver);
    check_number(PROCESS_KILLED, end.fate);
    check_number(SIGTERM, end.code);
}

static void a_full_disk_is_an_error(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *errors = new_path(".errors");
    check_number(0, RUN("send", name, new_file("x\n", 2))->code);
    static const char *const commands[] = {"recv", "stat"};
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        char expected[128];
        char *text =
            complaint_of(START(TO_COMPLAINS_TO("/dev/full", errors), commands[i], name), 1, errors);
        snprintf(expected, sizeof expected,
                 "mapring %s: cannot write to standard output: No space left on device\n",
                 commands[i]);
        check_text(expected, text);
        free(text);
    }
}

/* What could not be written does not count as read. */
static void a_sender_learns_of_a_receiver_with_a_full_disk(void **state)
{
    (void)state;
    static const char *const more[] = {"--from", "--json"};
    for (size_t i = 0; i < COUNT_OF(more); i++) {
        const char *name = new_ring(NULL), *errors = new_path(".errors");
        struct process *sender =
            START(COMPLAINS_TO(errors), "send", name, new_file("x\ny\n", 4), "--linger", "30");
        await_records(name, 2);
        const char *const receiver[] = {"recv", name, more[i], i == 0 ? "oldest" : NULL, NULL};
        const char *complaint = new_path(".errors");
        free(complaint_of(start_tool(TO_COMPLAINS_TO("/dev/full", complaint), receiver), 1,
                          complaint));
        char *text = complaint_of(sender, 3, errors);
        check_begins("mapring send: a consumer of the ring '", text);
        check_contains("' went away before it had read everything\n", text);
        free(text);
    }
}

static void create_gives_the_file_its_mode(void **state)
{
    (void)state;
    struct stat status;
    const char *path = new_path(".ring"), *plain = new_path(".ring");
    check_number(0, RUN("create", path, "--mode", "0666")->code);
    check_number(0, stat(path, &status));
    check_number(0666, status.st_mode & 0777);
    check_number(0, RUN("create", plain)->code);
    check_number(0, stat(plain, &status));
    check_number(0600, status.st_mode & 0777);
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(signals_that_end_close_the_ring),
    TEST(receivers_leave_their_cell_at_a_signal),
    TEST(stat_looks_on_until_a_signal_comes),
    TEST(an_ignored_hang_up_stays_ignored),
    TEST(a_stopped_command_goes_on),
    TEST(a_signal_ends_a_receiver_whose_output_is_stuck),
    TEST(a_receiver_says_that_it_was_hung_up),
    TEST(a_signal_ends_a_sender_that_opens_a_pipe),
    TEST(a_ring_is_never_a_standard_file),
    TEST(the_second_signal_ends_at_once),
    TEST(a_full_disk_is_an_error),
    TEST(a_sender_learns_of_a_receiver_with_a_full_disk),
    TEST(create_gives_the_file_its_mode),
};
TEST_MAIN(roles, tests)
