/* SPDX-License-Identifier: MIT */
/* What a stream says of the ring that it repeats. */
#ifndef BRIDGE_ORIGIN_H
#define BRIDGE_ORIGIN_H

#include "batch.h"
#include "mapring/mapring.h"
#include "trouble.h"

/* The id of a ring is made of its machine and of when it was created; of a ring that repeats another
 * one, as *repetition then says, it is that of the other. */
bool origin_of(struct batch_origin *origin, struct mapring_repetition *repetition,
               mapring_ring *ring, const char *name, const struct mapring_stat *stat,
               struct trouble *trouble);

#endif
