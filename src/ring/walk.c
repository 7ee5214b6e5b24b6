/* SPDX-License-Identifier: MIT */
/* Finding one's way in a ring that another process has written: from a mark over commit words. */
#include "ring/walk.h"

#include "layout.h"
#include "ring/ring.h"

/* M: the position is void before the new sequence is written, and the new position comes after
 * it. */
void mark_write(struct ring *ring, const struct ring_place *place)
{
    uint64_t made = load_relaxed(&ring->header->marks_made);
    struct ring_mark *mark = &ring->header->marks[made % MARK_COUNT];
    store_relaxed(&mark->position, NO_POSITION);
    store_release(&mark->sequence, place->sequence);
    store_release(&mark->payload_bytes, place->payload_bytes);
    store_release(&mark->dropped_records, place->dropped.records);
    store_release(&mark->dropped_payload_bytes, place->dropped.payload_bytes);
    store_release(&mark->position, place->position);
    store_release(&ring->header->marks_made, made + 1);
}

/* M: a mark that is being rewritten has a void position, or a position that changes. */
static bool mark_read(const struct ring_mark *mark, struct ring_place *place)
{
    place->position = load_acquire(&mark->position);
    place->sequence = load_acquire(&mark->sequence);
    place->payload_bytes = load_acquire(&mark->payload_bytes);
    place->dropped.records = load_acquire(&mark->dropped_records);
    place->dropped.payload_bytes = load_acquire(&mark->dropped_payload_bytes);
    place->behind_run_end = false;
    place->counter = 0;
    place->end = (struct end_of_run){0};
    return load_relaxed(&mark->position) == place->position && place->position != NO_POSITION;
}

bool mark_numbered(const struct ring *ring, uint64_t number, struct ring_place *place)
{
    return mark_read(&ring->header->marks[number % MARK_COUNT], place) &&
           place->position % ring_slot_bytes(ring) == 0;
}

bool mark_newest(const struct ring *ring, struct ring_place *place)
{
    uint64_t made = load_acquire(&ring->header->marks_made);
    return made > 0 && mark_numbered(ring, made - 1, place);
}

/* In a ring that repeats another one, it is 0 where a time is unknown. */
static void note_counter(const struct ring *ring, struct ring_place *place)
{
    uint64_t counter = record_has_times(ring->hot) ? record_counter(ring->hot, place->position) : 0;
    if (counter)
        place->counter = counter;
}

static void advance(const struct ring *ring, struct ring_place *place, uint64_t word)
{
    place->behind_run_end = commit_is_run_end(word);
    note_counter(ring, place);
    if (commit_kind(word) != RECORD_GAP) {
        place->sequence++;
        place->payload_bytes += commit_bytes(word);
    } else if (!place->behind_run_end) {
        struct ring_loss loss = record_loss(ring->hot, place->position);
        place->sequence += loss.records;
        place->dropped.records += loss.records;
        place->dropped.payload_bytes += loss.payload_bytes;
    }
    uint64_t next = place->position + record_span(ring->hot, commit_bytes(word));
    if (place->behind_run_end)
        place->end =
            (struct end_of_run){record_run_end(ring->hot, place->position), next, place->sequence};
    place->position = next;
}

/* Advances over one record or note. MAPRING_NOTHING at the end. */
static int step(const struct ring *ring, struct ring_place *place)
{
    uint64_t word = record_look(ring->hot, place->position);
    if (word == 0)
        return MAPRING_NOTHING;
    if (!record_fits(ring->hot, word, place->sequence))
        return MAPRING_ERROR_DAMAGED;
    advance(ring, place, word);
    return MAPRING_OK;
}

/* Walks until the place reaches the position or the sequence number, or there is no record. */
static int walk_until(const struct ring *ring, struct ring_place *place, uint64_t position,
                      uint64_t sequence)
{
    uint64_t start = place->position;
    int result = MAPRING_OK;
    while (result == MAPRING_OK && ahead(position, place->position) > 0 &&
           ahead(sequence, place->sequence) > 0)
        result = place->position - start > ring_capacity(ring) ? MAPRING_ERROR_DAMAGED
                                                               : step(ring, place);
    return result == MAPRING_NOTHING ? MAPRING_OK : result;
}

int walk(const struct ring *ring, struct ring_place *place, uint64_t stop)
{
    return walk_until(ring, place, stop, FAR_FROM(place->sequence));
}

int walk_to_sequence(const struct ring *ring, struct ring_place *place, uint64_t sequence)
{
    return walk_until(ring, place, FAR_FROM(place->position), sequence);
}

/* The loop has a limit, since a damaged ring may be full of notes. */
uint64_t walk_over_notes(const struct ring *ring, uint64_t *position)
{
    *position &= ~(uint64_t)(ring_slot_bytes(ring) - 1);
    uint64_t limit = *position + ring_capacity(ring);
    uint64_t word = record_look(ring->hot, *position);
    while (commit_kind(word) == RECORD_GAP && ahead(limit, *position) > 0) {
        *position += record_span(ring->hot, commit_bytes(word));
        word = record_look(ring->hot, *position);
    }
    return word;
}
