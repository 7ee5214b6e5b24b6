/* SPDX-License-Identifier: MIT */
/*
 * Waits in slices of 100 ms, because the library's waits do not end on a signal:
 *
 *     struct wait wait = wait_begin(timeout_ns);
 *     do {
 *         result = mapring_...(..., wait_slice(&wait));
 *     } while (wait_again(&wait, result));
 */
#ifndef TOOLS_WAIT_H
#define TOOLS_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include "mapring/mapring.h"

struct wait {
    int64_t end_ns; /* MAPRING_FOREVER: no limit */
};

struct wait wait_begin(int64_t timeout_ns);

/* How long the next slice may take. */
int64_t wait_slice(const struct wait *wait);

/* Whether to wait again: only a slice timed out, time is left, and no signal came. */
bool wait_again(const struct wait *wait, int result);

/* Sleeps. False: no time is left, or a signal came. */
bool wait_pause(const struct wait *wait, unsigned milliseconds);

#endif
