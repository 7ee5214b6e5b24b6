/* SPDX-License-Identifier: MIT */
/* Finds out, without a role in a ring, what its producer does and where its records end. */
#ifndef MAPRING_FIND_END_H
#define MAPRING_FIND_END_H

#include "ring/walk.h"

enum mapring_producer_state find_producer_state(const struct ring *ring);

/* Finds the place after the last record; beside a running producer, which has the state
 * MAPRING_PRODUCER_IS_OPEN, it is one that the producer has passed. Reports damage. */
int find_end(const struct ring *ring, enum mapring_producer_state state, struct ring_place *end);

#endif
