/* SPDX-License-Identifier: MIT */
/* Places in the ring, the marks to start from, and the walk over committed records. */
#ifndef MAPRING_WALK_H
#define MAPRING_WALK_H

#include "ring/ring.h"

/* A run end. */
struct end_of_run {
    uint32_t run;      /* its payload, 0: there is none */
    uint64_t position; /* where it ends */
    uint64_t sequence;
};

/* Where a record begins, and what came before it. */
struct ring_place {
    uint64_t position;
    uint64_t sequence; /* including dropped records */
    uint64_t payload_bytes;
    struct ring_loss dropped; /* counted in the gap records before it */
    bool behind_run_end;      /* set by a walk: a mark does not record it */
    uint64_t
        counter; /* the last before it that is not 0; 0: the walk has found none, or none yet */
    struct end_of_run end; /* the last run end that a walk found */
};

/* Never a position: positions are multiples of 8. */
#define NO_POSITION UINT64_C(1)

/* Adds a mark at the place. For the producer only. */
void mark_write(struct ring *ring, const struct ring_place *place);

/* Read the mark with that number (the first is 0), or the newest mark. False while the mark is
 * being rewritten, or if the ring is damaged. */
bool mark_numbered(const struct ring *ring, uint64_t number, struct ring_place *place);
bool mark_newest(const struct ring *ring, struct ring_place *place);

/* Advances over committed records until there are no more, or the place is at or after `stop`.
 * Reads only commit words and notes. MAPRING_ERROR_DAMAGED (not reported) if a word makes no
 * sense. */
int walk(const struct ring *ring, struct ring_place *place, uint64_t stop);

/* The same, but stops when the record with that sequence number is reached or passed. */
int walk_to_sequence(const struct ring *ring, struct ring_place *place, uint64_t sequence);

/* Moves the position, which may be anything, behind the notes there, and returns the commit word of
 * the record that follows; 0 if there is none. */
uint64_t walk_over_notes(const struct ring *ring, uint64_t *position);

/* A position or sequence number that is never reached from this one. */
#define FAR_FROM(number) ((number) + (UINT64_C(1) << 62))

/* The value of `stop` for a walk to the end of the last committed record. */
#define WALK_TO_END(place) FAR_FROM((place)->position)

#endif
