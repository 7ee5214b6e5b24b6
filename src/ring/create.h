/* SPDX-License-Identifier: MIT */
/* Geometry that a ring can have, and making a new one. */
#ifndef MAPRING_CREATE_H
#define MAPRING_CREATE_H

#include <stdbool.h>

#include "ring/ring.h"

/* With ROLE_CREATOR held: whether there is no ring yet, or one whose creator died over it. */
int ring_is_blank(struct ring *ring, bool *blank);

/* With ROLE_CREATOR held: makes the ring, but for declaring it ready: ring->unready. */
int ring_create(struct ring *ring, const struct mapring_options *options);

#endif
