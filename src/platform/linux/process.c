/* SPDX-License-Identifier: MIT */
/* This process, and the time. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "platform/linux/object.h"

enum operating_system platform_system(void)
{
    return SYSTEM_LINUX;
}

uint64_t platform_process(void)
{
    return (uint64_t)getpid();
}

/* Field 22 of /proc/self/stat, in clock ticks since boot. The command name before it may contain
 * anything, but ends with the last ')'. */
uint64_t platform_process_started(void)
{
    char text[1024];
    int descriptor = descriptor_open("/proc/self/stat", 0);
    ssize_t got = descriptor < 0 ? 0 : read(descriptor, text, sizeof text - 1);
    if (descriptor >= 0)
        close(descriptor);
    text[got > 0 ? got : 0] = '\0';
    const char *field = strrchr(text, ')');
    for (int number = 2; field && number < 22; number++)
        field = strchr(field + 1, ' ');
    return field ? strtoull(field, NULL, 10) : 0;
}

void platform_program(char *name, size_t bytes)
{
    snprintf(name, bytes, "%s", program_invocation_short_name);
}

unsigned platform_cpus(void)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 1 ? (unsigned)online : 1;
}

static int64_t clock_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t platform_now_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

int64_t platform_now_roughly_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC_COARSE);
}

uint64_t platform_wall_clock_ns(void)
{
    return (uint64_t)clock_ns(CLOCK_REALTIME);
}

void platform_pause_ns(int64_t ns)
{
    struct timespec rest;
    rest.tv_sec = (time_t)(ns / 1000000000);
    rest.tv_nsec = (long)(ns % 1000000000);
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &rest, &rest) == EINTR)
        continue;
}
