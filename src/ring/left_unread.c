/* SPDX-License-Identifier: MIT */
/* Counts consumers that leave records unread. Nobody else could find that out later: once no
 * consumer is attached, the ring does not show whether its records have been read. */
#include "ring/left_unread.h"

#include "layout.h"
#include "ring/ring.h"

/* Passes over notes, which are not records to be read. The loop has a limit, since a damaged ring
 * may be full of notes. */
bool is_unread_from(const struct ring *ring, uint64_t position)
{
    position &= ~(uint64_t)(ring_slot_bytes(ring) - 1); /* the cell may contain anything */
    uint64_t limit = position + ring_capacity(ring);
    uint64_t word = record_look(ring->hot, position);
    while (commit_kind(word) == RECORD_GAP && ahead(limit, position) > 0) {
        position += record_span(ring->hot, commit_bytes(word));
        word = record_look(ring->hot, position);
    }
    return word != 0;
}

/* A consumer that lapsed was counted at that time. */
void count_unread(const struct ring *ring, unsigned i)
{
    const struct ring_cell *cell = &ring->cells->cell[i];
    if (load_relaxed(&cell->state) == CELL_ACTIVE &&
        is_unread_from(ring, load_relaxed(&cell->head)))
        fetch_add32(&ring->cells->left_unread, 1);
}
