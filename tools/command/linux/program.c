/* SPDX-License-Identifier: MIT */
/* A program that this command starts, with pipes from its output. */
#include "command/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "shared/linux/interrupt.h"
#include "shared/message.h"
#include "shared/os.h"

enum { SLICE_NS = 100000000 };

static const int passed_on[] = {SIGINT,  SIGTERM, SIGHUP,   SIGQUIT, SIGUSR1,
                                SIGUSR2, SIGCONT, SIGWINCH, SIGTSTP};
enum { PASSED_ON = sizeof passed_on / sizeof *passed_on };

static struct sigaction before[PASSED_ON], child_before;
static sigset_t mask_before;
static volatile sig_atomic_t child; /* 0: not started, or ended */
static volatile sig_atomic_t is_told, is_told_finally;
static int64_t told_ns;
static int ended_by; /* the signal that ended the program, or 0 */
static volatile sig_atomic_t was_passed_on[NSIG];
static int pipes[PROGRAM_PIPES] = {-1, -1};

/* ---- Signals ---- */

static bool asks_to_end(int number)
{
    return number == SIGINT || number == SIGTERM || number == SIGHUP || number == SIGQUIT;
}

/* By the default action, which does nothing where nobody could continue the process. Returns when
 * somebody has. */
static void stop(void)
{
    struct sigaction usual = {.sa_handler = SIG_DFL}, ours;
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTSTP);
    sigaction(SIGTSTP, &usual, &ours);
    raise(SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &stops, NULL);
    sigprocmask(SIG_BLOCK, &stops, NULL);
    sigaction(SIGTSTP, &ours, NULL);
}

/* The terminal sends its signals to all processes of the group, and so to the program as well. */
static void pass_on(int number, siginfo_t *information, void *context)
{
    (void)context;
    int problem = errno;
    is_told |= asks_to_end(number);
    is_told_finally |= number == SIGTERM;
    was_passed_on[number] = 1;
    if (child > 0 && information->si_code <= 0)
        kill(child, number);
    if (number == SIGTSTP)
        stop();
    errno = problem;
}

static void wake_up(int number)
{
    (void)number;
}

static void block(sigset_t *blocked)
{
    sigemptyset(blocked);
    sigaddset(blocked, SIGCHLD);
    for (size_t i = 0; i < PASSED_ON; i++)
        sigaddset(blocked, passed_on[i]);
    sigprocmask(SIG_BLOCK, blocked, NULL);
}

/* A signal that was ignored stays so, as under nohup. */
static void take_signals(void)
{
    struct sigaction action = {.sa_sigaction = pass_on, .sa_flags = SA_SIGINFO};
    struct sigaction ended = {.sa_handler = wake_up};
    sigfillset(&action.sa_mask);
    sigaction(SIGCHLD, &ended, &child_before);
    for (size_t i = 0; i < PASSED_ON; i++) {
        sigaction(passed_on[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN)
            sigaction(passed_on[i], &action, NULL);
    }
}

static void give_signals_back(void)
{
    for (size_t i = 0; i < PASSED_ON; i++)
        sigaction(passed_on[i], &before[i], NULL);
    sigaction(SIGCHLD, &child_before, NULL);
    sigprocmask(SIG_SETMASK, &mask_before, NULL);
}

/* ---- Starting ---- */

/* In the new process: what it inherits is as if this command had not been in between. Returns only
 * if it fails. */
static void become(const struct program_options *options, const int *ends, pid_t parent)
{
    give_signals_back();
    interrupt_give_back();
    if (options->output != PROGRAM_INHERITS)
        dup2(ends[options->output], STANDARD_OUTPUT);
    if (options->errors != PROGRAM_INHERITS)
        dup2(ends[options->errors], STANDARD_ERROR);
    if (options->dies_with_us)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!options->dies_with_us || getppid() == parent)
        execvp(options->command[0], options->command);
}

static pid_t start(const struct program_options *options, const int *ends, int report)
{
    pid_t parent = getpid(), process = fork();
    if (process == 0) {
        become(options, ends, parent);
        int problem = errno;
        _exit(write(report, &problem, sizeof problem) > 0 ? PROGRAM_NOT_FOUND : PROGRAM_FAILED);
    }
    return process;
}

static int tell_not_started(const char *name, int problem)
{
    complain("cannot run '%s': %s", name, strerror(problem));
    return problem == ENOENT ? PROGRAM_NOT_FOUND : PROGRAM_NOT_EXECUTABLE;
}

