/* SPDX-License-Identifier: MIT */
/* Waking consumers: those that have what they waited for, or all, or none while the producer is
 * quiet. */
#include "producer/wake.h"

#include "platform.h"
#include "producer/cells.h"
#include "producer/producer.h"
#include "ring/cell.h"
#include "ring/ring.h"

/* Asking the system costs as much as a hundred commits. */
enum { LOOKS_PER_QUESTION = 1024 };

static uint64_t wanted_by(const mapring_producer *producer, unsigned cell)
{
    return load_ordered(&producer->ring.cells->cell[cell].wake_position); /* W7 */
}

static bool is_due(const mapring_producer *producer, unsigned cell)
{
    return ahead(producer->hot.position, wanted_by(producer, cell)) > 0;
}

static bool has_slept_since_woken(const mapring_producer *producer, unsigned cell)
{
    return ahead(wanted_by(producer, cell), producer->woke_position) >= 0;
}

static uint32_t choose(const mapring_producer *producer, uint32_t cells,
                       bool (*is_chosen)(const mapring_producer *producer, unsigned cell))
{
    uint32_t chosen = 0;
    for (unsigned i = 0; i < CELL_COUNT; i++)
        if (cells >> i & 1 && is_chosen(producer, i))
            chosen |= UINT32_C(1) << i;
    return chosen;
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

/* Who sleeps may leave its request for the next time. Once it was found awake twice in a row, its
 * request is cleared, and costs the producer nothing until it asks anew: perhaps just then, so what
 * counts is who has slept after that. The first time, it may be falling asleep, and is woken. */
static void wake_due(mapring_producer *producer, uint32_t sleepers)
{
    struct ring_cells *cells = producer->ring.cells;
    uint32_t due = choose(producer, sleepers, is_due);
    if (due == 0) {
        bury_sleepers(producer, sleepers);
        return;
    }
    uint32_t awake = due & ~choose(producer, due, has_slept_since_woken);
    uint32_t cleared = awake & producer->found_awake;
    producer->found_awake = awake;
    if (cleared)
        fetch_and32(&cells->wait_set, ~cleared);
    fetch_add32(&cells->wakes, 1); /* W6 */
    uint32_t asleep = (due & ~cleared) | choose(producer, cleared, has_slept_since_woken);
    asleep &= cleared | choose(producer, asleep, is_due); /* others wait for more by now */
    if (asleep == 0)
        return;
    producer->woke_position = producer->hot.position;
    platform_wake(producer->ring.object, asleep, &cells->wakes);
}

void producer_wake(mapring_producer *producer, bool all)
{
    struct ring_cells *cells = producer->ring.cells;
    uint32_t sleepers = load_ordered(&cells->wait_set);
    if (load_relaxed(&cells->removed))
        /* not covered: somebody removes the ring while all are woken */
        all = producer_is_removed(producer) || all;
    if (sleepers == 0)
        return;
    if (!all) {
        wake_due(producer, sleepers);
        return;
    }
    fetch_and32(&cells->wait_set, ~sleepers);
    cells_wake(cells, producer->ring.object, sleepers);
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
