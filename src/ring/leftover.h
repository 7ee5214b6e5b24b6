/* SPDX-License-Identifier: MIT */
/* Which rings are left over: no process uses them, and none is expected to. */
#ifndef MAPRING_LEFTOVER_H
#define MAPRING_LEFTOVER_H

#include "ring/ring.h"

/* Whether a ring that no process has open for writing is left over: half-made, or its producer has
 * closed or died and, unless `durable` says that it does not matter, it has no durable consumer.
 * MAPRING_OK, or a failure that says why not. */
int leftover_check(struct ring *ring, bool durable);

#endif
