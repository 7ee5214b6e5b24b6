/* SPDX-License-Identifier: MIT */
/* How far consumers have got, as other processes see it. */
#ifndef MAPRING_LEDGER_H
#define MAPRING_LEDGER_H

#include "ring/ring.h"

/* Where a consumer stands. */
struct standing {
    uint64_t position;
    uint64_t sequence;      /* of the first record that it has not released */
    uint64_t next_sequence; /* of the record at the position */
};

/* Reads the ledger in a cell. False if none has been written yet, or if it keeps changing. */
bool ledger_read(const struct ring_cell *cell, struct standing *standing);

/* Finds the first record that no consumer, attached or gone, has released. False if there has been
 * no consumer. */
bool ledger_furthest(const struct ring *ring, uint64_t *sequence);

/* Saves in the carry how far the ledger in the cell has got, if that is further than `sequence`,
 * where the ledger that will replace it begins. */
void ledger_carry(struct ring_cell *cell, uint64_t sequence);

#endif
