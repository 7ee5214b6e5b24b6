/* SPDX-License-Identifier: MIT */
/* How far a ring repeats another one. */
#ifndef MAPRING_REPETITION_H
#define MAPRING_REPETITION_H

#include "ring/walk.h"

/* The last run end of a ring with an origin, according to the header; 0 as run: there is none. */
struct end_of_run repetition_last_end(const struct ring *ring);

/* The same, if that is not before the last one on a walk to the tail. */
struct end_of_run repetition_later_end(const struct ring *ring, const struct ring_place *tail);

#endif
