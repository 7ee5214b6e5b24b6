/* SPDX-License-Identifier: MIT */
/* How far the horizon moves. The oldest record that is kept must be one at which a reader can
 * start. So the horizon moves from mark to mark, each one capacity ahead; where a consumer does not
 * let it move that far, it moves to where that consumer stands. */
#include "producer/horizon.h"

#include "platform.h"
#include "ring/kept.h"
#include "ring/ledger.h"
#include "ring/walk.h"

/* The longest time from one record to the next at which prefetching pays. */
enum { STREAM_NS = 400, STREAM_BYTES_A_NS = 8 };

static uint64_t step_of(const struct ring *ring)
{
    return ring_capacity(ring) / MARKS_PER_LAP;
}

/* Prefetching lines pays while records follow each other closely; a lone record is sent faster
 * without it. */
static void choose_fetching(mapring_producer *producer)
{
    int64_t now = platform_now_ns();
    uint64_t records = producer->hot.sequence - producer->step_sequence;
    uint64_t bytes = producer->hot.payload_bytes - producer->step_bytes;
    uint64_t limit = records * STREAM_NS + bytes / STREAM_BYTES_A_NS;
    bool streams = now - producer->step_ns < (int64_t)limit;
    ways_step(&producer->ways, producer->hot.position, (uint64_t)(now - producer->step_ns),
              !streams);
    if (streams != producer->streams)
        producer->hot.fetched = producer->hot.position + (streams ? 0 : FETCHES_NEVER);
    producer->streams = streams;
    producer->step_ns = now;
    producer->step_sequence = producer->hot.sequence;
    producer->step_bytes = producer->hot.payload_bytes;
}

/* Makes a mark after half a step or more: this is called about once a step, but earlier if a record
 * would go beyond it. */
void horizon_mark(mapring_producer *producer)
{
    if (producer->hot.position - producer->newest.position < step_of(&producer->ring) / 2)
        return;
    producer->newest = (struct ring_place){.position = producer->hot.position,
                                           .sequence = producer->hot.sequence,
                                           .payload_bytes = producer->hot.payload_bytes,
                                           .dropped = producer->told};
    mark_write(&producer->ring, &producer->newest);
    producer->marks++;
    choose_fetching(producer);
}

uint64_t horizon_next_mark(const mapring_producer *producer)
{
    return producer->newest.position + step_of(&producer->ring);
}

/* The search continues where it ended last: a mark that was too old for one horizon is too old for
 * the next. */
uint64_t horizon_for(mapring_producer *producer, uint64_t end)
{
    const struct ring *ring = &producer->ring;
    struct ring_place *first = &producer->first;
    if (producer->marks - producer->first_mark > MARK_COUNT)
        producer->first_mark = producer->marks - MARK_COUNT;
    for (; producer->first_mark + 1 < producer->marks; producer->first_mark++)
        if (mark_numbered(ring, producer->first_mark, first) &&
            first->position + ring_capacity(ring) - end <= ring_capacity(ring))
            return first->position + ring_capacity(ring);
    *first = producer->newest;
    return first->position + ring_capacity(ring);
}

/* A consumer that joins at this moment has a head that is seen here, or finds that it is out of
 * reach of the horizon. */
static void look_for_earlier(const struct ring *ring, uint64_t begin, struct ring_place *first)
{
    for (unsigned i = 0; i < CELL_COUNT; i++) {
        const struct ring_cell *cell = &ring->cells->cell[i];
        struct standing standing;
        if (cell_state(load_ordered(&cell->state)) != CELL_ACTIVE ||
            !ledger_read(cell, &standing) || standing.position - begin >= first->position - begin)
            continue;
        first->position = standing.position;
        first->sequence = standing.next_sequence;
    }
}

void horizon_keep(mapring_producer *producer, uint64_t horizon)
{
    uint64_t begin = horizon - ring_capacity(&producer->ring);
    struct ring_place first = producer->first;
    if (first.position != begin)
        look_for_earlier(&producer->ring, begin, &first);
    producer->kept = first.position;
    kept_write(&producer->ring, &first);
}
