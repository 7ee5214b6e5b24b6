/* SPDX-License-Identifier: MIT */
/*
 * Stops a process at instruction boundaries of an operation. The modes are:
 *
 *     snap     checks a copy of the ring wherever its bytes have changed
 *     kill     kills the process wherever the ring has changed, and at points between: its roles
 *              must be free, and nothing may be lost
 *     preempt  lets the other side do all it can meanwhile: nobody may wait for the stopped process
 *
 * usage: step [--long | --first] [OPERATION]
 *
 * With --first, ends at the first failure. The last line is "N passed, N failed". Runs on Linux on
 * x86-64 only.
 */
#include "step.h"
#include "step_log.h"

#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHANGE_LIMIT = 4096, NO_PROGRESS_S = 20, TOLD = 3 };

char ring_name[64], copy_name[80];
static struct report *report; /* shared with the stepped process */
static const unsigned char *view;
static unsigned char image[FILE_BYTES], before[FILE_BYTES];
static char doing[160]; /* for the report if something hangs */
static long passed, failed, boundaries;
/* counts steps and checks: a busy machine slows them down, a hang stops them */
static volatile long progress;
static bool first_only;

void end_badly(const char *what)
{
    fprintf(stderr, "%s: %s\n", doing, what);
    exit(2);
}

void made_progress(void)
{
    progress++;
}

static void on_alarm(int signal_number)
{
    static const char text[] = "hangs: ";
    static long seen;
    (void)signal_number;
    alarm(NO_PROGRESS_S);
    if (seen != progress) {
        seen = progress;
        return;
    }
    if (write(1, text, sizeof text - 1) < 0 || write(1, doing, strlen(doing)) < 0 ||
        write(1, "\n", 1) < 0)
        _exit(3);
    unlink(ring_name);
    unlink(copy_name);
    _exit(1);
}

/* Counts a boundary, and prints the first few failures. */
bool judge(const char *wrong, long at)
{
    boundaries++;
    progress++;
    if (!wrong)
        return true;
    static int told;
    if (told++ < TOLD)
        printf("%s, boundary %ld: %s\n", doing, at, wrong);
    return false;
}

/* ---- The stepped process ---- */

static void act(const struct trial *trial)
{
    struct actor actor = {.trial = trial, .report = report};
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    trial->operation->prepare(&actor);
    raise(SIGSTOP);
    trial->operation->run(&actor);
    raise(SIGSTOP);
    trial->operation->finish(&actor);
    _exit(0);
}

static void wait_for_stop(pid_t child, int wanted)
{
    int status;
    if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status) || WSTOPSIG(status) != wanted)
        end_badly("the stepped process does not stop as it should");
}

pid_t spawn(const struct trial *trial)
{
    memset(report, 0, sizeof *report);
    pid_t child = fork();
    if (child < 0)
        end_badly("cannot fork");
    if (child == 0)
        act(trial);
    wait_for_stop(child, SIGSTOP);
    ptrace(PTRACE_SETOPTIONS, child, NULL, (void *)PTRACE_O_EXITKILL);
    return child;
}

void end_by_kill(pid_t child)
{
    int status;
    kill(child, SIGKILL);
    if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status))
        end_badly("the stepped process cannot be killed");
}

/* Lets the stepped process run to its own end. */
const char *finish(pid_t child)
{
    static char text[64];
    int status = 0, signal_number = 0;
    while (ptrace(PTRACE_CONT, child, NULL, (void *)(long)signal_number) == 0 &&
           waitpid(child, &status, 0) == child && WIFSTOPPED(status))
        signal_number = WSTOPSIG(status) == SIGSTOP ? 0 : WSTOPSIG(status);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return "the stopped process does not end as it should";
    snprintf(text, sizeof text, "the stopped process fails a check in line %d", report->failed_at);
    return report->failed_at ? text : NULL;
}

/* ---- The modes ---- */

struct changes {
    long at[CHANGE_LIMIT];
    size_t count;
    long steps; /* of the whole operation */
};

static const char *check_copy(const struct trial *trial, bool done)
{
    memcpy(before, view, ring_bytes);
    ring_put(copy_name, before);
    if (trial->operation->side == SIDE_OBSERVER)
        return "an observer has written something";
    return ring_check(trial, copy_name, done, 0);
}

