/* SPDX-License-Identifier: MIT */
/* Signals that end the command, and time. */
#include <signal.h>
#include <stdbool.h>
#include <time.h>

#include "os.h"

static volatile sig_atomic_t caught;
static bool ignores_hang_up; /* nohup */

static void handle(void (*handler)(int signal))
{
    struct sigaction action = {.sa_handler = handler}; /* no SA_RESTART: calls that wait return */
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    if (!ignores_hang_up)
        sigaction(SIGHUP, &action, NULL);
}

/* The second signal, whichever it is, ends the process. */
static void note(int signal)
{
    caught = signal;
    handle(SIG_DFL);
}

void os_catch_interrupts(void)
{
    struct sigaction hang_up;
    ignores_hang_up = sigaction(SIGHUP, NULL, &hang_up) == 0 && hang_up.sa_handler == SIG_IGN;
    handle(note);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* the write fails, and what it left is taken back */
}

int os_interrupted(void)
{
    return caught != 0 ? 128 + caught : 0;
}

void os_pause_ms(unsigned milliseconds)
{
    struct timespec pause = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};
    nanosleep(&pause, NULL);
}

int64_t os_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