/* The pipe for reports closes when the program is executed. */
static int start_and_check(const struct program_options *options, const int *ends)
{
    int report[2], problem = 0;
    if (pipe2(report, O_CLOEXEC) != 0) {
        complain("cannot make a pipe: %s", os_error());
        return PROGRAM_FAILED;
    }
    pid_t process = start(options, ends, report[1]);
    int failure = errno;
    close(report[1]);
    bool is_started = process > 0 && read(report[0], &problem, sizeof problem) == 0;
    close(report[0]);
    if (is_started) {
        child = process;
        return 0;
    }
    if (process < 0) {
        complain("cannot start a process: %s", strerror(failure));
        return PROGRAM_FAILED;
    }
    waitpid(process, NULL, 0);
    return tell_not_started(options->command[0], problem);
}

static bool make_pipe(int *reader, int *writer)
{
    int both[2];
    if (pipe2(both, O_CLOEXEC) != 0) {
        complain("cannot make a pipe: %s", os_error());
        return false;
    }
    fcntl(both[0], F_SETFL, O_NONBLOCK);
    *reader = both[0];
    *writer = both[1];
    return true;
}

static int start_with_pipes(const struct program_options *options)
{
    int ends[PROGRAM_PIPES] = {-1, -1}, status = 0;
    int most = options->output > options->errors ? options->output : options->errors;
    for (int i = 0; i <= most && status == 0; i++)
        status = make_pipe(&pipes[i], &ends[i]) ? 0 : PROGRAM_FAILED;
    if (status == 0)
        status = start_and_check(options, ends);
    for (int i = 0; i <= most; i++) {
        close(ends[i]);
        if (status != 0)
            program_close(i);
    }
    return status;
}

/* Nothing is passed on until it is known to whom. SIGCHLD stays blocked but in program_wait(). */
int program_start(const struct program_options *options)
{
    sigset_t blocked;
    sigprocmask(SIG_BLOCK, NULL, &mask_before);
    block(&blocked);
    take_signals();
    int status = os_interrupted() != 0 ? os_interrupted() : start_with_pipes(options);
    sigdelset(&blocked, SIGCHLD);
    sigprocmask(SIG_UNBLOCK, &blocked, NULL);
    if (status != 0)
        give_signals_back();
    return status;
}

/* ---- Running ---- */

ptrdiff_t program_read(int pipe, void *buffer, size_t bytes)
{
    ssize_t got;
    do
        got = read(pipes[pipe], buffer, bytes);
    while (got < 0 && errno == EINTR);
    return got < 0 && errno == EAGAIN ? FEED_NOTHING_YET : got;
}

size_t program_held(int pipe)
{
    int bytes = 0;
    return pipes[pipe] >= 0 && ioctl(pipes[pipe], FIONREAD, &bytes) == 0 ? (size_t)bytes : 0;
}

void program_close(int pipe)
{
    if (pipes[pipe] >= 0)
        close(pipes[pipe]);
    pipes[pipe] = -1;
}

void program_wait(void)
{
    struct pollfd wanted[PROGRAM_PIPES];
    struct timespec slice = {.tv_nsec = SLICE_NS};
    for (int i = 0; i < PROGRAM_PIPES; i++)
        wanted[i] = (struct pollfd){.fd = pipes[i], .events = POLLIN};
    ppoll(wanted, PROGRAM_PIPES, &slice, &mask_before);
}

static void note_end(int how, int *status)
{
    ended_by = WIFSIGNALED(how) ? WTERMSIG(how) : 0;
    *status = ended_by != 0 ? 128 + ended_by : WEXITSTATUS(how);
}

/* As the first process of a container, this one also gets to reap what others left behind. */
bool program_has_ended(int *status)
{
    sigset_t blocked, usual;
    int how;
    pid_t process;
    sigprocmask(SIG_BLOCK, NULL, &usual);
    block(&blocked);
    while (child > 0 && (process = waitpid(-1, &how, WNOHANG)) > 0) {
        if (process == child) {
            child = 0;
            note_end(how, status);
        }
    }
    sigprocmask(SIG_SETMASK, &usual, NULL);
    return child == 0;
}

int64_t program_told_ns(bool *is_final)
{
    *is_final = is_told_finally != 0;
    if (is_told && told_ns == 0)
        told_ns = os_now_ns();
    return told_ns;
}

void program_forget(void)
{
    give_signals_back();
    if (asks_to_end(ended_by) && ended_by != SIGQUIT && was_passed_on[ended_by])
        interrupt_note(ended_by);
}