static bool snap(const struct trial *trial, struct changes *changes)
{
    pid_t child = spawn(trial);
    bool good = true, more = true;
    way_begin();
    changes->count = 0;
    memcpy(before, view, ring_bytes);
    for (changes->steps = 0; more; changes->steps++) {
        more = step(child);
        boundaries++;
        if (memcmp(before, view, ring_bytes) == 0)
            continue;
        if (changes->count < CHANGE_LIMIT)
            changes->at[changes->count++] = changes->steps + 1;
        good &= judge(check_copy(trial, false), changes->steps + 1);
    }
    if (trial->operation->side != SIDE_OBSERVER)
        good &= judge(check_copy(trial, true), changes->steps);
    end_by_kill(child);
    return good && !report->failed_at;
}

static bool kill_at(const struct trial *trial, long boundary)
{
    ring_put(ring_name, image);
    pid_t child = spawn(trial);
    bool done = !step_to(child, boundary);
    end_by_kill(child);
    return judge(ring_check(trial, ring_name, done, 0), boundary);
}

/* After every change, and in between. */
static bool try_everywhere(const struct trial *trial, const struct changes *changes, long stride,
                           bool (*try_at_boundary)(const struct trial *, long))
{
    bool good = true;
    for (size_t i = 0; i < changes->count; i++)
        good &= try_at_boundary(trial, changes->at[i]);
    for (long at = 0; at <= changes->steps; at += stride)
        good &= try_at_boundary(trial, at);
    return good;
}

static const struct mapring_consumer_options durable = {.name = "check", .durable = true};

/* The stopped process is a producer: its consumer reads meanwhile, and again afterwards. */
static const char *read_beside(const struct trial *trial, pid_t child)
{
    mapring_consumer *consumer;
    uint64_t next = FIRST_SEQUENCE + trial->read, end;
    if (mapring_consumer_open(&consumer, ring_name, &durable) != MAPRING_OK)
        return mapring_last_error()->text;
    const char *wrong = read_all(consumer, &next);
    end = next;
    const char *other = finish(child);
    wrong = wrong ? wrong : other;
    wrong = wrong ? wrong : read_all(consumer, &next);
    mapring_consumer_close(consumer);
    if (!wrong &&
        (end < sequence_after(trial) || (trial->operation->when_full != MAPRING_DROP &&
                                         next != sequence_after(trial) + trial->operation->sends)))
        wrong = "a record is missing, or there is one too many";
    return wrong;
}

/* The stopped process is a reader: the producer sends until the ring is full, or until an observer
 * is lapped. */
static const char *send_beside(const struct trial *trial, pid_t child)
{
    static unsigned char payload[LARGEST];
    mapring_producer *producer;
    uint64_t next = sequence_after(trial), lap = CAPACITY / (trial->bytes + 8) + 1;
    if (mapring_producer_open(&producer, ring_name, NULL) != MAPRING_OK)
        return mapring_last_error()->text;
    bool observed = trial->operation->side == SIDE_OBSERVER;
    for (uint64_t i = 0; !observed || i <= lap; i++) {
        record_fill(payload, next, trial->bytes);
        if (mapring_producer_send(producer, payload, trial->bytes, 0) != MAPRING_OK)
            break;
        next++;
    }
    const char *wrong = finish(child);
    mapring_producer_close(producer);
    if (!wrong && observed && report->next != next)
        wrong = "the observer has lost count";
    if (!wrong && trial->operation->reads_on && report->next != next)
        wrong = "the stopped consumer has not read everything";
    if (!wrong && !observed && next == sequence_after(trial))
        wrong = "there is no room beside a stopped consumer";
    if (wrong || observed)
        return wrong;
    struct trial after = *trial;
    if (trial->operation->reads_on)
        after.read = trial->earlier + (unsigned)(next - sequence_after(trial));
    return ring_check(&after, ring_name, false, next - sequence_after(trial));
}

static bool preempt_at(const struct trial *trial, long boundary)
{
    ring_put(ring_name, image);
    pid_t child = spawn(trial);
    step_to(child, boundary);
    return judge(trial->operation->side == SIDE_PRODUCER ? read_beside(trial, child)
                                                         : send_beside(trial, child),
                 boundary);
}

static void clear_up(void)
{
    unlink(ring_name);
    unlink(copy_name);
}

void count(bool good)
{
    if (!good && first_only)
        exit(1);
    passed += good;
    failed += !good;
}

void begin(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(doing, sizeof doing, format, arguments);
    va_end(arguments);
    progress++;
    alarm(NO_PROGRESS_S);
}

static void name_what(const struct trial *trial, const char *mode)
{
    begin("%s %s, slots of %u, %zu bytes, from %#llx, %u records before", mode,
          trial->operation->name, trial->slot_bytes, trial->bytes,
          (unsigned long long)trial->first_position, trial->earlier);
}

/* How far the points between changes are from each other. What opens a ring goes round in long
 * loops, where a point takes as long to reach as it did at first. */
