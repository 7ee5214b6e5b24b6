/* SPDX-License-Identifier: MIT */
/* Making a new ring. */
#ifndef MAPRING_CREATE_H
#define MAPRING_CREATE_H

#include <stdbool.h>

#include "ring/ring.h"

/* Whether there is no ring yet, or only what a dead creator left. Called with ROLE_CREATOR held. */
int ring_is_blank(struct ring *ring, bool *blank);

/* Makes the ring, but does not declare it ready: ring->unready is set. Called with ROLE_CREATOR
 * held. */
int ring_create(struct ring *ring, const struct mapring_options *options);

#endif
