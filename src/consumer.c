/* SPDX-License-Identifier: MIT */
/* The consumer's hot path: next, release, receive. */
#include "consumer.h"

#include <inttypes.h>
#include <string.h>

#include "error.h"

enum { PUBLICATIONS_PER_LAP = 8 }; /* 4 to 16 measured alike; one for each record costs 40 % */

static int consumer_check(const mapring_consumer *consumer, const void *result)
{
    if (!consumer || !result)
        return fail(MAPRING_ERROR_ARGUMENT, consumer ? consumer->ring.name.text : NULL,
                    "the %s is a null pointer", consumer ? "place for the record" : "consumer");
    if (consumer->ring.broken)
        return ring_broken(&consumer->ring);
    return MAPRING_OK;
}

static bool holds_records(const mapring_consumer *consumer)
{
    return consumer->cursor.position != consumer->released.position;
}

void consumer_wake_producer(const struct ring *ring)
{
    if (!load_ordered(&ring->header->producer_waits)) /* S */
        return;
    fetch_add32(&ring->cells->room_wakes, 1);
    platform_wake(ring->object, UINT64_C(1) << CHANNEL_ROOM, &ring->cells->room_wakes);
}

/* F, S: the exchange keeps all reads of the records before it, and the look at the producer's sleep
 * behind it. */
void consumer_publish(mapring_consumer *consumer)
{
    struct ring_cell *cell = &consumer->ring.cells->cell[consumer->cell];
    if (consumer->published == consumer->released.position)
        return;
    store_relaxed(&cell->head_sequence, consumer->released.sequence);
    exchange64(&cell->head, consumer->released.position);
    consumer->published = consumer->released.position;
    consumer_wake_producer(&consumer->ring);
}

static int take(mapring_consumer *consumer, uint64_t word, struct mapring_record *record)
{
    struct ring *ring = &consumer->ring;
    struct ring_place *cursor = &consumer->cursor;
    if (!ring_word_fits(ring, word, cursor->sequence))
        return ring_damaged(ring,
                            "at position %" PRIu64 " there is 0x%016" PRIx64
                            ", which cannot be the header of record %" PRIu64,
                            cursor->position, word, cursor->sequence);
    *record = (struct mapring_record){.payload = ring_at(ring, cursor->position) + COMMIT_WORD_BYTES,
                                      .bytes = (size_t)commit_bytes(word),
                                      .sequence = cursor->sequence};
    cursor->position += ring_span(ring, commit_bytes(word));
    cursor->sequence++;
    return MAPRING_OK;
}

int mapring_consumer_next(mapring_consumer *consumer, struct mapring_record *record,
                          int64_t timeout_ns)
{
    int result = consumer_check(consumer, record);
    if (result != MAPRING_OK)
        return result;
    uint64_t word = ring_look(&consumer->ring, consumer->cursor.position);
    if (word == 0) {
        result = consumer_wait(consumer, timeout_ns);
        if (result != MAPRING_OK)
            return result;
        word = ring_look(&consumer->ring, consumer->cursor.position);
    }
    return take(consumer, word, record);
}

int mapring_consumer_next_batch(mapring_consumer *consumer, struct mapring_record *records,
                                size_t limit, size_t *count, int64_t timeout_ns)
{
    if (!count || limit == 0)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "a batch has room for at least 1 record");
    *count = 0;
    int result = mapring_consumer_next(consumer, records, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    for (*count = 1; *count < limit; ++*count) {
        uint64_t word = ring_look(&consumer->ring, consumer->cursor.position);
        if (word == 0 || take(consumer, word, &records[*count]) != MAPRING_OK)
            break; /* what is wrong with that record is told when it is the first */
    }
    return MAPRING_OK;
}

int mapring_consumer_release(mapring_consumer *consumer)
{
    int result = consumer_check(consumer, consumer);
    if (result != MAPRING_OK)
        return result;
    if (!holds_records(consumer))
        return fail(MAPRING_ERROR_NOTHING_HELD, consumer->ring.name.text,
                    "no record is held, there is nothing to release");
    consumer->released = consumer->cursor;
    uint64_t unpublished = consumer->released.position - consumer->published;
    if (unpublished >= consumer->ring.capacity / PUBLICATIONS_PER_LAP)
        consumer_publish(consumer);
    return MAPRING_OK;
}

static int too_small(mapring_consumer *consumer, const struct mapring_record *record, size_t bytes)
{
    consumer->cursor = consumer->released;
    return fail(MAPRING_ERROR_BUFFER_TOO_SMALL, consumer->ring.name.text,
                "record %" PRIu64 " of ring '%s' has %zu bytes, the buffer %zu; receive it again "
                "with a larger one",
                record->sequence, consumer->ring.name.text, record->bytes, bytes);
}

int mapring_consumer_receive(mapring_consumer *consumer, void *buffer, size_t buffer_bytes,
                             struct mapring_record *record, int64_t timeout_ns)
{
    int result = consumer_check(consumer, record);
    if (result != MAPRING_OK)
        return result;
    if (!buffer && buffer_bytes)
        return fail(MAPRING_ERROR_ARGUMENT, consumer->ring.name.text,
                    "the buffer is a null pointer");
    if (holds_records(consumer))
        return fail(MAPRING_ERROR_HELD, consumer->ring.name.text,
                    "records are held; release them before receiving by copy");
    result = mapring_consumer_next(consumer, record, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    if (record->bytes > buffer_bytes)
        return too_small(consumer, record, buffer_bytes);
    if (record->bytes)
        memcpy(buffer, record->payload, record->bytes);
    record->payload = buffer;
    return mapring_consumer_release(consumer);
}
