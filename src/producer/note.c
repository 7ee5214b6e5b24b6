/* SPDX-License-Identifier: MIT */
/* A run end is written before a gap record: a reader that learns of the end from the header also
 * reports the end first. */
#include "producer/note.h"

#include "layout.h"
#include "producer/drop.h"
#include "producer/producer.h"
#include "ring/ring.h"

static uint64_t write_run_end(const mapring_producer *producer, uint64_t position)
{
    record_stamp(&producer->hot.ring, position, producer->counter);
    store_relaxed(record_words(&producer->hot.ring, position), producer->run_before);
    return commit_word(RECORD_GAP, sizeof(struct ring_run_end), producer->hot.sequence);
}

static uint64_t write_gap(const mapring_producer *producer, uint64_t position)
{
    struct ring_loss untold = drop_untold(producer);
    shared_u64 *payload = record_words(&producer->hot.ring, position);
    store_relaxed(&payload[0], untold.records);
    store_relaxed(&payload[1], untold.payload_bytes);
    record_stamp(&producer->hot.ring, position, producer->counter);
    if (record_has_times(&producer->hot.ring)) {
        store_relaxed(&payload[2], producer->dropped_times.first);
        store_relaxed(&payload[3], producer->dropped_times.last);
    }
    return commit_word(RECORD_GAP, record_loss_bytes(&producer->hot.ring), producer->hot.sequence);
}

/* Whether the notes include a gap record, after a run end or alone. */
static bool has_gap(const mapring_producer *producer)
{
    return !producer->run_before || producer->notes_span > run_end_span(&producer->ring);
}

uint64_t notes_write(const mapring_producer *producer)
{
    uint64_t position = producer->hot.position;
    if (!producer->run_before)
        return write_gap(producer, position);
    uint64_t gap = position + run_end_span(&producer->ring);
    if (has_gap(producer))
        store_relaxed(record_word(&producer->hot.ring, gap), write_gap(producer, gap));
    return write_run_end(producer, position);
}

void notes_told(mapring_producer *producer)
{
    if (has_gap(producer)) {
        producer->hot.sequence += drop_untold(producer).records;
        producer->told = producer->dropped;
    }
    producer->hot.position += producer->notes_span;
    producer->notes_span = 0;
    producer->run_before = 0;
    producer_choose_way(producer);
}
