/* SPDX-License-Identifier: MIT */
/* What is repeated becomes visible by one commit word, like anything else, so that a producer that
 * dies leaves either all of it or nothing. How far the ring has come is what stands in its slots. The
 * header says in addition which run ended last; whoever takes over completes it. */
#include "producer/repeat.h"

#include <inttypes.h>

#include "copy.h"
#include "error.h"
#include "layout.h"
#include "producer/send.h"
#include "producer/stamp.h"
#include "ring/repetition.h"
#include "ring/ring.h"

#define RUN_MOST (UINT32_MAX >> 2)

static int check_repeats(const mapring_producer *producer)
{
    int result = producer_check_free(producer);
    if (result == MAPRING_OK && !ring_repeats(&producer->ring))
        return fail(MAPRING_ERROR_POLICY, producer->ring.name.text,
                    "ring '%s' has records of its own; only a ring that was made with "
                    "options.origin repeats another one",
                    producer->ring.name.text);
    return result;
}

static int check_times(const struct ring *ring, const struct mapring_record *record)
{
    uint64_t time_ns =
        record->time_ns > record->lost_until_ns ? record->time_ns : record->lost_until_ns;
    if (time_ns > INT64_MAX)
        return fail(MAPRING_ERROR_ARGUMENT, ring->name.text,
                    "record %" PRIu64 " for ring '%s' has the invalid time %" PRIu64
                    " ns; it must be below 2^63",
                    record->sequence, ring->name.text, time_ns);
    return MAPRING_OK;
}

static int check_contents(const struct ring *ring, const struct mapring_record *record)
{
    if (record->lost_records > INT64_MAX - record->sequence)
        return fail(MAPRING_ERROR_ARGUMENT, ring->name.text,
                    "%" PRIu64 " records lost from record %" PRIu64
                    " on are too many for ring '%s': sequence numbers must be below 2^63",
                    record->lost_records, record->sequence, ring->name.text);
    if (record->lost_records)
        return MAPRING_OK;
    if (!record->payload && record->bytes)
        return fail(MAPRING_ERROR_ARGUMENT, ring->name.text,
                    "the payload of record %" PRIu64 " for ring '%s' is a null pointer",
                    record->sequence, ring->name.text);
    return record->bytes > ring->hot->record_limit ? producer_too_large(ring, record->bytes)
                                                   : MAPRING_OK;
}

static int check_repeated(const mapring_producer *producer, const struct mapring_record *record)
{
    int result = check_repeats(producer);
    if (result != MAPRING_OK)
        return result;
    const struct ring *ring = &producer->ring;
    if (!record)
        return fail(MAPRING_ERROR_ARGUMENT, ring->name.text,
                    "the record to repeat in ring '%s' is a null pointer", ring->name.text);
    if (record->sequence != producer->hot.sequence)
        return fail(MAPRING_ERROR_ARGUMENT, ring->name.text,
                    "record %" PRIu64 " cannot come next in ring '%s': that is record %" PRIu64,
                    record->sequence, ring->name.text, producer->hot.sequence);
    result = check_times(ring, record);
    return result == MAPRING_OK ? check_contents(ring, record) : result;
}

static void stamp_record(mapring_producer *producer, const struct mapring_record *record)
{
    if (!record_has_times(&producer->hot.ring))
        return;
    producer->counter = stamp_repeated(producer, record->time_ns);
    if (producer->counter)
        stamp_uncertainty(producer, record->sequence, record->time_uncertainty_ns);
}

