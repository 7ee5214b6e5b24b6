/* SPDX-License-Identifier: MIT */
/* Lets a test act in the middle of a call. The library under the suites faults and moments calls
 * moment() before each access to a shared word and before each system call. */
#ifndef MAPRING_TESTS_MOMENTS_H
#define MAPRING_TESTS_MOMENTS_H

enum { MOMENT_NONE = -1, MOMENT_EACH = -2 };

/* Until moments_stop(), calls `act` at the moment with that number of the calling thread. Moments
 * are counted from 0. */
void moments_start(long number, void (*act)(void *context), void *context);

/* Returns the number of moments since moments_start(). */
long moments_stop(void);

void moment(void);

#endif
