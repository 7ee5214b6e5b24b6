/* SPDX-License-Identifier: MIT */
/* The parts of sending that are not inlined: the slow paths of reserve and commit. */
#include "producer/send.h"

#include <inttypes.h>

#include "copy.h"
#include "error.h"
#include "layout.h"
#include "producer/drop.h"
#include "producer/note.h"
#include "producer/producer.h"
#include "producer/room.h"
#include "producer/stamp.h"
#include "producer/wake.h"
#include "ring/geometry.h"
#include "ring/ring.h"

static int check_held(const mapring_producer *producer)
{
    int result = producer_check(producer);
    if (result != MAPRING_OK)
        return result;
    if (!producer->hot.reserved_span)
        return fail(MAPRING_ERROR_NOTHING_HELD, producer->ring.name.text,
                    "no record of ring '%s' is reserved", producer->ring.name.text);
    return MAPRING_OK;
}

/* Makes room for `span` bytes and the commit word after them. */
static int claim(mapring_producer *producer, uint64_t span, uint64_t spare, int64_t timeout_ns)
{
    uint64_t end = producer->hot.position + span + ring_slot_bytes(&producer->ring) + spare;
    return ahead(end, producer->limit) > 0 ? producer_make_room(producer, end, timeout_ns)
                                           : MAPRING_OK;
}

/* Makes room for the notes that are due as well. Without room, a ring that drops counts the records
 * as dropped. */
int producer_claim(mapring_producer *producer, uint64_t span, uint64_t records,
                   uint64_t payload_bytes, int64_t timeout_ns)
{
    if (producer->removed)
        return MAPRING_REMOVED;
    producer->notes_span = note_spans(producer);
    producer->drops_rest = false;
    span += producer->notes_span;
    if (producer->ring.when_full != WHEN_FULL_DROP)
        return claim(producer, span, 0, timeout_ns);
    int result = claim(producer, span, note_spare(&producer->ring), 0);
    return result == MAPRING_NO_ROOM ? drop_count(producer, records, payload_bytes) : result;
}

uint64_t producer_position(const mapring_producer *producer)
{
    return producer->hot.position + producer->notes_span;
}

void producer_end_at(mapring_producer *producer, uint64_t position)
{
    store_relaxed(record_word(&producer->hot.ring, position), 0);
}

uint64_t producer_sequence(const mapring_producer *producer)
{
    return producer->hot.sequence + (drop_gap_span(producer) ? drop_untold(producer).records : 0);
}

/* C, W1: the record becomes visible before the producer looks for sleeping readers. */
static void publish_word(mapring_producer *producer, uint64_t word)
{
    store_release(record_word(&producer->hot.ring, producer->hot.position), word);
}

/* The notes come first, and all becomes visible with the commit word of the first note. */
static void publish_with_notes(mapring_producer *producer, uint64_t word)
{
    store_relaxed(record_word(&producer->hot.ring, producer_position(producer)), word);
    publish_word(producer, notes_write(producer));
    notes_told(producer);
}

/* W1: consumers that sleep until enough is there look at the tail. */
static void publish_tail(mapring_producer *producer)
{
    store_release(&producer->ring.header->tail, producer->hot.position);
}

static void advance(mapring_producer *producer, uint64_t span, uint64_t records, uint64_t bytes)
{
    producer->hot.position += span;
    producer->hot.sequence += records;
    producer->hot.payload_bytes += bytes;
    publish_tail(producer);
    compiler_barrier();
    if (load_ordered(&producer->ring.cells->wait_set) && !producer->quiet) /* W2 */
        producer_wake(producer, false);
}

void producer_publish(mapring_producer *producer, uint64_t first_word, uint64_t span,
                      uint64_t records, uint64_t bytes)
{
    uint64_t word = first_word | (uint32_t)producer_sequence(producer);
    record_stamp(&producer->hot.ring, producer_position(producer), producer->counter);
    if (producer->notes_span)
        publish_with_notes(producer, word);
    else
        publish_word(producer, word);
    advance(producer, span, records, bytes);
}

static void tell(mapring_producer *producer, uint64_t span, uint64_t spare)
{
    producer->notes_span = span;
    if (span == 0 || claim(producer, span, spare, 0) != MAPRING_OK)
        return;
    producer_end_at(producer, producer_position(producer));
    producer_stamp(producer, producer_sequence(producer));
    publish_word(producer, notes_write(producer));
    notes_told(producer);
    advance(producer, 0, 0, 0);
}

/* Leaves room for a gap record, which may be due when this producer closes. */
void producer_tell_run_end(mapring_producer *producer)
{
    uint64_t span = run_end_span(&producer->ring);
    uint64_t spare = note_spare(&producer->ring);
    tell(producer, producer->run_before ? span : 0, spare ? spare - span : 0);
}

void producer_tell_notes(mapring_producer *producer)
{
    tell(producer, note_spans(producer), 0);
}

