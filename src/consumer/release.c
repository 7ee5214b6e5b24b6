/* SPDX-License-Identifier: MIT */
/* Publishing what a consumer has released, to the producer and to a consumer that takes its
 * place. */
#include "consumer/release.h"

#include "platform.h"
#include "ring/cell.h"

void consumer_wake_producer(const struct ring *ring)
{
    if (!load_ordered(&ring->header->producer_waits)) /* S5 */
        return;
    fetch_add32(&ring->cells->room_wakes, 1); /* S6 */
    platform_wake(ring->object, UINT64_C(1) << CHANNEL_ROOM, &ring->cells->room_wakes);
}

/* Writes the ledger that is not in use, then switches to it: the consumer may be killed in between,
 * and others read the ledger at any time. */
void consumer_write_ledger(mapring_consumer *consumer)
{
    const struct mapring_cursor *released = &consumer->reader.hot.released;
    struct ring_cell *cell = &consumer->reader.ring.cells->cell[consumer->cell];
    uint64_t made = load_relaxed(&cell->ledgers_made) + 1;
    uint64_t sequence = released->sequence + consumer->reader.known_drops;
    struct ring_ledger *ledger = &cell->ledger[made % 2];
    store_release(&ledger->position, released->position);
    store_release(&ledger->sequence, sequence);
    store_release(&ledger->next_sequence,
                  consumer->reader.lapsed ? consumer->lapsed_to.sequence : released->sequence);
    store_release(&ledger->first_sequence, consumer->first_sequence);
    store_release(&ledger->read_records,
                  sequence - consumer->first_sequence - released->lost_records);
    store_release(&ledger->read_payload_bytes, released->payload_bytes);
    store_release(&ledger->lost_records, released->lost_records);
    store_release(&cell->ledgers_made, made);
}

/* F, S4: all reads of the records come before the exchange, and the check whether the producer
 * sleeps comes after it. */
void consumer_publish(mapring_consumer *consumer)
{
    const struct mapring_cursor *released = &consumer->reader.hot.released;
    struct ring_cell *cell = &consumer->reader.ring.cells->cell[consumer->cell];
    if (consumer->reader.hot.published == released->position)
        return;
    consumer_write_ledger(consumer);
    exchange64(&cell->head, released->position);
    consumer->reader.hot.published = released->position;
    consumer_wake_producer(&consumer->reader.ring);
}

void consumer_give_back_to(mapring_consumer *consumer, const struct mapring_cursor *cursor)
{
    struct mapring_reader_hot *hot = &consumer->reader.hot;
    if (is_evicted(&consumer->reader.ring, consumer->cell))
        return;
    hot->released = *cursor;
    if (hot->released.position - hot->published >= hot->publish_every)
        consumer_publish(consumer);
}

void consumer_give_back(mapring_consumer *consumer)
{
    consumer_give_back_to(consumer, &consumer->reader.hot.cursor);
}
