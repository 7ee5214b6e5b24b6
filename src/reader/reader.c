/* SPDX-License-Identifier: MIT */
/* How a reader advances over a record, and what it finds out if there is none. */
#include "reader/reader.h"

#include <inttypes.h>

#include "error.h"
#include "layout.h"
#include "platform.h"
#include "ring/repetition.h"
#include "ring/ring.h"
#include "ring/spin.h"

/* A call that does not wait asks the system whether the producer is alive only if this long has
 * passed since the last time. */
enum { PROBE_NS = 50000000, ENDS_IN_A_ROW = 16 };

/* How many earlier runs may be reported: epochs are compared by their difference, of 30 bits. */
#define EARLIER_RUNS (UINT32_C(1) << 28)

int reader_check(const struct reader *reader, const void *record)
{
    if (!reader)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "the handle is a null pointer");
    if (!record)
        return fail(MAPRING_ERROR_ARGUMENT, reader->ring.name.text,
                    "the argument that receives the result (record, count or handle) of a call on "
                    "ring '%s' is a null pointer",
                    reader->ring.name.text);
    return reader->hot.ring.broken ? ring_broken(&reader->ring) : MAPRING_OK;
}

int reader_check_copy(const struct reader *reader, const void *record, const void *buffer,
                      size_t buffer_bytes)
{
    int result = reader_check(reader, record);
    if (result == MAPRING_OK && !buffer && buffer_bytes)
        return fail(MAPRING_ERROR_ARGUMENT, reader->ring.name.text,
                    "the buffer for a record of ring '%s' is a null pointer",
                    reader->ring.name.text);
    return result;
}

