/* SPDX-License-Identifier: MIT */
/*
 * Who keeps a full ring full: told once when the wait for room has lasted a second, and when the
 * command gives up.
 *
 *     blocked_begin(&blocked);
 *     do {
 *         ... send, at most for a slice of the wait
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
    bool told; /* once is enough */

    int64_t since_ns; /* when this wait was first looked at; 0: not yet */
    int64_t cell;     /* who was the slowest then, -1: nobody; */
    uint64_t head;    /* and where */
};

/* A wait begins. */
void blocked_begin(struct blocked *blocked);

/* After each slice of it. */
void blocked_look(struct blocked *blocked, int result);

/* There was no room for that long: tells why. */
void blocked_tell(const struct blocked *blocked, int64_t timeout_ns);

#endif
