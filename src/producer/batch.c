/* SPDX-License-Identifier: MIT */
/* Sending many records at once: all become visible with the commit word of the first one. */
#include <string.h>

#include "copy.h"
#include "error.h"
#include "layout.h"
#include "producer/producer.h"
#include "producer/send.h"
#include "producer/stage.h"
#include "producer/stamp.h"
#include "ring/geometry.h"
#include "ring/ring.h"

static int measure_batch(const struct ring *ring, const struct mapring_buffer *records,
                         size_t count, uint64_t *span, uint64_t *bytes)
{
    uint64_t all_spans = 0, all_bytes = 0;
    for (size_t i = 0; i < count; i++) {
        if (!records[i].data && records[i].bytes)
            return fail(MAPRING_ERROR_ARGUMENT, ring->name.text,
                        "the data of record %zu of a batch for ring '%s' is a null pointer", i,
                        ring->name.text);
        if (records[i].bytes > ring->hot->record_limit)
            return producer_too_large(ring, records[i].bytes);
        all_spans += record_span(ring->hot, records[i].bytes);
        all_bytes += records[i].bytes;
        if (all_spans > ring_capacity(ring) / 2)
            return fail(MAPRING_ERROR_RECORD_TOO_LARGE, ring->name.text,
                        "a batch of %zu records takes more than half of ring '%s'; send it in "
                        "parts, or make a ring with a larger capacity",
                        count, ring->name.text);
    }
    *span = all_spans;
    *bytes = all_bytes;
    return MAPRING_OK;
}

static void unstage(mapring_producer *producer, uint64_t begin, uint64_t end)
{
    mapring1_fetch_ahead(&producer->hot, end);
    copy_payload(record_at(&producer->hot.ring, begin), producer->stage, (size_t)(end - begin));
}

static bool is_staged(uint64_t span)
{
    return span >= STAGED_RECORD_LEAST && span <= STAGED_RECORD_MOST;
}

/* Writes the records after the first one. Medium ones are assembled in the stage and copied by many
 * whole cache lines at once, which processors need not fetch from the readers' caches first. */
static void write_more(mapring_producer *producer, uint64_t position, uint64_t sequence,
                       const struct mapring_buffer *records, size_t count)
{
    uint64_t header = record_header_bytes(&producer->hot.ring);
    uint64_t begin = position; /* of what is staged */
    for (size_t i = 0; i < count; i++) {
        uint64_t span = record_span(&producer->hot.ring, records[i].bytes);
        bool staged = is_staged(span);
        if (begin != position && (!staged || position + span - begin > STAGE_BYTES)) {
            unstage(producer, begin, position);
            begin = position;
        }
        if (!staged)
            mapring1_fetch_ahead(&producer->hot, position + span);
        unsigned char *place = staged ? producer->stage + (position - begin)
                                      : record_at(&producer->hot.ring, position);
        uint64_t word = commit_word(RECORD_DATA, records[i].bytes, sequence + i);
        memcpy(place, &word, sizeof word);
        memcpy(place + sizeof word, &producer->counter, header - sizeof word);
        copy_payload(place + header, records[i].data, records[i].bytes);
        position += span;
        if (!staged)
            begin = position;
    }
    if (begin != position)
        unstage(producer, begin, position);
}

/* Writes everything except the first record's commit word, which makes all of them visible. The
 * line of the commit word after the batch is fetched first, and zeroed last: otherwise all that is
 * written would wait in the store queue for that line. */
static void write_batch(mapring_producer *producer, const struct mapring_buffer *records,
                        size_t count, uint64_t span)
{
    uint64_t position = producer_position(producer);
    mapring_fetch_for_writing(record_at(&producer->hot.ring, position + span));
    copy_payload(record_payload(&producer->hot.ring, position), records[0].data, records[0].bytes);
    write_more(producer, position + record_span(&producer->hot.ring, records[0].bytes),
               producer_sequence(producer) + 1, records + 1, count - 1);
    producer_end_at(producer, position + span);
}

int mapring_producer_send_batch(mapring_producer *producer, const struct mapring_buffer *records,
                                size_t count, int64_t timeout_ns)
{
    uint64_t span = 0, bytes = 0;
    int result = producer_check_free(producer);
    if (result == MAPRING_OK && (!records || count == 0))
        result = fail(MAPRING_ERROR_ARGUMENT, producer->ring.name.text,
                      "the batch for ring '%s' has no records", producer->ring.name.text);
    if (result == MAPRING_OK)
        result = measure_batch(&producer->ring, records, count, &span, &bytes);
    if (result == MAPRING_OK)
        result = outcome(producer_claim(producer, span, count, bytes, timeout_ns));
    if (result != MAPRING_OK)
        return result;
    producer_stamp(producer, producer_sequence(producer));
    write_batch(producer, records, count, span);
    producer_publish(producer, commit_word(RECORD_DATA, records[0].bytes, 0), span, count, bytes);
    return MAPRING_OK;
}
