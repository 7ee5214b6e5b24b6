/* SPDX-License-Identifier: MIT */
/* Notes stand before a record and become visible with it: a run end for the previous run, and a gap
 * record if records were dropped. */
#ifndef MAPRING_NOTE_H
#define MAPRING_NOTE_H

#include "producer/drop.h"

static inline uint64_t run_end_span(const struct ring *ring)
{
    return record_span(ring->hot, sizeof(struct ring_run_end));
}

/* The span of the notes that are due, or 0. */
static inline uint64_t note_spans(const mapring_producer *producer)
{
    return (producer->run_before ? run_end_span(&producer->ring) : 0) + drop_gap_span(producer);
}

/* The space that stays free after the last record of a ring that drops: however full it is, a gap
 * record fits when the producer closes, and a run end when the next one opens the ring. */
static inline uint64_t note_spare(const struct ring *ring)
{
    if (ring->when_full != WHEN_FULL_DROP)
        return 0;
    return record_span(ring->hot, record_loss_bytes(ring->hot)) + run_end_span(ring);
}

/* Writes the notes that notes_span has room for, except for the commit word of the first one, which
 * it returns. Once that is stored, notes_told() moves the producer past them. */
uint64_t notes_write(const mapring_producer *producer);
void notes_told(mapring_producer *producer);

#endif
