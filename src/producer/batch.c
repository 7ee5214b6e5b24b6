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
#include "stream.h"

static int measure_batch(const struct ring *ring, const struct mapring_buffer *records,
                         size_t count, uint64_t *span, uint64_t *bytes)
{
    const struct mapring_hot hot = *ring->hot;
    const uint64_t most = ring_capacity(ring) / 2;
    uint64_t all_spans = 0, all_bytes = 0;
    for (size_t i = 0; i < count; i++) {
        if (!records[i].data && records[i].bytes)
            return fail(MAPRING_ERROR_ARGUMENT, ring->name.text,
                        "the data of record %zu of a batch for ring '%s' is a null pointer", i,
                        ring->name.text);
        if (records[i].bytes > hot.record_limit)
            return producer_too_large(ring, records[i].bytes);
        all_spans += record_span(&hot, records[i].bytes);
        all_bytes += records[i].bytes;
        if (all_spans > most)
            return fail(MAPRING_ERROR_RECORD_TOO_LARGE, ring->name.text,
                        "a batch of %zu records takes more than half of ring '%s'; send it in "
                        "parts, or make a ring with a larger capacity",
                        count, ring->name.text);
    }
    *span = all_spans;
    *bytes = all_bytes;
    return MAPRING_OK;
}

/* Lines that are copied past the caches must not be fetched. */
static void stream_stage(mapring_producer *producer, void *place, size_t bytes)
{
    struct mapring_producer_hot *hot = &producer->hot;
    if (ahead(producer->stage.end, hot->fetched) > 0)
        hot->fetched = producer->stage.end - producer->stage.end % MAPRING_LINE_BYTES;
    stream_payload(place, producer->stage.bytes, bytes);
}

/* Copies what is in the stage into the ring. What is staged next begins at `next`. */
static void unstage(mapring_producer *producer, uint64_t next)
{
    struct stage *stage = &producer->stage;
    unsigned char *place = record_at(&producer->hot.ring, stage->begin);
    size_t bytes = (size_t)(stage->end - stage->begin);
    if (bytes && producer->ways.now == WAY_STREAMED) {
        stream_stage(producer, place, bytes);
    } else if (bytes) {
        mapring1_fetch_ahead(&producer->hot, stage->end);
        copy_payload(place, stage->bytes, bytes);
    }
    stage->begin = stage->end = next;
}

/* Where the next records of a batch are written, and how many bytes fit there. */
struct place {
    unsigned char *at;
    uint64_t bytes;
};

/* At least `bytes`, and all that needs no further fetching. */
static struct place place_in_ring(mapring_producer *producer, uint64_t position, uint64_t bytes)
{
    mapring1_fetch_ahead(&producer->hot, position + bytes);
    uint64_t fetched = producer->hot.fetched - position;
    return (struct place){record_at(&producer->hot.ring, position),
                          ahead(fetched, bytes) > 0 ? fetched : bytes};
}

static struct place place_in_stage(mapring_producer *producer, uint64_t position, uint64_t bytes)
{
    struct stage *stage = &producer->stage;
    if (position + bytes - stage->begin > STAGE_BYTES)
        unstage(producer, position);
    size_t filled = (size_t)(position - stage->begin);
    return (struct place){stage->bytes + filled, STAGE_BYTES - filled};
}

/* Large records consist of whole lines anyway, so they are not staged. */
static struct place place_for(mapring_producer *producer, uint64_t position, uint64_t bytes)
{
    if (producer->ways.now == WAY_DIRECT)
        return place_in_ring(producer, position, bytes);
    if (bytes <= STAGED_RECORD_MOST)
        return place_in_stage(producer, position, bytes);
    unstage(producer, position + bytes);
    return (struct place){place_in_ring(producer, position, bytes).at, bytes};
}

/* After records have been written to the place of `position`. */
static void wrote_until(mapring_producer *producer, uint64_t position)
{
    if (producer->ways.now != WAY_DIRECT)
        producer->stage.end = position;
}

/* Writes the first record, and those after it that are not large, as long as they fit. Returns how
 * many bytes they take. Uses copies, which the compiler can keep in registers. */
static uint64_t write_run(const mapring_producer *producer, struct place place, uint64_t sequence,
                          const struct mapring_buffer *records, size_t *count)
{
    const struct mapring_hot ring = producer->hot.ring;
    const uint64_t header = record_header_bytes(&ring), counter = producer->counter;
    const unsigned char *begin = place.at, *end = place.at + place.bytes;
    size_t i = 0;
    do {
        uint64_t word = commit_word(RECORD_DATA, records[i].bytes, sequence + i);
        memcpy(place.at, &word, sizeof word);
        if (header > sizeof word)
            memcpy(place.at + sizeof word, &counter, sizeof counter);
        copy_payload(place.at + header, records[i].data, records[i].bytes);
        place.at += record_span(&ring, records[i].bytes);
        i++;
    } while (i < *count && records[i].bytes <= STAGED_RECORD_MOST &&
             record_span(&ring, records[i].bytes) <= (uint64_t)(end - place.at));
    *count = i;
    return (uint64_t)(place.at - begin);
}

static void write_more(mapring_producer *producer, uint64_t position, uint64_t sequence,
                       const struct mapring_buffer *records, size_t count)
{
    for (size_t i = 0, run; i < count; i += run) {
        uint64_t span = record_span(&producer->hot.ring, records[i].bytes);
        run = count - i;
        position += write_run(producer, place_for(producer, position, span), sequence + i,
                              &records[i], &run);
        wrote_until(producer, position);
    }
}

/* Readers look at the commit word of the first record, so that one is not written here. */
static void write_first(mapring_producer *producer, uint64_t position, uint64_t end,
                        const struct mapring_buffer *record)
{
    uint64_t payload = position + record_header_bytes(&producer->hot.ring);
    producer->stage.begin = producer->stage.end = payload;
    copy_payload(place_for(producer, payload, end - payload).at, record->data, record->bytes);
    wrote_until(producer, end);
}

/* Writes everything except the first record's commit word, which makes all of them visible. The
 * line of the commit word after the batch is fetched first, and zeroed last: otherwise all that is
 * written would wait in the store queue for that line. */
static void write_batch(mapring_producer *producer, const struct mapring_buffer *records,
                        size_t count, uint64_t span)
{
    uint64_t begin = producer_position(producer), end = begin + span;
    uint64_t second = begin + record_span(&producer->hot.ring, records[0].bytes);
    mapring_fetch_for_writing(record_at(&producer->hot.ring, end));
    write_first(producer, begin, second, &records[0]);
    write_more(producer, second, producer_sequence(producer) + 1, records + 1, count - 1);
    unstage(producer, end);
    producer_end_at(producer, end);
    if (producer->ways.now == WAY_STREAMED)
        stream_fence();
    producer->ways.batch_bytes += span;
}

int mapring_producer_send_batch(mapring_producer *producer, const struct mapring_buffer *records,
                                size_t count, int64_t timeout_ns)
{
    uint64_t span = 0, bytes = 0;
    int result = producer_check_sender(producer);
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
