/* SPDX-License-Identifier: MIT */
/* Prints how many instructions the loops of hot_plain.c or hot_wrapped.cpp, whichever this is linked
 * with, execute for each record, by stepping through them one by one. */
#include <mapring/mapring.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FEW = 64, MANY = 128 };

struct sample {
    uint64_t time;
    double value;
};

/* A handle in C++ is a pointer in a class, and so the same here. */
int send_loop(mapring_producer *const *producer, const struct sample *samples, size_t count);
int receive_loop(mapring_consumer *const *consumer, double *sum);

static void must(int result, int expected)
{
    if (result == expected)
        return;
    fprintf(stderr, "cost: %d: %s\n", result, mapring_last_error()->text);
    exit(1);
}

/* Sends or receives `count` records between two stops. One is sent before: the first one reads the
 * clock, for which the system needs as many instructions as it likes. */
static void be_stepped(const char *ring, size_t count, bool receives)
{
    static const struct sample samples[MANY];
    const struct mapring_options options = {.when_full = MAPRING_BLOCK};
    mapring_producer *producer;
    mapring_consumer *consumer;
    double sum = 0;
    must(mapring_producer_open(&producer, ring, &options), MAPRING_OK);
    must(mapring_consumer_open(&consumer, ring, NULL), MAPRING_OK);
    must(send_loop(&producer, samples, 1), MAPRING_OK);
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
        _exit(77);
    if (!receives)
        raise(SIGSTOP);
    must(send_loop(&producer, samples, count), MAPRING_OK);
    if (receives) {
        mapring_producer_close(producer);
        raise(SIGSTOP);
        must(receive_loop(&consumer, &sum), MAPRING_PRODUCER_CLOSED);
    }
    raise(SIGSTOP);
    _exit(0);
}

/* Returns how many instructions the process makes from one stop to the next. */
static long step(pid_t process)
{
    int status;
    waitpid(process, &status, 0);
    if (WIFEXITED(status))
        exit(WEXITSTATUS(status)); /* it has said why, or may not be stepped */
    long steps = 0;
    do {
        ptrace(PTRACE_SINGLESTEP, process, NULL, NULL);
        waitpid(process, &status, 0);
        steps++;
    } while (WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP);
    if (!WIFSTOPPED(status))
        exit(1);
    kill(process, SIGKILL);
    waitpid(process, &status, 0);
    return steps;
}

static long steps_for(size_t count, bool receives)
{
    char ring[64];
    snprintf(ring, sizeof ring, "test-cost-%ld", (long)getpid());
    pid_t process = fork();
    if (process == 0)
        be_stepped(ring, count, receives);
    long steps = process < 0 ? 0 : step(process);
    must(mapring_remove(ring, MAPRING_LOCAL, true), MAPRING_OK);
    return steps;
}

static void report(const char *what, bool receives)
{
    long more = steps_for(MANY, receives) - steps_for(FEW, receives);
    printf("%s %.3f\n", what, (double)more / (MANY - FEW));
}

int main(void)
{
    report("send", false);
    report("receive", true);
    return 0;
}
