/* SPDX-License-Identifier: MIT */
/* Waking consumers: those that have what they waited for, or all, or none while the producer is
 * quiet. */
#include "producer/wake.h"

#include "platform.h"
#include "producer/cells.h"
#include "producer/producer.h"
#include "ring/ring.h"

/* Asking the system costs as much as a hundred commits. */
enum { LOOKS_PER_QUESTION = 1024 };

static bool is_due(const mapring_producer *producer, unsigned cell)
{
    uint64_t wanted = load_relaxed(&producer->ring.cells->cell[cell].wake_position);
    return ahead(producer->hot.position, wanted) >= 0;
}

static uint32_t choose_due(const mapring_producer *producer, uint32_t sleepers)
{
    uint32_t due = 0;
    for (unsigned i = 0; i < CELL_COUNT; i++)
        if (sleepers >> i & 1 && is_due(producer, i))
            due |= UINT32_C(1) << i;
    return due;
}

/* A consumer that was killed in its sleep would bring every commit here. */
static void bury_sleepers(mapring_producer *producer, uint32_t sleepers)
{
    if (++producer->vain_looks % LOOKS_PER_QUESTION != 0)
        return;
    for (unsigned i = 0; i < CELL_COUNT; i++)
        if (sleepers >> i & 1)
            cell_bury(&producer->ring, i, producer->hot.position);
}

void producer_wake(mapring_producer *producer, bool all)
{
    struct ring_cells *cells = producer->ring.cells;
    uint32_t sleepers = load_ordered(&cells->wait_set);
    if (load_relaxed(&cells->removed))
        /* not covered: somebody removes the ring while all are woken */
        all = producer_is_removed(producer) || all;
    if (!all) {
        uint32_t due = choose_due(producer, sleepers);
        if (due == 0)
            bury_sleepers(producer, sleepers);
        sleepers = due;
    }
    if (sleepers == 0)
        return;
    fetch_and32(&cells->wait_set, ~sleepers); /* W6 */
    platform_wake(producer->ring.object, sleepers, &cells->wait_set);
}

void mapring1_producer_wake(mapring_producer *producer)
{
    producer_wake(producer, false);
}

int mapring_producer_quiet(mapring_producer *producer, bool quiet)
{
    int result = producer_check(producer);
    if (result != MAPRING_OK)
        return result;
    producer->quiet = quiet;
    producer_choose_way(producer);
    return MAPRING_OK;
}

int mapring_producer_wake(mapring_producer *producer)
{
    int result = producer_check(producer);
    if (result != MAPRING_OK)
        return result;
    producer_wake(producer, true);
    return producer_is_removed(producer) ? MAPRING_REMOVED : MAPRING_OK;
}
