/* SPDX-License-Identifier: MIT */
/* A consumer's cell: its state, and letting its consumer go. */
#ifndef MAPRING_RING_CELL_H
#define MAPRING_RING_CELL_H

#include "ring/ring.h"

/* Changes the state of a cell whose role this process holds; its consumer keeps its number. */
void cell_set_state(struct ring_cell *cell, enum cell_state state);

/* Lets the attached consumer go that is in the cell while its state is `word`: it no longer gates
 * the producer, and is woken to learn of it. Called without its role. False if it is no longer
 * there, or was let go already. */
bool cell_evict(struct ring *ring, unsigned cell, uint32_t word, enum evict_reason reason);

/* Wakes the consumers in these cells if they sleep: bit i of the set stands for cell i. W6, G: what
 * they are to see was stored before. */
void cells_wake(struct ring_cells *cells, struct platform_object *object, uint32_t set);

/* Whether the consumer in that cell sleeps, or is about to. One that is awake and expects to sleep
 * again has its bit set, too, but records behind the position at which it slept last. */
bool cell_is_asleep(const struct ring *ring, unsigned cell);

/* Whether the consumer in that cell of the ring, which is this process's own, was let go before now.
 * What was read before is good if this is false afterwards. */
bool is_evicted(const struct ring *ring, unsigned cell);

#endif
