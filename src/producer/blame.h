/* SPDX-License-Identifier: MIT */
/* For which consumer the producer waits, since when, and for how long it has waited for each of
 * them: in the header, for others to see. */
#ifndef MAPRING_BLAME_H
#define MAPRING_BLAME_H

#include "ring/ring.h"

enum { BLAMED_NOBODY = CELL_COUNT + 1 };

/* A wait for room. It goes on after a timeout if the producer waits again before it has sent
 * anything. */
struct blame {
    int64_t since_ns;   /* when it began to wait, or to wait again; 0: it does not */
    int64_t first_ns;   /* when it first did so for this consumer */
    uint64_t waited_ns; /* what the consumer has been charged with; 0: nothing */
    uint64_t position;  /* where the producer stands */
    unsigned entry;     /* the consumer's cell, or CELL_COUNT: the first consumer */
    uint32_t shown_for; /* waits_for, as in the header */
};

/* For a new producer: also clears what a dead one left in the header. */
void blame_begin(struct blame *blame, struct ring *ring);

/* Begins a wait of a producer at that position for the slowest consumer, or charges an ongoing one
 * to the consumer that was the slowest until now, if another one is by now. */
void blame_count(struct blame *blame, struct ring *ring, uint64_t position);

/* The same, for a wait that is going to be long: also shows in the header who is waited for. */
void blame_show(struct blame *blame, struct ring *ring, uint64_t position);

/* Ends the wait, if there is one. */
void blame_end(struct blame *blame, struct ring *ring);

#endif
