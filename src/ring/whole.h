/* SPDX-License-Identifier: MIT */
/* Whether a ring has this layout and its full size, so that its regions can be used. */
#ifndef MAPRING_WHOLE_H
#define MAPRING_WHOLE_H

#include "ring/ring.h"

/* MAPRING_OK, MAPRING_NOTHING if the ring is empty or half-made, or a failure. */
int whole_check(struct ring *ring);

#endif
