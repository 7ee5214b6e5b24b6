/* SPDX-License-Identifier: MIT */
/* The oldest record that is kept is always one from which a reader can continue, so that every
 * record that is kept can be reached. The producer advances it before it moves its horizon. */
#include "ring/kept.h"

#include "ring/ring.h"
#include "ring/walk.h"

/* K: writes the entry that is not in use, then switches to it; the caller moves the horizon
 * later. */
void kept_write(struct ring *ring, const struct ring_place *place)
{
    uint64_t made = load_relaxed(&ring->header->kept_made) + 1;
    struct ring_point *kept = &ring->header->kept[made % 2];
    store_release(&kept->position, place->position);
    store_release(&kept->sequence, place->sequence);
    store_release(&ring->header->kept_made, made);
}

/* K: if the count is the same before and after, both words belong together. */
bool kept_read(const struct ring *ring, struct ring_place *place)
{
    uint64_t made = load_acquire(&ring->header->kept_made);
    const struct ring_point *kept = &ring->header->kept[made % 2];
    if (made == 0)
        return mark_numbered(ring, 0, place);
    *place = (struct ring_place){.position = load_acquire(&kept->position),
                                 .sequence = load_acquire(&kept->sequence)};
    return load_relaxed(&ring->header->kept_made) == made &&
           place->position % ring_slot_bytes(ring) == 0;
}

bool kept_before(const struct ring *ring, uint64_t sequence, struct ring_place *place)
{
    struct ring_place mark;
    uint64_t made = load_acquire(&ring->header->marks_made);
    if (!kept_read(ring, place))
        return false;
    for (uint64_t back = 1; back <= MARK_COUNT && back <= made; back++) {
        if (!mark_numbered(ring, made - back, &mark) || ahead(place->position, mark.position) > 0)
            break;
        if (ahead(sequence, mark.sequence) < 0)
            continue;
        *place = mark;
        break;
    }
    return true;
}

bool kept_beyond(const struct ring *ring, uint64_t spare, struct ring_place *place)
{
    uint64_t begin = load_acquire(&ring->header->horizon) - ring_capacity(ring) + spare;
    uint64_t made = load_acquire(&ring->header->marks_made);
    struct ring_place mark;
    if (!mark_newest(ring, place))
        return false;
    for (uint64_t back = 2; back <= MARK_COUNT && back <= made; back++) {
        if (!mark_numbered(ring, made - back, &mark) || ahead(begin, mark.position) > 0)
            break;
        *place = mark;
    }
    return true;
}
