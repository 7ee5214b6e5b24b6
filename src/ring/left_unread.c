/* SPDX-License-Identifier: MIT */
/* Counts consumers that leave records unread. Nobody else could find that out later: once no
 * consumer is attached, the ring does not show whether its records have been read. */
#include "ring/left_unread.h"

#include "layout.h"
#include "ring/ring.h"
#include "ring/walk.h"

bool is_unread_from(const struct ring *ring, uint64_t position)
{
    return walk_over_notes(ring, &position) != 0;
}

/* A consumer that lapsed or was let go was counted at that time. */
void count_unread(const struct ring *ring, unsigned i)
{
    const struct ring_cell *cell = &ring->cells->cell[i];
    if (cell_state(load_relaxed(&cell->state)) == CELL_ACTIVE &&
        is_unread_from(ring, load_relaxed(&cell->head)))
        fetch_add32(&ring->cells->left_unread, 1);
}
