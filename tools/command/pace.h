/* SPDX-License-Identifier: MIT */
/* Keeps the recorded distances in time. */
#ifndef TOOLS_PACE_H
#define TOOLS_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct pace {
    double speed; /* how many times faster than recorded; 0: without pauses */

    /* The rest is private to pace.c. */
    uint64_t last_ns; /* the latest recorded time; 0: none yet */
    double due_ns;    /* when that was due here, as os_now_ns() */
};

/* struct pace. As the functions of shared/values.h, returns NULL or what it accepts. */
const char *value_speed(const char *text, void *value);

/* Waits until it is time for a record of that time. What is earlier than the record before it, or
 * has no time, does not wait. Falls behind rather than hurry when the ring was full. False: a
 * signal came. */
bool pace_wait(struct pace *pace, uint64_t time_ns);

#endif
