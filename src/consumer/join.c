/* SPDX-License-Identifier: MIT */
/* Taking a place in the ring that the producer will respect. */
#include "consumer/join.h"

#include "consumer/consumer.h"
#include "consumer/release.h"
#include "reader/begin.h"
#include "ring/ledger.h"
#include "ring/ring.h"

enum { JOIN_TRIES = 10000 };

/* J: publishes the cell before it reads the horizon again. The producer does the reverse, so one of
 * the two sees the other. */
bool consumer_claim(const mapring_consumer *consumer, uint64_t position)
{
    const struct ring *ring = &consumer->reader.ring;
    struct ring_cell *cell = &ring->cells->cell[consumer->cell];
    exchange64(&cell->head, position);
    if (!consumer->placed) /* later, it is active, or was let go */
        exchange32(&cell->state, consumer->state);
    return load_ordered(&ring->header->horizon) - position <= ring_capacity(ring);
}

/* Everything from its own place on is kept for the consumer, whatever the horizon says, which may
 * have moved just when the consumer took that place. Places after it therefore need no claim, and a
 * claim never lets the producer overwrite unread records. If nothing older is kept for everybody,
 * its own place is the oldest. */
static bool is_kept_for_it(const mapring_consumer *consumer, struct beginning *beginning)
{
    const struct mapring_cursor *released = &consumer->reader.hot.released;
    if (!consumer->placed || ahead(beginning->place.position, released->position) < 0)
        return false;
    if (begin_is_late(beginning))
        beginning->place = consumer->reader.lapsed
                               ? consumer->lapsed_to
                               : (struct ring_place){.position = released->position,
                                                     .sequence = released->sequence};
    return true;
}

static int claim_start(mapring_consumer *consumer, struct beginning *beginning)
{
    struct ring *ring = &consumer->reader.ring;
    for (int tries = JOIN_TRIES; tries > 0; tries--)
        if (begin_start(ring, beginning) && (is_kept_for_it(consumer, beginning) ||
                                             consumer_claim(consumer, beginning->place.position)))
            return MAPRING_OK;
    return ring_damaged(ring, "no place to start from is within reach of its horizon");
}

int consumer_claim_oldest(mapring_consumer *consumer, struct ring_place *place)
{
    struct beginning beginning = begin_with(&consumer->reader.ring, MAPRING_OLDEST, 0);
    int result = claim_start(consumer, &beginning);
    *place = beginning.place;
    return result;
}

/* S: the producer sets producer_waits before it checks whether a consumer has joined. */
void consumer_tell_joined(const struct ring *ring)
{
    exchange32(&ring->cells->joined, 1); /* S4 */
    consumer_wake_producer(ring);
}

/* Begins a new ledger at this place. */
static void settle(mapring_consumer *consumer, const struct beginning *beginning)
{
    struct mapring_reader_hot *hot = &consumer->reader.hot;
    const struct ring_place *place = &beginning->place;
    reader_set_lapsed(&consumer->reader, ahead(place->sequence, beginning->sequence) > 0);
    consumer->reader.clock.latest_ns = 0;
    hot->cursor = (struct mapring_cursor){
        .position = place->position,
        .sequence = consumer->reader.lapsed ? beginning->sequence : place->sequence,
    };
    hot->released = hot->cursor;
    hot->published = place->position - 1; /* differs from whatever is in the cell */
    hot->continues = false;
    consumer->lapsed_to = *place;
    consumer->reader.known_drops = beginning->known_drops;
    consumer->first_sequence = beginning->sequence;
    consumer->placed = true;
    ledger_carry(&consumer->reader.ring.cells->cell[consumer->cell], beginning->sequence);
    consumer_publish(consumer);
}

int consumer_place(mapring_consumer *consumer, enum mapring_from from, uint64_t sequence)
{
    struct ring *ring = &consumer->reader.ring;
    if (from == MAPRING_UNREAD)
        from = ledger_furthest(ring, &sequence) ? MAPRING_AT_SEQUENCE : MAPRING_OLDEST;
    struct beginning beginning = begin_with(ring, from, sequence);
    int result = claim_start(consumer, &beginning);
    if (result != MAPRING_OK)
        return result;
    if (begin_find(ring, &beginning) != MAPRING_OK)
        return ring_damaged(ring, "its records make no sense behind a place to start from");
    settle(consumer, &beginning);
    return MAPRING_OK;
}
