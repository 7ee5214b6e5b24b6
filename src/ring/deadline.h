/* SPDX-License-Identifier: MIT */
/* Time limits of calls and of the sleeps in them. */
#ifndef MAPRING_DEADLINE_H
#define MAPRING_DEADLINE_H

#include "ring/ring.h"

/* For a call that has to wait: MAPRING_ERROR_ARGUMENT if its time limit is not a valid one. */
int check_timeout(const struct ring *ring, int64_t timeout_ns);

/* Converts a public time limit to a deadline. 0 and MAPRING_FOREVER stay the same. */
int64_t deadline_after(int64_t timeout_ns);

/* Returns how long a process may sleep before it checks its peer again; 0 if the deadline has
 * passed. A peer of another operating system cannot wake it, so it polls the ring then. */
int64_t sleep_limit(int64_t deadline_ns, uint32_t peer_system);

#endif
