/* SPDX-License-Identifier: MIT */
/* Reads for whom the producer waits, and has waited. The numbers may be anything: they are reported
 * and not used. */
#include "ring/stat_waits.h"

/* The time is loaded second and cleared last: if it is there, the producer did wait. */
static void stat_wait(const struct ring *ring, struct mapring_stat *stat)
{
    uint32_t waits_for = load_acquire(&ring->header->waits_for);
    uint64_t since_ns = load_relaxed(&ring->header->waits_since_ns);
    stat->producer_waits =
        stat->producer_state == MAPRING_PRODUCER_IS_OPEN && waits_for != 0 && since_ns != 0;
    stat->blocking_cell = -1;
    if (!stat->producer_waits)
        return;
    stat->blocked_since_ns = since_ns;
    if (waits_for <= CELL_COUNT)
        stat->blocking_cell = (int16_t)(waits_for - 1);
}

void stat_waits(const struct ring *ring, struct mapring_stat *stat)
{
    stat_wait(ring, stat);
    for (unsigned i = 0; i <= CELL_COUNT; i++) {
        const struct ring_blame *entry = &ring->header->blame[i];
        stat->blocked_count += load_relaxed(&entry->waits);
        stat->blocked_ns += load_relaxed(&entry->wait_ns);
    }
}

void stat_blame(const struct ring *ring, struct mapring_consumer_stat *consumer)
{
    const struct ring_blame *entry = &ring->header->blame[consumer->cell];
    consumer->blocked_count = load_relaxed(&entry->waits);
    consumer->blocked_ns = load_relaxed(&entry->wait_ns);
    consumer->blocked_longest_ns = load_relaxed(&entry->longest_ns);
}
