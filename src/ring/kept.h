/* SPDX-License-Identifier: MIT */
/* The oldest record that a ring keeps, and the places where readers can start. */
#ifndef MAPRING_KEPT_H
#define MAPRING_KEPT_H

#include "ring/walk.h"

/* Finds the oldest record that is kept. False while it changes, or if the ring is damaged. Only a
 * check of the horizon afterwards tells whether the record is still there. */
bool kept_read(const struct ring *ring, struct ring_place *place);

/* Finds the newest place to start from that is not after the record with that sequence number, or
 * the oldest record that is kept if that is after it. Results as above. */
bool kept_before(const struct ring *ring, uint64_t sequence, struct ring_place *place);

/* Finds the oldest mark that is at least `spare` bytes from being overwritten, or else the newest
 * mark. Results as above. */
bool kept_beyond(const struct ring *ring, uint64_t spare, struct ring_place *place);

/* Sets the oldest record that is kept. For the producer only, before it moves the horizon. */
void kept_write(struct ring *ring, const struct ring_place *place);

#endif
