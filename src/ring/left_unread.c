/* SPDX-License-Identifier: MIT */
/* What consumers leave unread. Only they and the producer know how far they were: a ring that nobody
 * is attached to may have been read or not. */
#include "ring/left_unread.h"

#include "layout.h"
#include "ring/ring.h"

/* Notes are told and not read. Not for ever: a damaged ring may be full of them. */
bool is_unread_from(const struct ring *ring, uint64_t position)
{
    position &= ~(uint64_t)(ring_slot_bytes(ring) - 1); /* whatever the cell says */
    uint64_t limit = position + ring_capacity(ring);
    uint64_t word = record_look(ring->hot, position);
    while (commit_kind(word) == RECORD_GAP && ahead(limit, position) > 0) {
        position += record_span(ring->hot, commit_bytes(word));
        word = record_look(ring->hot, position);
    }
    return word != 0;
}

/* One that lapsed was counted when it did. */
void count_unread(const struct ring *ring, unsigned i)
{
    const struct ring_cell *cell = &ring->cells->cell[i];
    if (load_relaxed(&cell->state) == CELL_ACTIVE &&
        is_unread_from(ring, load_relaxed(&cell->head)))
        fetch_add32(&ring->cells->left_unread, 1);
}
