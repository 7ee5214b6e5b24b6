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

static bool streams(const mapring_producer *producer)
{
    return producer->ways.now == WAY_STREAMED;
}

/* Up to there, all lines are streamed. */
static void need_no_fetching(mapring_producer *producer, uint64_t end)
{
    if (ahead(end, producer->hot.fetched) > 0)
        producer->hot.fetched = end - end % MAPRING_LINE_BYTES;
}

static void stream(const mapring_producer *producer, uint64_t position, const void *from,
                   uint64_t bytes)
{
    stream_copy(record_at(&producer->hot.ring, position), from, (size_t)bytes);
}

/* Streams what is in the stage into the ring. It ends at `position`, where the stage then begins. */
static void unstage(mapring_producer *producer, uint64_t position)
{
    struct stage *stage = &producer->stage;
    stream(producer, stage->begin, stage->bytes, position - stage->begin);
    stage->begin = position;
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
    uint64_t filled = position - stage->begin;
    return (struct place){stage->bytes + filled, STAGE_BYTES - filled};
}

/* Writes the first record, and those after it of up to `most` bytes, as long as they fit. Returns
 * how many bytes they take. Uses copies, which the compiler can keep in registers. */
static uint64_t write_run(const mapring_producer *producer, struct place place, uint64_t most,
                          uint64_t sequence, const struct mapring_buffer *records, size_t *count)
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
    } while (i < *count && records[i].bytes <= most &&
             record_span(&ring, records[i].bytes) <= (uint64_t)(end - place.at));
    *count = i;
    return (uint64_t)(place.at - begin);
}

/* The payload goes into the ring from where it is. */
static void stream_large(mapring_producer *producer, uint64_t position, uint64_t sequence,
                         const struct mapring_buffer *record)
{
    const uint64_t header = record_header_bytes(&producer->hot.ring);
    const uint64_t words[] = {commit_word(RECORD_DATA, record->bytes, sequence), producer->counter};
    unstage(producer, position);
    stream(producer, position, words, header);
    stream(producer, position + header, record->data, record->bytes);
    producer->stage.begin = position + record_span(&producer->hot.ring, record->bytes);
}

static void stream_more(mapring_producer *producer, uint64_t position, uint64_t sequence,
                        const struct mapring_buffer *records, size_t count)
{
    producer->stage.begin = position;
    for (size_t i = 0, run; i < count; i += run) {
        uint64_t span = record_span(&producer->hot.ring, records[i].bytes);
        run = count - i;
        if (records[i].bytes <= STAGED_RECORD_MOST) {
            position += write_run(producer, place_in_stage(producer, position, span),
                                  STAGED_RECORD_MOST, sequence + i, &records[i], &run);
        } else {
            stream_large(producer, position, sequence + i, &records[i]);
            position += span;
            run = 1;
        }
    }
    unstage(producer, position);
}

static void write_more(mapring_producer *producer, uint64_t position, uint64_t sequence,
                       const struct mapring_buffer *records, size_t count)
{
    for (size_t i = 0, run; i < count; i += run) {
        uint64_t span = record_span(&producer->hot.ring, records[i].bytes);
        run = count - i;
        position += write_run(producer, place_in_ring(producer, position, span), UINT64_MAX,
                              sequence + i, &records[i], &run);
    }
}

static void write_first(mapring_producer *producer, uint64_t position, uint64_t end,
                        const struct mapring_buffer *record)
{
    unsigned char *at = place_in_ring(producer, position, end - position).at;
    copy_payload(at + record_header_bytes(&producer->hot.ring), record->data, record->bytes);
}

/* The line that the payload begins in is not streamed, since it has the commit word that is
 * published. */
static void stream_first(const mapring_producer *producer, uint64_t position,
                         const struct mapring_buffer *record)
{
    const unsigned char *from = record->data;
    size_t head = (size_t)(-position % STREAM_LINE_BYTES);
    copy_payload(record_at(&producer->hot.ring, position), from,
                 record->bytes < head ? record->bytes : head);
    if (record->bytes > head)
        stream(producer, position + head, from + head, record->bytes - head);
}

/* Writes everything except the first record's commit word, which makes all of them visible: readers
 * look at it. The line of the commit word after the batch is fetched first, and zeroed last:
 * otherwise all that is written would wait in the store queue for that line. */
static void write_batch(mapring_producer *producer, const struct mapring_buffer *records,
                        size_t count, uint64_t span)
{
    const struct mapring_hot *ring = &producer->hot.ring;
    uint64_t begin = producer_position(producer), end = begin + span;
    uint64_t second = begin + record_span(ring, records[0].bytes);
    uint64_t sequence = producer_sequence(producer) + 1;
    mapring_fetch_for_writing(record_at(ring, end));
    if (streams(producer)) {
        stream_first(producer, begin + record_header_bytes(ring), &records[0]);
        stream_more(producer, second, sequence, records + 1, count - 1);
        stream_fence();
        need_no_fetching(producer, end);
    } else {
        write_first(producer, begin, second, &records[0]);
        write_more(producer, second, sequence, records + 1, count - 1);
    }
    producer_end_at(producer, end);
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
