/* SPDX-License-Identifier: MIT */
/* mapring run and signals: those that are passed on, those that the program dies of, and what it
 * leaves behind. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"

enum { SMALL = 65536 };

/* Some signals are ignored if the tests run in the background or under nohup. */
__attribute__((constructor)) static void heed_signals(void)
{
    static const int heeded[] = {SIGHUP, SIGINT, SIGTERM, SIGQUIT, SIGUSR1, SIGUSR2, SIGTSTP};
    for (size_t i = 0; i < COUNT_OF(heeded); i++)
        signal(heeded[i], SIG_DFL);
}

#define START_SHELL(name, script) START(NULL, "run", (name), "--", "/bin/sh", "-c", (script))
#define RUN_SHELL(name, script)   RUN("run", (name), "--", "/bin/sh", "-c", (script))

static void send_signal(struct process *process, int number)
{
    check(kill((pid_t)process_id(process), number) == 0);
}

static void check_ends_by(struct process *process, int number)
{
    struct process_end end = process_wait(process);
    check_number(PROCESS_KILLED, end.fate);
    check_number(number, end.code);
}

static char process_state(pid_t process)
{
    char path[64], line[256] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    FILE *file = fopen(path, "r");
    if (!file)
        return '-';
    check(fgets(line, sizeof line, file) != NULL);
    fclose(file);
    return strrchr(line, ')')[2];
}

/* The program prints its process number first. */
static pid_t await_program(const char *name)
{
    check_soon(ring_stat(name).records > 0);
    return (pid_t)atoi(RUN("dump", name)->output);
}

static void signals_are_passed_on(void **state)
{
    (void)state;
    static const int numbers[] = {SIGINT,  SIGTERM, SIGHUP,   SIGQUIT,
                                  SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        const char *name = new_ring(NULL);
        char script[128];
        snprintf(script, sizeof script,
                 "trap 'echo got it; exit 9' %d; echo $$; while :; do sleep 0.01; done",
                 numbers[i]);
        struct process *run = START_SHELL(name, script);
        await_program(name);
        send_signal(run, numbers[i]);
        check_number(9, process_exit_code(run));
        check_contains("\ngot it\n", RUN("dump", name)->output);
    }
}

static void it_dies_of_the_signal_that_ended_the_program(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    struct process *run = START_SHELL(name, "echo $$; exec sleep 1000");
    await_program(name);
    send_signal(run, SIGTERM);
    check_ends_by(run, SIGTERM);
}

static void what_a_killed_program_wrote_is_in_the_ring(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    check_number(128 + SIGKILL, RUN_SHELL(name, "echo first; printf last; kill -9 $$")->code);
    check_text("first\nlast\n", RUN("recv", name)->output);
    check_number(128 + SIGSEGV, RUN_SHELL(name, "ulimit -c 0; kill -SEGV $$")->code);
}

/* Where no shell could continue a process, the system does not stop it. */
static bool is_stoppable(void)
{
    int how;
    pid_t process = fork();
    if (process == 0) {
        raise(SIGTSTP);
        _exit(0);
    }
    check(waitpid(process, &how, WUNTRACED) == process);
    if (WIFSTOPPED(how)) {
        kill(process, SIGKILL);
        waitpid(process, NULL, 0);
    }
    return WIFSTOPPED(how);
}

static void it_stops_and_continues_with_the_program(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    if (!is_stoppable())
        skip();
    struct process *run = START_SHELL(name, "echo $$; exec cat");
    pid_t program = await_program(name);
    send_signal(run, SIGTSTP);
    check_soon(process_state(program) == 'T' && process_state((pid_t)process_id(run)) == 'T');
    send_signal(run, SIGCONT);
    check_soon(process_state(program) != 'T' && process_state((pid_t)process_id(run)) != 'T');
    process_say(run, "on");
    process_close_input(run);
    process_finish(run);
    check_contains("\non\n", RUN("dump", name)->output);
}

/* What is ignored, blocked and open is as if the command were not in between. */
static void the_program_inherits_what_the_command_was_given(void **state)
{
    (void)state;
    static const char script[] = "grep -E 'Sig(Blk|Ign)' /proc/self/status; ls /proc/self/fd";
    const char *name = new_ring(NULL), *direct = new_path(".direct");
    check_number(0, RUN("run", name, "--stdout", "--", "/bin/sh", "-c", script)->code);
    process_finish(start_program(TO(direct), "/bin/sh", ARGUMENTS("-c", script)));
    char *expected = read_file(direct, NULL);
    check_text(expected, RUN("recv", name)->output);
    free(expected);
}

static void a_process_left_behind_is_not_awaited_for_ever(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    const struct ran *ran =
        RUN("run", name, "--grace", "0.1", "--", "/bin/sh", "-c", "sleep 1000 & echo $!; exit 5");
    check_number(5, ran->code);
    check_contains("processes that it started keep its output open", ran->errors);
    kill(await_program(name), SIGKILL);
}

static void a_process_left_behind_that_never_stops_writing_is_not_awaited_either(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.when_full = MAPRING_DROP});
    check_number(0, RUN("run", name, "--grace", "0.1", "--", "/bin/sh", "-c", "yes & :")->code);
}

static void what_comes_within_the_grace_is_in_the_ring(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    const struct ran *ran = RUN("run", name, "--grace", "30", "--", "/bin/sh", "-c",
                                "(sleep 0.2; echo late) & echo first");
    check_number(0, ran->code);
    check_text("", ran->errors);
    check_text("first\nlate\n", RUN("recv", name)->output);
}

static void a_program_ends_with_a_command_that_was_killed_if_asked(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    struct process *run =
        START(NULL, "run", name, "--kill-child", "--", "/bin/sh", "-c", "echo $$; exec sleep 1000");
    pid_t program = await_program(name);
    process_kill(run);
    check_soon(process_state(program) == '-' || process_state(program) == 'Z');
}

static void a_program_whose_command_was_killed_meets_a_broken_pipe(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    struct process *run = START_SHELL(name, "echo $$; while :; do echo on; sleep 0.01; done");
    pid_t program = await_program(name);
    process_kill(run);
    check_soon(process_state(program) == '-' || process_state(program) == 'Z');
}

/* Nobody reads, and nobody has to kill what was told to end. */
static void a_full_ring_does_not_keep_a_program_from_ending(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = SMALL});
    const char *errors = new_path(".errors");
    struct process *run =
        START(COMPLAINS_TO(errors), "run", name, "--", "/bin/sh", "-c",
              "trap 'echo bye; exit 4' TERM; while :; do echo on; done 2>/dev/null");
    check_soon(os_file_size(errors) > 0);
    send_signal(run, SIGTERM);
    char *text = complaint_of(run, 4, errors);
    check_contains("the program was told to end, but the ring ", text);
    free(text);
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(signals_are_passed_on),
    TEST(it_dies_of_the_signal_that_ended_the_program),
    TEST(what_a_killed_program_wrote_is_in_the_ring),
    TEST(it_stops_and_continues_with_the_program),
    TEST(the_program_inherits_what_the_command_was_given),
    TEST(a_process_left_behind_is_not_awaited_for_ever),
    TEST(a_process_left_behind_that_never_stops_writing_is_not_awaited_either),
    TEST(what_comes_within_the_grace_is_in_the_ring),
    TEST(a_program_ends_with_a_command_that_was_killed_if_asked),
    TEST(a_program_whose_command_was_killed_meets_a_broken_pipe),
    TEST(a_full_ring_does_not_keep_a_program_from_ending),
};
TEST_MAIN(roles, tests)