int reader_step_back(struct reader *reader, const struct mapring_cursor *before,
                     const struct mapring_record *record, size_t buffer_bytes)
{
    const char *name = reader->ring.name.text;
    reader->hot.cursor = *before;
    reader->hot.continues = record->continues;
    return fail(MAPRING_ERROR_BUFFER_TOO_SMALL, name,
                "record %" PRIu64 " of ring '%s' has %zu bytes, but the buffer has only %zu; "
                "receive the record again with a larger buffer",
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

/* When it lost the first record that it reports is unknown if it does not report all of them. */
static void tell_loss_times(struct reader *reader, uint64_t position, bool all,
                            struct mapring_record *record)
{
    if (!record_has_times(&reader->hot.ring))
        return;
    struct ring_loss_times times = record_loss_times(&reader->hot.ring, position);
    if (all)
        record->time_ns =
            clock_view_time(&reader->ring, &reader->clock, record->sequence, times.first);
    record->lost_until_ns =
        clock_view_time(&reader->ring, &reader->clock, record->sequence, times.last);
    record->time_uncertainty_ns = reader->clock.point.uncertainty_ns;
}

int reader_take_gap(struct reader *reader, struct mapring_record *record)
{
    struct mapring_cursor *cursor = &reader->hot.cursor;
    uint64_t position = cursor->position;
    struct ring_loss loss = record_loss(&reader->hot.ring, position);
    uint64_t known = reader->known_drops;
    reader->known_drops = 0;
    cursor->position += record_span(&reader->hot.ring, record_loss_bytes(&reader->hot.ring));
    cursor->sequence += known;
    if (known > 0 && known >= loss.records)
        return MAPRING_NOTHING;
    lose(cursor, loss.records - known, known ? 0 : loss.payload_bytes, record);
    tell_loss_times(reader, position, known == 0, record);
    return MAPRING_LOST;
}

/* Whether anything is in the ring behind that position, or was. */
static bool has_gone_on(const struct ring *ring, uint64_t position)
{
    /* not covered: the word is overwritten just then */
    return record_look(ring->hot, position) != 0 || !ring_intact(ring, position);
}

/* In a ring that repeats another one, the latest run of that one has ended if nothing follows the
 * last run end. */
static void choose_runs_of_origin(struct reader *reader, enum told_runs runs)
{
    const struct ring *ring = &reader->ring;
    struct end_of_run last = repetition_last_end(ring);
    reader->told_position = ring->first_position;
    if (runs == TOLD_EVERY || !last.run)
        return;
    reader->told_position = last.position;
    if (runs == TOLD_LATEST && !has_gone_on(ring, last.position))
        reader->told_position -= record_span(ring->hot, sizeof(struct ring_run_end));
}

void reader_choose_runs(struct reader *reader, enum told_runs runs)
{
    const struct ring *ring = &reader->ring;
    uint32_t run = producer_run(ring);
    bool ended = runs == TOLD_NEXT && !producer_lives(ring, run);
    reader->told = run_epoch(run) - (ended ? 0 : 1);
    if (ring_repeats(ring))
        choose_runs_of_origin(reader, runs);
    else if (runs == TOLD_EVERY)
        reader->told -= EARLIER_RUNS;
}

/* Whether the run end at the cursor is to be reported. */
static bool is_to_be_told(const struct reader *reader)
{
    const struct ring *ring = &reader->ring;
    uint64_t position = reader->hot.cursor.position;
    if (ring_repeats(ring))
        return ahead(position, reader->told_position) >= 0;
    return run_is_later(run_epoch(record_run_end(ring->hot, position)), reader->told);
}

/* A place that is out of reach of the horizon may contain anything, and is left to the caller. */
static bool is_told_already(const struct reader *reader, uint64_t word)
{
    const struct ring *ring = &reader->ring;
    const struct mapring_cursor *cursor = &reader->hot.cursor;
    /* not covered: somebody damages the ring between two looks */
    return commit_is_run_end(word) && record_fits(ring->hot, word, cursor->sequence) &&
           !is_to_be_told(reader) && ring_intact(ring, cursor->position);
}

/* More run ends in a row than a ring can have are damage, and left to the caller as well. */
uint64_t reader_look(struct reader *reader)
{
    uint64_t word = record_look(&reader->hot.ring, reader->hot.cursor.position);
    for (int i = 0; i < ENDS_IN_A_ROW && is_told_already(reader, word); i++) {
        reader->hot.cursor.position += record_span(&reader->hot.ring, sizeof(struct ring_run_end));
        reader->hot.continues = false;
        word = record_look(&reader->hot.ring, reader->hot.cursor.position);
    }
    return word;
}

int reader_take_run_end(struct reader *reader)
{
    struct mapring_cursor *cursor = &reader->hot.cursor;
    uint32_t run = record_run_end(&reader->hot.ring, cursor->position);
    if (!is_to_be_told(reader))
        return MAPRING_ERROR_DAMAGED;
    cursor->position += record_span(&reader->hot.ring, sizeof(struct ring_run_end));
    reader->ended = run_epoch(run);
    if (ring_repeats(&reader->ring))
        reader->told_position = cursor->position;
    else
        reader->told = run_epoch(run);
    return run_state(run) == WRITER_CLOSED ? MAPRING_PRODUCER_CLOSED : MAPRING_PRODUCER_DIED;
}

int reader_damaged(struct reader *reader, uint64_t word)
{
    return ring_damaged(&reader->ring,
                        "at position %" PRIu64 ", the word 0x%016" PRIx64
                        " cannot be the header of record %" PRIu64,
                        reader->hot.cursor.position, word, reader->hot.cursor.sequence);
}

int reader_skip(struct reader *reader, const struct ring_place *place,
                struct mapring_record *record)
{
    reader->hot.cursor.position = place->position;
    reader->hot.continues = false;
    return lose(&reader->hot.cursor, place->sequence - reader->hot.cursor.sequence, 0, record);
}

bool producer_lives(const struct ring *ring, uint32_t run)
{
    return run_state(run) == WRITER_OPEN && platform_role_held(ring->object, ROLE_PRODUCER);
}

/* E: what was committed before the producer's end is seen by a look after that end. A producer
 * whose role nobody holds may have closed just before, and the next one may have come since. */
int producer_end(const struct ring *ring, uint64_t position, uint32_t told, bool probe,
                 uint32_t *run)
{
    uint32_t seen = *run = producer_run(ring);
    bool news = run_is_later(run_epoch(seen), told);
    bool gone = news && probe && run_state(seen) == WRITER_OPEN && !producer_lives(ring, seen);
    if (gone)
        *run = producer_run(ring);
    if (record_look(ring->hot, position))
        return MAPRING_OK;
    if (news && run_state(*run) == WRITER_CLOSED)
        return MAPRING_PRODUCER_CLOSED;
    /* not covered: the next producer has taken the role, but not yet begun its run */
    if (news && run_state(*run) == WRITER_DIED)
        return MAPRING_PRODUCER_DIED;
    /* not covered: somebody removes the ring between two probes */
    bool asks = probe || load_relaxed(&ring->cells->removed);
    if (asks && ring_is_removed(ring))
        return MAPRING_REMOVED;
    /* not covered: the producer closes between two looks at it */
    return gone && *run == seen ? MAPRING_PRODUCER_DIED : MAPRING_NOTHING;
}

static int look_for_end(struct reader *reader, bool probe)
{
    uint32_t run;
    int result = producer_end(&reader->ring, reader->hot.cursor.position, reader->told,
                              probe || reader->removed, &run);
    if (result == MAPRING_OK)
        return reader_look(reader) ? MAPRING_OK : MAPRING_NOTHING;
    reader->removed = reader->removed || result == MAPRING_REMOVED; /* for good */
    if (result == MAPRING_PRODUCER_CLOSED || result == MAPRING_PRODUCER_DIED) {
        reader->told = run_epoch(run);
        reader->ended = ring_repeats(&reader->ring) ? 0 : run_epoch(run);
    }
    return result;
}

static bool probe_is_due(struct reader *reader)
{
    int64_t now = platform_now_roughly_ns();
    if (now < reader->next_probe_ns)
        return false;
    reader->next_probe_ns = now + PROBE_NS;
    return true;
}

int reader_look_once(struct reader *reader)
{
    return look_for_end(reader, probe_is_due(reader));
}

int reader_look_last(struct reader *reader)
{
    int result = look_for_end(reader, true);
    return result == MAPRING_NOTHING ? MAPRING_TIMED_OUT : result;
}

int reader_look_for_a_while(struct reader *reader, unsigned *looks)
{
    if (reader_look(reader))
        return MAPRING_OK;
    for (unsigned i = spin_limit(&reader->spin); i > 0; i--) {
        ++*looks;
        spin_pause();
        if (reader_look(reader)) {
            spin_ends(&reader->spin, true);
            return MAPRING_OK;
        }
    }
    spin_ends(&reader->spin, false);
    return reader_look_once(reader);
}
