/* SPDX-License-Identifier: MIT */
/* Signals that end the command, and time. */
#include <signal.h>
#include <time.h>

#include "os.h"

static volatile sig_atomic_t caught;

static void note(int signal)
{
    caught = signal;
}

/* Without SA_RESTART: calls that wait return. SA_RESETHAND: the second signal ends the process. */
void os_catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = note, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    struct sigaction hang_up;
    if (sigaction(SIGHUP, NULL, &hang_up) == 0 && hang_up.sa_handler != SIG_IGN)
        sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
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
