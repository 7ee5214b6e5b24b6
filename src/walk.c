/* SPDX-License-Identifier: MIT */
/* Finding one's way in a ring that somebody else has written: marks, and commit words from there. */
#include "walk.h"

/* A position that no mark can have: marks lie at multiples of 8. */
#define POSITION_VOID UINT64_C(1)

/* M: void before the new sequence, the new sequence before the new position. */
void mark_write(struct ring *ring, const struct ring_place *place)
{
    uint64_t made = load_relaxed(&ring->header->marks_made);
    struct ring_mark *mark = &ring->header->marks[made % MARK_COUNT];
    store_relaxed(&mark->position, POSITION_VOID);
    store_release(&mark->sequence, place->sequence);
    store_release(&mark->payload_bytes, place->payload_bytes);
    store_release(&mark->position, place->position);
    store_release(&ring->header->marks_made, made + 1);
}

/* M: a mark that is being rewritten shows in its position. */
static bool mark_read(const struct ring_mark *mark, struct ring_place *place)
{
    place->position = load_acquire(&mark->position);
    place->sequence = load_acquire(&mark->sequence);
    place->payload_bytes = load_acquire(&mark->payload_bytes);
    return load_relaxed(&mark->position) == place->position && place->position != POSITION_VOID;
}

static const struct ring_mark *mark_number(const struct ring *ring, uint64_t number)
{
    return &ring->header->marks[number % MARK_COUNT];
}

static bool is_aligned(const struct ring *ring, const struct ring_place *place)
{
    return place->position % ring->slot_bytes == 0;
}

bool mark_newest(const struct ring *ring, struct ring_place *place)
{
    uint64_t made = load_acquire(&ring->header->marks_made);
    return made > 0 && mark_read(mark_number(ring, made - 1), place) && is_aligned(ring, place);
}

bool mark_oldest(const struct ring *ring, uint64_t horizon, struct ring_place *place)
{
    uint64_t made = load_acquire(&ring->header->marks_made);
    bool found = false;
    struct ring_place candidate;
    for (uint64_t back = 1; back <= MARK_COUNT && back <= made; back++) {
        if (!mark_read(mark_number(ring, made - back), &candidate))
            break;
        if (horizon - candidate.position > ring->capacity || !is_aligned(ring, &candidate))
            break;
        *place = candidate;
        found = true;
    }
    return found;
}

int walk(const struct ring *ring, struct ring_place *place, uint64_t stop)
{
    uint64_t start = place->position;
    while (ahead(stop, place->position) > 0) {
        uint64_t word = ring_look(ring, place->position);
        if (word == 0)
            return MAPRING_OK;
        if (!ring_word_fits(ring, word, place->sequence) ||
            place->position - start > ring->capacity)
            return MAPRING_ERROR_DAMAGED;
        place->position += ring_span(ring, commit_bytes(word));
        place->sequence++;
        place->payload_bytes += commit_bytes(word);
    }
    return MAPRING_OK;
}
