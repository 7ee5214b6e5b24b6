/* SPDX-License-Identifier: MIT */
/* Taking a place in the ring that the producer will respect. */
#include "consumer.h"
#include "error.h"

enum { JOIN_TRIES = 10000 };

static bool choose_mark(const struct ring *ring, enum mapring_from from, uint64_t sequence,
                        struct ring_place *place)
{
    uint64_t horizon = load_acquire(&ring->header->horizon);
    switch (from) {
    case MAPRING_NEWEST: return mark_newest(ring, place);
    case MAPRING_AT_SEQUENCE: return mark_before(ring, horizon, sequence, place);
    default: return mark_oldest(ring, horizon, place);
    }
}

/* J: the cell is out before the horizon is read again; the producer does it the other way round,
 * so one of the two sees the other. */
bool consumer_claim(const mapring_consumer *consumer, uint64_t position)
{
    const struct ring *ring = &consumer->reader.ring;
    struct ring_cell *cell = &ring->cells->cell[consumer->cell];
    exchange64(&cell->head, position);
    exchange32(&cell->state, CELL_ACTIVE);
    return load_ordered(&ring->header->horizon) - position <= ring->capacity;
}

int consumer_claim_mark(mapring_consumer *consumer, enum mapring_from from, uint64_t sequence,
                        struct ring_place *place)
{
    struct ring *ring = &consumer->reader.ring;
    for (int tries = JOIN_TRIES; tries > 0; tries--)
        if (choose_mark(ring, from, sequence, place) && consumer_claim(consumer, place->position))
            return MAPRING_OK;
    return ring_damaged(ring, "none of its marks is within reach of its horizon");
}

/* From the mark on, which gates the producer now. */
static int go_on(struct ring *ring, enum mapring_from from, uint64_t sequence,
                 struct ring_place *place)
{
    int result = MAPRING_OK;
    if (from == MAPRING_NEWEST)
        result = walk(ring, place, load_acquire(&ring->header->tail));
    if (from == MAPRING_AT_SEQUENCE)
        result = walk_to_sequence(ring, place, sequence);
    if (result != MAPRING_OK)
        return ring_damaged(ring, "its records make no sense behind one of its marks");
    return MAPRING_OK;
}

/* S: the producer says that it waits before it looks whether one has come. */
void consumer_tell_joined(const struct ring *ring)
{
    exchange32(&ring->cells->joined, 1); /* S4 */
    consumer_wake_producer(ring);
}

/* A new ledger from here on. */
static void settle(mapring_consumer *consumer, const struct ring_place *place, uint64_t sequence)
{
    consumer->reader.hot.lapsed = ahead(place->sequence, sequence) > 0;
    consumer->reader.hot.continues = false;
    consumer->lapsed_to = *place;
    consumer->reader.hot.cursor =
        (struct mapring_cursor){.position = place->position, .sequence = sequence};
    consumer->reader.hot.released = consumer->reader.hot.cursor;
    /* Whatever is in the cell, it is not this. */
    consumer->reader.hot.published = place->position - 1;
    consumer->first_sequence = sequence;
    consumer_publish(consumer);
}

int consumer_place(mapring_consumer *consumer, enum mapring_from from, uint64_t sequence)
{
    struct ring *ring = &consumer->reader.ring;
    struct ring_place place;
    int result = consumer_claim_mark(consumer, from, sequence, &place);
    if (result == MAPRING_OK)
        result = go_on(ring, from, sequence, &place);
    if (result != MAPRING_OK)
        return result;
    bool is_kept = from == MAPRING_AT_SEQUENCE && ahead(place.sequence, sequence) > 0;
    settle(consumer, &place, is_kept ? sequence : place.sequence);
    return MAPRING_OK;
}