static long stride_of(const struct operation *operation, long steps, bool thorough)
{
    long count = operation->opens ? 3 : operation->side == SIDE_OBSERVER ? 40 : 8;
    return steps / (thorough ? 1000 : count) + 1;
}

static void try_trial(const struct trial *trial, bool thorough)
{
    static struct changes changes;
    name_what(trial, "snap");
    ring_make(trial, ring_name, image);
    view = ring_view(ring_name);
    count(snap(trial, &changes));
    long stride = stride_of(trial->operation, changes.steps, thorough);
    if (trial->operation->side != SIDE_OBSERVER) {
        name_what(trial, "kill");
        count(try_everywhere(trial, &changes, stride, kill_at));
    }
    name_what(trial, "preempt");
    count(try_everywhere(trial, &changes, stride, preempt_at));
    munmap((void *)view, ring_bytes);
}

/* ---- The trials ---- */

/* Makes the operation's record begin `slots` slots before the position `edge`. */
static uint64_t first_position(const struct trial *trial, uint64_t edge, unsigned slots)
{
    uint64_t span = (EARLIER_BYTES + 8 + trial->slot_bytes - 1) / trial->slot_bytes;
    uint64_t earlier = trial->operation->side == SIDE_PRODUCER ? trial->earlier : trial->read;
    return edge - (earlier * span + slots) * trial->slot_bytes;
}

static void try_at(struct trial trial, unsigned turn, bool thorough)
{
    uint64_t edge = turn % 2 ? UINT64_C(1) << 32 : 0;
    for (unsigned slots = 0; slots < 3; slots++)
        if (thorough || slots == turn / 2 % 3) {
            trial.first_position = first_position(&trial, edge, slots);
            try_trial(&trial, thorough);
        }
}

/* Tries payloads that fill the slots exactly, and by one byte less or more. */
static void try_sizes(struct trial trial, unsigned *turn, bool thorough)
{
    for (unsigned slots = 1; slots <= (thorough ? 3 : 2); slots++)
        for (int more = -1; more <= 1; more++) {
            int bytes = (int)(slots * trial.slot_bytes) - 8 + more;
            if (bytes < 0 || (!thorough && slots == 2 && more <= 0))
                continue;
            trial.bytes = (size_t)bytes;
            try_at(trial, (*turn)++, thorough);
            if (!thorough && trial.operation->opens)
                return; /* the size of records hardly matters */
        }
}

static void try_operation(const struct operation *operation, bool thorough)
{
    static const uint32_t slot_sizes[] = {8, 16, 256};
    static unsigned turn;
    struct trial trial = {.operation = operation, .earlier = 3, .read = 1};
    if (operation->side == SIDE_OBSERVER)
        trial.read = 0;
    for (size_t i = 0; i < sizeof slot_sizes / sizeof *slot_sizes; i++) {
        if (!thorough && operation->opens && slot_sizes[i] != 16)
            continue;
        trial.slot_bytes = slot_sizes[i];
        try_sizes(trial, &turn, thorough);
    }
    trial.slot_bytes = 16;
    trial.earlier = 100; /* so that there is a mark */
    trial.bytes = 100;
    try_at(trial, turn++, thorough);
}

int main(int argc, char **argv)
{
    bool thorough = argc > 1 && strcmp(argv[1], "--long") == 0;
    first_only = argc > 1 && strcmp(argv[1], "--first") == 0;
    int options = thorough || first_only;
    const char *only = argc > 1 + options ? argv[1 + options] : NULL;
    cpu_set_t here; /* with both processes on one processor, a step takes a fifth of the time */
    CPU_ZERO(&here);
    CPU_SET(sched_getcpu(), &here);
    sched_setaffinity(0, sizeof here, &here);
    signal(SIGALRM, on_alarm);
    snprintf(ring_name, sizeof ring_name, "/dev/shm/mapring-step-%d.ring", (int)getpid());
    snprintf(copy_name, sizeof copy_name, "%s-copy", ring_name);
    report = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (report == MAP_FAILED)
        return 2;
    atexit(clear_up);
    for (size_t i = 0; i < operation_count; i++)
        if (!only || strcmp(only, operations[i].name) == 0)
            try_operation(&operations[i], thorough);
    if (!only || strcmp(only, "create") == 0)
        try_creation(thorough);
    if (!only || strncmp(only, "log-", 4) == 0)
        try_log(only ? only + 4 : NULL, thorough);
    printf("%ld boundaries\n%ld passed, %ld failed\n", boundaries, passed, failed);
    return failed || !passed;
}
