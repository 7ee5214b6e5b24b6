/* SPDX-License-Identifier: MIT */
/* The producer waits for its consumers: to come, and to have read everything. */
#include "error.h"
#include "producer.h"
#include "room.h"

static void reap_dead(mapring_producer *producer)
{
    for (unsigned i = 0; i < CELL_COUNT; i++)
        if (cell_is_attended(&producer->ring, i))
            cell_reap(&producer->ring, i, producer->hot.position);
}

static int wait_until(mapring_producer *producer, int64_t timeout_ns,
                      bool (*is_done)(mapring_producer *producer, void *context), void *context)
{
    int result = producer_check(producer);
    if (result != MAPRING_OK)
        return result;
    int64_t deadline = deadline_after(timeout_ns);
    for (;;) {
        if (producer_is_removed(producer))
            return MAPRING_REMOVED;
        reap_dead(producer);
        if (is_done(producer, context))
            return MAPRING_OK;
        if (timeout_ns == 0 || !producer_sleep(producer, deadline, is_done, context))
            return MAPRING_TIMED_OUT;
    }
}

static bool have_come(mapring_producer *producer, void *count)
{
    unsigned active = 0;
    for (unsigned i = 0; i < CELL_COUNT; i++)
        active += cell_is_attended(&producer->ring, i);
    return active >= *(const unsigned *)count;
}

int mapring_producer_wait_consumers(mapring_producer *producer, unsigned count, int64_t timeout_ns)
{
    if (count > CELL_COUNT)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "cannot wait for %u consumers, %d can attach",
                    count, CELL_COUNT);
    return wait_until(producer, timeout_ns, have_come, &count);
}

static bool is_drained(mapring_producer *producer, void *context)
{
    struct drain *drain = &producer->drain;
    const struct ring_cells *cells = producer->ring.cells;
    (void)context;
    if (producer->ring.when_full == WHEN_FULL_OVERWRITE)
        return true;
    if (producer->hot.sequence > 0 && !load_ordered(&cells->joined))
        return false;
    uint32_t behind = 0;
    for (unsigned i = 0; i < CELL_COUNT; i++) {
        uint32_t bit = UINT32_C(1) << i;
        bool attended = cell_is_attended(&producer->ring, i);
        uint64_t head = load_ordered(&cells->cell[i].head);
        if (attended && ahead(producer_records_end(producer), head) > 0)
            behind |= bit;
        else if (!attended && drain->behind & bit && ahead(drain->position, head) > 0)
            drain->gone = true;
    }
    drain->behind = behind;
    drain->position = producer_records_end(producer);
    return behind == 0;
}

int mapring_producer_drain(mapring_producer *producer, int64_t timeout_ns)
{
    int result = wait_until(producer, timeout_ns, is_drained, NULL);
    if (result != MAPRING_OK || !producer->drain.gone)
        return result;
    producer->drain.gone = false;
    return MAPRING_CONSUMER_GONE;
}
