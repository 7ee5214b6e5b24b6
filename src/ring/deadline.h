/* SPDX-License-Identifier: MIT */
/* Time limits of calls, and of their sleeps. */
#ifndef MAPRING_DEADLINE_H
#define MAPRING_DEADLINE_H

#include "ring/ring.h"

/* Fails: MAPRING_ERROR_ARGUMENT, when a call has to wait with a time limit that is none. */
int check_timeout(const struct ring *ring, int64_t timeout_ns);

/* Makes a deadline of a public time limit: 0 and MAPRING_FOREVER stay what they are. */
int64_t deadline_after(int64_t timeout_ns);

/* How long a sleeper may sleep before it looks at its peer again; 0: the deadline has passed.
 * Peers of another operating system cannot wake, so the ring is polled for them. */
int64_t sleep_limit(int64_t deadline_ns, uint32_t peer_system);

#endif
