/* SPDX-License-Identifier: MIT */
/* How the consumers' cells gate the producer. */
#ifndef MAPRING_CELLS_H
#define MAPRING_CELLS_H

#include "ring/ring.h"

struct gate {
    bool closed;       /* the producer is limited */
    uint64_t position; /* it may write up to here */
    int cell;          /* of the consumer that limits it; -1: none has joined yet */
    uint32_t system;   /* operating system of that consumer */
};

/* Finds how far the slowest consumer lets the producer write. */
struct gate gate_of_cells(const struct ring *ring);

/* Whether the cell gates the producer; whether it does, and is not that of a durable consumer that
 * is away. */
bool cell_is_active(const struct ring *ring, unsigned cell);
bool cell_is_attended(const struct ring *ring, unsigned cell);

/* Whether the cell belongs to a durable consumer that is away. */
bool cell_is_away(const struct ring *ring, unsigned cell);

/* Whether the consumer is dead and its place need not be kept, so that cell_reap() would free
 * it. */
bool cell_is_dead(const struct ring *ring, unsigned cell, uint64_t tail);

/* Stops the cell from gating the producer if its process is gone, unless its unread records must be
 * kept. True if the cell no longer gates. */
bool cell_reap(struct ring *ring, unsigned cell, uint64_t tail);

/* The same, but also clears the wait-set bit of a dead consumer whose place is kept. */
bool cell_bury(struct ring *ring, unsigned cell, uint64_t tail);

/* Lets the consumer go if it is attached and further behind than the ring lets it be. True if the
 * cell no longer gates. */
bool cell_evict_late(struct ring *ring, unsigned cell, uint64_t tail);

#endif
