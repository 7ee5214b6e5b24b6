/* SPDX-License-Identifier: MIT */
/* How far consumers have got, as others see it. */
#ifndef MAPRING_LEDGER_H
#define MAPRING_LEDGER_H

#include "ring/ring.h"

/* Where a consumer stands. */
struct standing {
    uint64_t position;
    uint64_t sequence;      /* of the first record that it has not released */
    uint64_t next_sequence; /* of the record at the position */
};

/* False when none was written yet, or when it changes all the time. */
bool ledger_read(const struct ring_cell *cell, struct standing *standing);

/* The first record that no consumer has released yet, living or gone. False while there has been
 * none. */
bool ledger_furthest(const struct ring *ring, uint64_t *sequence);

/* Before a ledger that begins at that record replaces the one in the cell: keeps how far the latter
 * was, if that is further. */
void ledger_carry(struct ring_cell *cell, uint64_t sequence);

#endif
