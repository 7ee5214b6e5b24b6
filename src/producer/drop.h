/* SPDX-License-Identifier: MIT */
/* Records that found no room in a ring that drops: they are counted, and reported by a gap record
 * (note.h). */
#ifndef MAPRING_DROP_H
#define MAPRING_DROP_H

#include "producer/producer.h"

/* Counts records as dropped. Returns MAPRING_DROPPED. */
int drop_count(mapring_producer *producer, uint64_t records, uint64_t payload_bytes);

/* What no gap record has counted yet. */
struct ring_loss drop_untold(const mapring_producer *producer);

/* The span of the gap record that is due, or 0. */
static inline uint64_t drop_gap_span(const mapring_producer *producer)
{
    if (!producer_has_untold(producer))
        return 0;
    return record_span(&producer->hot.ring, record_loss_bytes(&producer->hot.ring));
}

#endif
