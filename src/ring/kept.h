/* SPDX-License-Identifier: MIT */
/* What a ring keeps, and where readers can start in it. */
#ifndef MAPRING_KEPT_H
#define MAPRING_KEPT_H

#include "ring/walk.h"

/* Where what is kept begins. False while that changes, or when the ring is damaged. Only a look at
 * the horizon afterwards tells whether it still is there. */
bool kept_read(const struct ring *ring, struct ring_place *place);

/* The newest place to start from that is not behind the record with that sequence number; where what
 * is kept begins when that is behind it. As above. */
bool kept_before(const struct ring *ring, uint64_t sequence, struct ring_place *place);

/* The oldest mark that is at least so many bytes from being overwritten, or the newest. As above. */
bool kept_beyond(const struct ring *ring, uint64_t spare, struct ring_place *place);

/* Producer only, before it moves the horizon: what is kept begins here from now on. */
void kept_write(struct ring *ring, const struct ring_place *place);

#endif