static int reserve(mapring_producer *producer, size_t bytes, size_t counted, void **payload,
                   int64_t timeout_ns)
{
    int result = producer_check_sender(producer);
    if (result != MAPRING_OK)
        return result;
    if (!payload)
        return fail(MAPRING_ERROR_ARGUMENT, producer->ring.name.text,
                    "the argument that receives the payload in ring '%s' is a null pointer",
                    producer->ring.name.text);
    if (bytes > producer->hot.ring.record_limit)
        return producer_too_large(&producer->ring, bytes);
    uint64_t span = record_span(&producer->hot.ring, bytes);
    result = producer->drops_rest ? drop_count(producer, 1, counted)
                                  : producer_claim(producer, span, 1, counted, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    /* Now: at the commit, this store would be queued before the one that a consumer waits for. */
    producer_end_at(producer, producer_position(producer) + span);
    producer->hot.reserved_span = span;
    producer->hot.reserved_bytes = bytes;
    *payload = record_payload(&producer->hot.ring, producer_position(producer));
    return MAPRING_OK;
}

int producer_reserve_for(mapring_producer *producer, size_t bytes, size_t counted, void **payload,
                         int64_t timeout_ns)
{
    if (producer)
        producer->drops_rest = false;
    return outcome(reserve(producer, bytes, counted, payload, timeout_ns));
}

int mapring1_producer_reserve(mapring_producer *producer, size_t bytes, void **payload,
                              int64_t timeout_ns)
{
    return producer_reserve_for(producer, bytes, bytes, payload, timeout_ns);
}

static int commit(mapring_producer *producer, enum record_kind kind, size_t bytes)
{
    int result = check_held(producer);
    if (result != MAPRING_OK)
        return result;
    if (bytes > producer->hot.reserved_bytes)
        return fail(MAPRING_ERROR_ARGUMENT, producer->ring.name.text,
                    "cannot commit %zu bytes to ring '%s': only %" PRIu64
                    " bytes are reserved, and they still are; "
                    "commit no more than these, or abort",
                    bytes, producer->ring.name.text, producer->hot.reserved_bytes);
    uint64_t span = record_span(&producer->hot.ring, bytes);
    if (span < producer->hot.reserved_span)
        producer_end_at(producer, producer_position(producer) + span);
    producer->hot.reserved_span = 0;
    producer_stamp(producer, producer_sequence(producer));
    producer_publish(producer, commit_word(kind, bytes, 0), span, 1, bytes);
    return MAPRING_OK;
}

int mapring1_producer_commit(mapring_producer *producer, size_t bytes)
{
    return commit(producer, RECORD_DATA, bytes);
}

int mapring_producer_commit_part(mapring_producer *producer, size_t bytes)
{
    return commit(producer, RECORD_CONTINUED, bytes);
}

int mapring_producer_abort(mapring_producer *producer)
{
    int result = check_held(producer);
    if (result == MAPRING_OK)
        producer->hot.reserved_span = 0;
    return result;
}

/* Large records are copied by whole cache lines, which need not be fetched first. But the commit
 * word after the next record, which is zeroed first, is in a line that the readers have: without
 * fetching that one ahead, the copy would wait for it. */
static void fetch_next_end(const mapring_producer *producer)
{
    uint64_t next = producer->hot.position + producer->hot.reserved_span;
    mapring_fetch_for_writing(record_at(&producer->hot.ring, next + producer->hot.reserved_span));
}

static int check_data(const mapring_producer *producer, const void *data, size_t bytes)
{
    if (data || bytes == 0)
        return MAPRING_OK;
    int result = producer_check(producer);
    if (result != MAPRING_OK)
        return result;
    return fail(MAPRING_ERROR_ARGUMENT, producer->ring.name.text,
                "the data for ring '%s' is a null pointer", producer->ring.name.text);
}

static inline int reserve_copy(mapring_producer *producer, const void *data, size_t bytes,
                               int64_t timeout_ns)
{
    void *payload = NULL;
    int result = check_data(producer, data, bytes);
    if (result != MAPRING_OK)
        return result;
    result = producer && producer->drops_rest
                 ? outcome(reserve(producer, bytes, bytes, &payload, timeout_ns))
                 : mapring_producer_reserve(producer, bytes, &payload, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    if (bytes > MAPRING_LARGE_BYTES)
        fetch_next_end(producer);
    copy_payload(payload, data, bytes);
    return MAPRING_OK;
}

int mapring_producer_send(mapring_producer *producer, const void *data, size_t bytes,
                          int64_t timeout_ns)
{
    int result = reserve_copy(producer, data, bytes, timeout_ns);
    if (result == MAPRING_DROPPED)
        producer->drops_rest = false;
    return result == MAPRING_OK ? mapring_producer_commit(producer, bytes) : result;
}

int mapring_producer_send_part(mapring_producer *producer, const void *data, size_t bytes,
                               int64_t timeout_ns)
{
    int result = reserve_copy(producer, data, bytes, timeout_ns);
    if (result == MAPRING_DROPPED)
        producer->drops_rest = true;
    return result == MAPRING_OK ? commit(producer, RECORD_CONTINUED, bytes) : result;
}

size_t mapring_producer_record_limit(const mapring_producer *producer)
{
    return producer ? (size_t)producer->hot.ring.record_limit : 0;
}
