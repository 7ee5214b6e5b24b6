/* SPDX-License-Identifier: MIT */
/* Places in the ring, the marks to start from, and the walk over committed records. */
#ifndef MAPRING_WALK_H
#define MAPRING_WALK_H

#include "ring/ring.h"

/* Where a record begins, and what came before it. */
struct ring_place {
    uint64_t position;
    uint64_t sequence; /* counts the dropped ones too */
    uint64_t payload_bytes;
    struct ring_loss dropped; /* as told by gap records */
    bool behind_run_end;      /* as walked over: a mark does not tell */
};

/* What is no position: they are multiples of 8. */
#define NO_POSITION UINT64_C(1)

/* Producer only. Adds a mark at the place. */
void mark_write(struct ring *ring, const struct ring_place *place);

/* The mark with that number, the first being 0; the newest one. False when there is none, because it
 * is rewritten just now or the ring is damaged. */
bool mark_numbered(const struct ring *ring, uint64_t number, struct ring_place *place);
bool mark_newest(const struct ring *ring, struct ring_place *place);

/* Goes on over committed records until there is none, or the place is at or behind `stop`. Reads
 * nothing but commit words. MAPRING_ERROR_DAMAGED (not reported) at a word that makes no sense. */
int walk(const struct ring *ring, struct ring_place *place, uint64_t stop);

/* The same, but until the record with that sequence number is reached or passed. */
int walk_to_sequence(const struct ring *ring, struct ring_place *place, uint64_t sequence);

/* A position or sequence number that is not reached. */
#define FAR_FROM(number) ((number) + (UINT64_C(1) << 62))

/* Behind the last committed record. */
#define WALK_TO_END(place) FAR_FROM((place)->position)

#endif
