/* SPDX-License-Identifier: MIT */
/* What the consumers' cells tell the producer. */
#ifndef MAPRING_CELLS_H
#define MAPRING_CELLS_H

#include "ring/ring.h"

struct gate {
    bool closed;       /* somebody limits the producer */
    uint64_t position; /* up to here it may write */
    int cell;          /* whose cell that is; -1: that of the first consumer, who has yet to come */
    uint32_t system;   /* and its operating system */
};

/* How far the slowest consumer lets the producer write. */
struct gate gate_of_cells(const struct ring *ring);

/* Whether the cell gates the producer, and whether somebody is attached through it. */
bool cell_is_active(const struct ring *ring, unsigned cell);
bool cell_is_attended(const struct ring *ring, unsigned cell);

/* Whether a durable consumer has left its place there. */
bool cell_is_away(const struct ring *ring, unsigned cell);

/* Whether cell_reap() would, but for somebody else that does it. */
bool cell_is_dead(const struct ring *ring, unsigned cell, uint64_t tail);

/* Lets a cell gate no more if its process is gone, unless what it has not read must be kept for it;
 * true when it gates no more. */
bool cell_reap(struct ring *ring, unsigned cell, uint64_t tail);

/* The same, and of a dead consumer whose place is kept, too, takes the bit out of the wait set. */
bool cell_bury(struct ring *ring, unsigned cell, uint64_t tail);

#endif
