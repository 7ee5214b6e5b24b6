/* SPDX-License-Identifier: MIT */
/* Records that found no room in a ring that drops: counted, and told by a gap record. */
#ifndef MAPRING_DROP_H
#define MAPRING_DROP_H

#include "producer.h"

/* Counts records as dropped: MAPRING_DROPPED. */
int drop_count(mapring_producer *producer, uint64_t records, uint64_t payload_bytes);

/* What no gap record tells yet. */
struct ring_loss drop_untold(const mapring_producer *producer);

/* The span of the gap record that is due, or 0. */
static inline uint64_t drop_gap_span(const mapring_producer *producer)
{
    if (producer->ring.when_full != WHEN_FULL_DROP ||
        producer->dropped.records == producer->told.records)
        return 0;
    return ring_span(&producer->ring, sizeof(struct ring_loss));
}

/* Kept free behind the last record of a ring that drops: however full it is, its readers can be
 * told of what was dropped last when the producer closes. */
static inline uint64_t drop_spare(const struct ring *ring)
{
    return ring->when_full == WHEN_FULL_DROP ? ring_span(ring, sizeof(struct ring_loss)) : 0;
}

/* Writes the gap record's payload at tail, and returns its commit word. Once that is stored,
 * drop_told() goes on behind the gap. */
uint64_t drop_write_gap(const mapring_producer *producer);
void drop_told(mapring_producer *producer);

/* What an earlier producer has counted. */
struct ring_loss drop_total(const struct ring *ring);

#endif
