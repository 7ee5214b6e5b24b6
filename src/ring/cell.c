/* SPDX-License-Identifier: MIT */
/* The state of a cell belongs to whoever holds the cell's role. There is one exception: anybody may
 * let an active consumer go. It keeps the role until its process ends or closes it, so that nobody
 * else gets the cell, whenever a consumer that was stuck goes on. */
#include "ring/cell.h"

#include "platform.h"
#include "ring/left_unread.h"

void cells_wake(struct ring_cells *cells, struct platform_object *object, uint32_t set)
{
    fetch_add32(&cells->wakes, 1); /* W6 */
    platform_wake(object, set, &cells->wakes);
}

bool cell_is_asleep(const struct ring *ring, unsigned cell)
{
    uint64_t position = load_relaxed(&ring->cells->cell[cell].wake_position);
    return load_relaxed(&ring->cells->wait_set) >> cell & 1 &&
           ahead(position, load_acquire(&ring->header->tail)) >= 0;
}

void cell_set_state(struct ring_cell *cell, enum cell_state state)
{
    exchange32(&cell->state, cell_word(cell_number(load_relaxed(&cell->state)), state));
}

/* V, G: its records may be overwritten from then on, and whoever sleeps has to look again. */
static bool evict(struct ring *ring, unsigned i, uint32_t word)
{
    struct ring_cell *cell = &ring->cells->cell[i];
    uint32_t bit = UINT32_C(1) << i;
    if (!compare_exchange32(&cell->state, word, cell_word(cell_number(word), CELL_EVICTED)))
        return false;
    fetch_add32(&ring->cells->evicted, 1);
    fetch_and32(&ring->cells->wait_set, ~bit);
    cells_wake(ring->cells, ring->object, bit);
    return true;
}

bool cell_evict(struct ring *ring, unsigned i, uint32_t word, enum evict_reason reason)
{
    store_relaxed(&ring->cells->cell[i].eviction, eviction_word(platform_process(), reason));
    count_unread(ring, i);
    return evict(ring, i, word);
}

/* V, G */
bool is_evicted(const struct ring *ring, unsigned cell)
{
    fence_acquire();
    return cell_state(load_ordered(&ring->cells->cell[cell].state)) == CELL_EVICTED;
}
