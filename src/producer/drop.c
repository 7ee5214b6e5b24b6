/* SPDX-License-Identifier: MIT */
/* The total of dropped records is in the header and is never more than one record behind, so it
 * survives the producer. What gap records have counted is found by walking over them. */
#include "producer/drop.h"

#include "producer/stamp.h"

/* The other one of the two totals, and then the switch: a producer may die in between. */
static void store_total(struct ring *ring, const struct ring_loss *total)
{
    uint64_t made = load_relaxed(&ring->header->drops_made) + 1;
    struct ring_dropped *next = &ring->header->dropped[made % 2];
    store_release(&next->records, total->records);
    store_release(&next->payload_bytes, total->payload_bytes);
    store_release(&ring->header->drops_made, made);
}

/* When an earlier producer dropped what it had not told is unknown. */
static void note_time(mapring_producer *producer)
{
    bool is_first = !producer_has_untold(producer);
    if (!record_has_times(&producer->hot.ring))
        return;
    producer->dropped_times.last = stamp_now(producer);
    if (is_first)
        producer->dropped_times.first = producer->dropped_times.last;
}

int drop_count(mapring_producer *producer, uint64_t records, uint64_t payload_bytes)
{
    note_time(producer);
    producer->dropped.records += records;
    producer->dropped.payload_bytes += payload_bytes;
    store_total(&producer->ring, &producer->dropped);
    producer_choose_way(producer);
    return MAPRING_DROPPED;
}

struct ring_loss drop_untold(const mapring_producer *producer)
{
    const struct ring_loss *told = &producer->told;
    return (struct ring_loss){producer->dropped.records - told->records,
                              producer->dropped.payload_bytes - told->payload_bytes};
}
