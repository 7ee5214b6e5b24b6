/* SPDX-License-Identifier: MIT */
/* A reader's step over a record, and what there is to know when there is none. */
#include "reader.h"

#include <inttypes.h>

#include "error.h"

/* A caller that only tries pays for a look at the clock once in so many times, and for one whether
 * the producer lives so long after the last one at the earliest. */
enum { LOOKS_PER_CLOCK = 16, PROBE_NS = 50000000 };

int reader_check(const struct reader *reader, const void *record)
{
    if (!reader)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "the handle is a null pointer");
    if (!record)
        return fail(MAPRING_ERROR_ARGUMENT, reader->ring.name.text,
                    "the place for the result is a null pointer");
    return reader->hot.ring.broken ? ring_broken(&reader->ring) : MAPRING_OK;
}

int reader_check_copy(const struct reader *reader, const void *record, const void *buffer,
                      size_t buffer_bytes)
{
    int result = reader_check(reader, record);
    if (result == MAPRING_OK && !buffer && buffer_bytes)
        return fail(MAPRING_ERROR_ARGUMENT, reader->ring.name.text, "the buffer is a null pointer");
    return result;
}

int reader_step_back(struct reader *reader, const struct mapring_cursor *before,
                     const struct mapring_record *record, size_t buffer_bytes)
{
    const char *name = reader->ring.name.text;
    reader->hot.cursor = *before;
    return fail(MAPRING_ERROR_BUFFER_TOO_SMALL, name,
                "record %" PRIu64 " of ring '%s' has %zu bytes, the buffer %zu; receive it again "
                "with a larger one",
                record->sequence, name, record->bytes, buffer_bytes);
}

static int lose(struct mapring_cursor *cursor, uint64_t records, uint64_t payload_bytes,
                struct mapring_record *record)
{
    *record = (struct mapring_record){
        .sequence = cursor->sequence, .lost_records = records, .lost_bytes = payload_bytes};
    cursor->sequence += records;
    cursor->lost_records += records;
    return MAPRING_LOST;
}

int reader_take_gap(struct reader *reader, struct mapring_record *record)
{
    struct mapring_cursor *cursor = &reader->hot.cursor;
    struct ring_loss loss = ring_loss_at(&reader->ring, cursor->position);
    cursor->position += ring_span(&reader->ring, sizeof loss);
    return lose(cursor, loss.records, loss.payload_bytes, record);
}

int reader_damaged(struct reader *reader, uint64_t word)
{
    return ring_damaged(&reader->ring,
                        "at position %" PRIu64 " there is 0x%016" PRIx64
                        ", which cannot be the header of record %" PRIu64,
                        reader->hot.cursor.position, word, reader->hot.cursor.sequence);
}

int reader_skip(struct reader *reader, const struct ring_place *place,
                struct mapring_record *record)
{
    reader->hot.cursor.position = place->position;
    return lose(&reader->hot.cursor, place->sequence - reader->hot.cursor.sequence, 0, record);
}

/* W: sequentially consistent, as the end that its producer writes before it looks for sleepers. */
enum writer_state producer_says(const struct ring *ring)
{
    return (enum writer_state)load_ordered(&ring->header->producer_state);
}

/* E: what was committed before the producer's end is seen by a look after it. */
int producer_end(const struct ring *ring, uint64_t position, bool probe)
{
    enum writer_state state = producer_says(ring);
    bool gone = state == WRITER_OPEN && probe && !platform_role_held(ring->object, ROLE_PRODUCER);
    if (gone)
        state = producer_says(ring); /* it may just have closed */
    if (ring_look(ring, position))
        return MAPRING_OK;
    if (state == WRITER_CLOSED)
        return MAPRING_PRODUCER_CLOSED;
    bool asks = probe || load_relaxed(&ring->cells->removed);
    if (asks && ring_is_removed(ring))
        return MAPRING_REMOVED;
    return gone ? MAPRING_PRODUCER_DIED : MAPRING_NOTHING;
}

static bool probe_is_due(struct reader *reader)
{
    if (++reader->empty_looks % LOOKS_PER_CLOCK != 0)
        return false;
    int64_t now = platform_now_ns();
    if (now < reader->next_probe_ns)
        return false;
    reader->next_probe_ns = now + PROBE_NS;
    return true;
}

/* Once removed, it stays so. */
static int look_for_end(struct reader *reader, bool probe)
{
    uint64_t position = reader->hot.cursor.position;
    int result = producer_end(&reader->ring, position, probe || reader->removed);
    reader->removed = reader->removed || result == MAPRING_REMOVED;
    return result;
}

int reader_look_once(struct reader *reader)
{
    return look_for_end(reader, probe_is_due(reader));
}

int reader_look_for_a_while(struct reader *reader, unsigned *looks)
{
    if (reader_has_record(reader))
        return MAPRING_OK;
    for (unsigned i = spin_limit(&reader->spin); i > 0; i--) {
        ++*looks;
        spin_pause();
        if (reader_has_record(reader)) {
            spin_ends(&reader->spin, true);
            return MAPRING_OK;
        }
    }
    spin_ends(&reader->spin, false);
    return look_for_end(reader, true);
}
