/* SPDX-License-Identifier: MIT */
/* Signals that end the command, and time. */
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "interrupt.h"
#include "shared/os.h"

enum { KNOCK_SECONDS = 1 };

static volatile sig_atomic_t caught, hung_up;

static const int changed[] = {SIGINT, SIGTERM, SIGHUP, SIGALRM, SIGPIPE, SIGXFSZ};
enum { CHANGED = sizeof changed / sizeof *changed };
static bool were_ignored[CHANGED];
static bool leaves_hang_up; /* it is ignored, as under nohup, or has its own handler */

/* Without SA_RESTART, so that blocking calls return. */
static void handle_one(int signal, void (*handler)(int signal))
{
    struct sigaction action = {.sa_handler = handler};
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, NULL);
}

static void handle(void (*handler)(int signal))
{
    handle_one(SIGINT, handler);
    handle_one(SIGTERM, handler);
    if (!leaves_hang_up)
        handle_one(SIGHUP, handler);
}

static void knock(int signal)
{
    (void)signal;
    alarm(KNOCK_SECONDS);
}

/* The second signal, whichever it is, ends the process. A signal that arrives just before a
 * blocking call does not interrupt it; the alarm that repeats every second does. */
static void note(int signal)
{
    caught = signal;
    handle(SIG_DFL);
    alarm(KNOCK_SECONDS);
}

static bool is_ignored(int signal)
{
    struct sigaction action;
    return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void os_catch_interrupts(void)
{
    for (size_t i = 0; i < CHANGED; i++)
        were_ignored[i] = is_ignored(changed[i]);
    leaves_hang_up = is_ignored(SIGHUP);
    handle_one(SIGALRM, knock);
    handle(note);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* the write then fails, and the incomplete record is removed */
}

static void note_hang_up(int signal)
{
    (void)signal;
    hung_up = 1;
}

void os_catch_hang_ups(void)
{
    if (!leaves_hang_up)
        handle_one(SIGHUP, note_hang_up);
    leaves_hang_up = true;
}

bool os_hung_up(void)
{
    bool came = hung_up != 0;
    hung_up = 0;
    return came;
}

int os_interrupted(void)
{
    return caught != 0 ? 128 + caught : 0;
}

void interrupt_give_back(void)
{
    for (size_t i = 0; i < CHANGED; i++)
        handle_one(changed[i], were_ignored[i] ? SIG_IGN : SIG_DFL);
}

void interrupt_note(int signal)
{
    caught = signal;
}

void interrupt_repeat(void)
{
    handle(SIG_DFL);
    raise((int)caught);
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

uint64_t os_time_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}
