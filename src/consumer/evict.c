/* SPDX-License-Identifier: MIT */
/* Letting an attached consumer go, on request. */
#include <inttypes.h>

#include "consumer/release.h"
#include "error.h"
#include "platform.h"
#include "ring/cell.h"
#include "ring/open.h"
#include "ring/ring.h"

static int not_attached(const struct ring *ring, unsigned cell)
{
    return fail(MAPRING_ERROR_NOT_THERE, ring->name.text,
                "no consumer is attached in cell %u of ring '%s', so there is none to let go", cell,
                ring->name.text);
}

/* The state says whose the cell is: if it is the same when it is changed, so is the consumer. */
static int evict_attached(struct ring *ring, unsigned cell)
{
    uint32_t word = load_ordered(&ring->cells->cell[cell].state);
    if (!platform_role_held(ring->object, ROLE_CONSUMER + cell))
        return not_attached(ring, cell);
    if (cell_state(word) == CELL_EVICTED)
        return fail(MAPRING_ERROR_EVICTED, ring->name.text,
                    "consumer %u of ring '%s', process %" PRIu64
                    ", was let go before; its cell becomes free when that process closes it or "
                    "ends",
                    cell, ring->name.text, load_relaxed(&ring->cells->cell[cell].process));
    /* not covered: it leaves at this moment */
    if (cell_state(word) != CELL_ACTIVE || !cell_evict(ring, cell, word, EVICT_ASKED))
        return not_attached(ring, cell);
    consumer_wake_producer(ring);
    return MAPRING_OK;
}

int mapring_consumer_evict(const char *name, enum mapring_scope scope, unsigned cell)
{
    struct ring ring = {0};
    struct mapring_hot hot;
    if (cell >= CELL_COUNT)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "invalid cell %u for ring '%s': a ring has the cells 0 to %d", cell, name,
                    CELL_COUNT - 1);
    int result = ring_attach(&ring, &hot, name, scope, false, ACCESS_CONSUME);
    if (result == MAPRING_OK)
        result = evict_attached(&ring, cell);
    ring_close(&ring);
    return result;
}
