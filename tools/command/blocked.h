/* SPDX-License-Identifier: MIT */
/*
 * Names the consumer that keeps a full ring full: once when a wait for room has lasted a second,
 * and again when the command gives up.
 *
 *     blocked_begin(&blocked);
 *     do {
 *         ... send, waiting for one slice at most
 *     } while (blocked_look(&blocked, result), wait_again(&wait, result));
 */
#ifndef TOOLS_BLOCKED_H
#define TOOLS_BLOCKED_H

#include <stdbool.h>
#include <stdint.h>

#include "mapring/mapring.h"

struct blocked {
    const char *name;
    enum mapring_scope scope;
    bool told; /* the message was printed, and is not repeated */

    int64_t since_ns; /* time of the first look during this wait; 0: none yet */
    int64_t cell;     /* cell of the slowest consumer then; -1: none */
    uint64_t head;    /* its position then */
};

/* Call at the beginning of a wait. */
void blocked_begin(struct blocked *blocked);

/* Call after each slice of the wait. */
void blocked_look(struct blocked *blocked, int result);

/* Prints why there was no room for that long. */
void blocked_tell(const struct blocked *blocked, int64_t timeout_ns);

#endif
