/* SPDX-License-Identifier: MIT */
#include "ring/leftover.h"

#include <string.h>

#include "error.h"
#include "platform.h"
#include "ring/whole.h"

static int check_run(const struct ring *ring, const struct ring_header *header)
{
    if (run_state(load_ordered(&header->producer_run)) != WRITER_NEVER)
        return MAPRING_OK;
    return fail(MAPRING_ERROR_IN_USE, ring->name.text,
                "ring '%s' was created for a producer that has not come yet", ring->name.text);
}

static int check_durable(const struct ring *ring, const struct ring_cell *cell)
{
    char name[CELL_NAME_BYTES];
    if (cell_state(load_ordered(&cell->state)) == CELL_FREE ||
        !(load_relaxed(&cell->flags) & CELL_DURABLE))
        return MAPRING_OK;
    memcpy(name, cell->name, sizeof name);
    name[sizeof name - 1] = '\0';
    return fail(MAPRING_ERROR_IN_USE, ring->name.text,
                "ring '%s' keeps a place for the durable consumer '%s', which is away",
                ring->name.text, name);
}

static int check_regions(const struct ring *ring, unsigned char *base, bool durable)
{
    const struct ring_cells *cells = (const void *)(base + REGION_BYTES);
    int result = check_run(ring, (const void *)base);
    for (unsigned i = 0; i < CELL_COUNT && result == MAPRING_OK && !durable; i++)
        result = check_durable(ring, &cells->cell[i]);
    return result;
}

int leftover_check(struct ring *ring, bool durable)
{
    unsigned char *base;
    int result = whole_check(ring);
    if (result != MAPRING_OK)
        return result == MAPRING_NOTHING ? MAPRING_OK : result;
    result = platform_map(ring->object, ACCESS_READ, 0, &base);
    if (result != MAPRING_OK)
        return result;
    result = check_regions(ring, base, durable);
    platform_unmap(base, 0);
    return result;
}
