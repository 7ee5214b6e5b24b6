/* SPDX-License-Identifier: MIT */
/* What others do in the middle of a call. The library that the suites faults and moments have calls
 * moment() before each of its accesses to shared words, and before each call of the system. */
#ifndef MAPRING_TESTS_MOMENTS_H
#define MAPRING_TESTS_MOMENTS_H

enum { MOMENT_NONE = -1, MOMENT_EACH = -2 };

/* From here to moments_stop(), calls `act` at that moment of the calling thread, counted from 0 on. */
void moments_start(long number, void (*act)(void *context), void *context);

/* How many there were. */
long moments_stop(void);

void moment(void);

#endif
