/* SPDX-License-Identifier: MIT */
/*
 * How long to wait before the next attempt to connect: 100 ms, doubled each time up to 10 s, and
 * shortened at random by up to a half, so that many bridges do not come back all at once.
 */
#ifndef BRIDGE_BACKOFF_H
#define BRIDGE_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

struct backoff {
    uint64_t random; /* any number to begin with */
    unsigned attempts;
};

/* After success: the next wait is the shortest one again. */
void backoff_reset(struct backoff *backoff);

/* The next wait. */
int64_t backoff_next_ns(struct backoff *backoff);

/* Waits for the next wait. False: a signal came, which ends it at once. */
bool backoff_pause(struct backoff *backoff);

#endif
