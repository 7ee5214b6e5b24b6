/* SPDX-License-Identifier: MIT */
/* How the consumers' cells gate the producer, and freeing the cells of dead consumers. */
#include "producer/cells.h"

#include "platform.h"
#include "ring/cell.h"
#include "ring/left_unread.h"
#include "ring/ring.h"

bool cell_is_active(const struct ring *ring, unsigned cell)
{
    return cell_state(load_ordered(&ring->cells->cell[cell].state)) == CELL_ACTIVE; /* J, V */
}

static bool is_durable(const struct ring *ring, unsigned cell)
{
    return load_relaxed(&ring->cells->cell[cell].flags) & CELL_DURABLE;
}

bool cell_is_attended(const struct ring *ring, unsigned cell)
{
    return cell_is_active(ring, cell) &&
           (!is_durable(ring, cell) || platform_role_held(ring->object, ROLE_CONSUMER + cell));
}

bool cell_is_away(const struct ring *ring, unsigned cell)
{
    return is_durable(ring, cell) && !platform_role_held(ring->object, ROLE_CONSUMER + cell);
}

/* F, J, V: sequentially consistent, like the stores of consumers that join or release, and of those
 * who let them go. */
struct gate gate_of_cells(const struct ring *ring)
{
    /* Loaded before the cells: the first consumer claims its cell before it sets `joined`. */
    bool joined = load_ordered(&ring->cells->joined) != 0;
    struct gate gate = {.closed = !joined && ring->when_full != WHEN_FULL_OVERWRITE,
                        .position = ring->first_position + ring_capacity(ring),
                        .cell = -1,
                        .system = SYSTEM_NONE};
    for (unsigned i = 0; i < CELL_COUNT; i++) {
        if (!cell_is_active(ring, i))
            continue;
        uint64_t position = load_ordered(&ring->cells->cell[i].head) + ring_capacity(ring);
        if (gate.closed && ahead(position, gate.position) >= 0)
            continue;
        gate = (struct gate){true, position, (int)i, load_relaxed(&ring->cells->cell[i].system)};
    }
    return gate;
}

static bool is_within_lag(const struct ring_cell *cell, uint64_t tail)
{
    uint64_t max_lag = load_relaxed(&cell->max_lag);
    return max_lag == 0 || tail - load_ordered(&cell->head) <= max_lag;
}

/* True for a durable consumer that has not lapsed, even while it is away. */
static bool keeps_its_place(const struct ring *ring, unsigned cell, uint64_t tail)
{
    return is_durable(ring, cell) && is_within_lag(&ring->cells->cell[cell], tail);
}

bool cell_is_dead(const struct ring *ring, unsigned cell, uint64_t tail)
{
    return !keeps_its_place(ring, cell, tail) &&
           !platform_role_held(ring->object, ROLE_CONSUMER + cell);
}

static void let_go(struct ring *ring, unsigned i)
{
    count_unread(ring, i);
    cell_set_state(&ring->cells->cell[i], is_durable(ring, i) ? CELL_LAPSED : CELL_FREE);
}

/* Holds the dead consumer's role meanwhile, so that no new consumer can take the cell. A durable
 * one may have come and gone just before: only with the role held does the cell say whose it is. */
bool cell_bury(struct ring *ring, unsigned i, uint64_t tail)
{
    if (platform_role_take(ring->object, ROLE_CONSUMER + i) != MAPRING_OK)
        return false;
    fetch_and32(&ring->cells->wait_set, ~(UINT32_C(1) << i));
    bool kept = keeps_its_place(ring, i, tail);
    if (!kept && cell_is_active(ring, i))
        let_go(ring, i);
    platform_role_drop(ring->object, ROLE_CONSUMER + i);
    return !kept;
}

bool cell_evict_late(struct ring *ring, unsigned i, uint64_t tail)
{
    const struct ring_cell *cell = &ring->cells->cell[i];
    uint32_t word = load_ordered(&cell->state);
    /* not covered: its process ends just then */
    return tail - load_ordered(&cell->head) > ring->max_lag_attached &&
           platform_role_held(ring->object, ROLE_CONSUMER + i) &&
           cell_evict(ring, i, word, EVICT_LAG);
}

bool cell_reap(struct ring *ring, unsigned i, uint64_t tail)
{
    return !keeps_its_place(ring, i, tail) && cell_bury(ring, i, tail);
}