static int repeat_record(mapring_producer *producer, const struct mapring_record *record,
                         int64_t timeout_ns)
{
    uint64_t span = record_span(&producer->hot.ring, record->bytes);
    enum record_kind kind = record->continued ? RECORD_CONTINUED : RECORD_DATA;
    int result = producer_claim(producer, span, 1, record->bytes, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    uint64_t position = producer_position(producer);
    producer_end_at(producer, position + span);
    copy_payload(record_payload(&producer->hot.ring, position), record->payload, record->bytes);
    stamp_record(producer, record);
    producer_publish(producer, commit_word(kind, record->bytes, 0), span, 1, record->bytes);
    return MAPRING_OK;
}

/* The header of the gap record has its last time, so that later ones are not before it. */
static void stamp_gap(mapring_producer *producer, const struct mapring_record *record,
                      shared_u64 *times)
{
    if (!record_has_times(&producer->hot.ring))
        return;
    store_relaxed(&times[0], stamp_repeated(producer, record->time_ns));
    store_relaxed(&times[1], stamp_repeated(producer, record->lost_until_ns));
    producer->counter = producer->hot.counter;
    if (record->time_ns || record->lost_until_ns)
        stamp_uncertainty(producer, record->sequence, record->time_uncertainty_ns);
}

static int repeat_gap(mapring_producer *producer, const struct mapring_record *record,
                      int64_t timeout_ns)
{
    uint64_t bytes = record_loss_bytes(&producer->hot.ring);
    uint64_t span = record_span(&producer->hot.ring, bytes);
    int result = producer_claim(producer, span, 0, 0, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    uint64_t position = producer_position(producer);
    shared_u64 *payload = record_words(&producer->hot.ring, position);
    producer_end_at(producer, position + span);
    store_relaxed(&payload[0], record->lost_records);
    store_relaxed(&payload[1], record->lost_bytes);
    stamp_gap(producer, record, &payload[2]);
    producer_publish(producer, commit_word(RECORD_GAP, bytes, 0), span, record->lost_records, 0);
    producer->told.records += record->lost_records;
    producer->told.payload_bytes += record->lost_bytes;
    producer->dropped = producer->told;
    return MAPRING_OK;
}

int mapring_producer_repeat(mapring_producer *producer, const struct mapring_record *record,
                            int64_t timeout_ns)
{
    int result = check_repeated(producer, record);
    if (result == MAPRING_OK)
        result = record->lost_records ? repeat_gap(producer, record, timeout_ns)
                                      : repeat_record(producer, record, timeout_ns);
    return outcome(result);
}

/* The run comes last: a reader that sees it also sees where its end is, or that of a later one. */
static void store_end(mapring_producer *producer, const struct end_of_run *end)
{
    struct ring_header *header = producer->ring.header;
    producer->last_end = *end;
    store_release(&header->run_sequence, end->sequence);
    store_release(&header->origin_run_position, end->position);
    store_release(&header->origin_run, end->run);
}

void repeat_begin(mapring_producer *producer, const struct ring_place *tail)
{
    if (!ring_repeats(&producer->ring))
        return;
    struct end_of_run end = repetition_later_end(&producer->ring, tail);
    if (end.run)
        store_end(producer, &end);
}

static int write_end(mapring_producer *producer, uint32_t run, int64_t timeout_ns)
{
    const struct mapring_hot *ring = &producer->hot.ring;
    uint64_t span = record_span(ring, sizeof(struct ring_run_end));
    int result = producer_claim(producer, span, 0, 0, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    uint64_t position = producer_position(producer);
    producer_end_at(producer, position + span);
    store_relaxed(record_words(ring, position), run);
    producer->counter = producer->hot.counter;
    producer_publish(producer, commit_word(RECORD_GAP, sizeof(struct ring_run_end), 0), span, 0, 0);
    return MAPRING_OK;
}

static bool is_behind_end(const mapring_producer *producer)
{
    return producer->last_end.run && producer->last_end.position == producer->hot.position;
}

static int end_run(mapring_producer *producer, uint32_t run, int64_t timeout_ns)
{
    uint32_t last = producer->last_end.run;
    int result = MAPRING_OK;
    if (last && !run_is_later(run_epoch(run), run_epoch(last)))
        return MAPRING_OK;
    if (!is_behind_end(producer))
        result = write_end(producer, run, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    struct end_of_run end = {run, producer->hot.position, producer->hot.sequence};
    store_end(producer, &end);
    return MAPRING_OK;
}

int mapring_producer_end_run(mapring_producer *producer, uint64_t run, bool died,
                             int64_t timeout_ns)
{
    int result = check_repeats(producer);
    if (result != MAPRING_OK)
        return result;
    if (run == 0 || run > RUN_MOST)
        return fail(MAPRING_ERROR_ARGUMENT, producer->ring.name.text,
                    "%" PRIu64 " cannot be the number of a run for ring '%s': they are from 1 to "
                    "%" PRIu32,
                    run, producer->ring.name.text, RUN_MOST);
    uint32_t word = run_word((uint32_t)run, died ? WRITER_DIED : WRITER_CLOSED);
    return outcome(end_run(producer, word, timeout_ns));
}
