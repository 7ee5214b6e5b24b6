/* SPDX-License-Identifier: MIT */
/* What consumers and observers have in common: a place in the ring, and the record there. */
#ifndef MAPRING_READER_H
#define MAPRING_READER_H

#include "ring/clock.h"
#include "ring/ring.h"
#include "ring/spin.h"
#include "ring/walk.h"

struct reader {
    struct mapring_reader_hot hot;
    struct ring ring;
    uint64_t known_drops; /* in the gap record at the cursor, but dropped before it began here */
    struct spin spin;
    int64_t next_probe_ns; /* when to ask next whether the producer is alive */
    bool removed;          /* the ring has been removed */
    bool lapsed;           /* a loss is to be reported first */
    struct clock_view clock;
    uint32_t told;          /* ends of runs up to this one are not to be reported */
    uint64_t told_position; /* in a ring that repeats another one: nor are run ends before this */
    uint32_t ended;         /* the run whose end was reported last; 0: it is none of the origin */
};

/* Sets `lapsed`, and what the inlined functions leave to the library. */
static inline void reader_set_lapsed(struct reader *reader, bool lapsed)
{
    reader->lapsed = lapsed;
    reader->hot.called = lapsed || record_has_times(&reader->hot.ring);
}

/* Says when the record at that position was committed, in a ring with times. */
static inline void reader_tell_time(struct reader *reader, uint64_t position,
                                    struct mapring_record *record)
{
    record->time_ns = clock_view_time(&reader->ring, &reader->clock, record->sequence,
                                      record_counter(&reader->hot.ring, position));
    record->time_uncertainty_ns = reader->clock.point.uncertainty_ns;
}

/* Which ends of runs a reader reports. */
enum told_runs {
    TOLD_LATEST, /* from that of the latest run on */
    TOLD_NEXT,   /* if the producer of that run is gone, from that of the next one on */
    TOLD_EVERY   /* also those of earlier runs */
};
void reader_choose_runs(struct reader *reader, enum told_runs runs);

/* After a call that handed out a record or an outcome: says which run ended, if that is the
 * outcome, and returns it. */
static inline int reader_tell_run(const struct reader *reader, int result,
                                  struct mapring_record *record)
{
    if (result == MAPRING_PRODUCER_CLOSED || result == MAPRING_PRODUCER_DIED)
        record->run = reader->ended;
    return result;
}

/* Returns the commit word at the cursor, after skipping run ends that are not to be reported. */
uint64_t reader_look(struct reader *reader);

/* Takes the run end at the cursor, and returns how the run ended, or MAPRING_ERROR_DAMAGED (not
 * reported) if that is not to be reported. */
int reader_take_run_end(struct reader *reader);

/* Takes the gap record at the cursor: MAPRING_LOST, or MAPRING_NOTHING if it counts only drops from
 * before the reader began. */
int reader_take_gap(struct reader *reader, struct mapring_record *record);

/* Reports a commit word that cannot stand at the cursor. */
int reader_damaged(struct reader *reader, uint64_t word);

/* Continues at another place. Returns MAPRING_LOST, with the loss in `record`. */
int reader_skip(struct reader *reader, const struct ring_place *place,
                struct mapring_record *record);

/* Finds out why nothing is at the position: how the latest run ended, if it is later than `told`;
 * MAPRING_REMOVED; MAPRING_NOTHING if neither; or MAPRING_OK if something is there by now. With
 * `probe`, asks the system whether the producer and the ring's name still exist. *run is the value
 * of producer_run that was judged. */
int producer_end(const struct ring *ring, uint64_t position, uint32_t told, bool probe,
                 uint32_t *run);

/* Whether the producer of the run is alive and has not closed. */
bool producer_lives(const struct ring *ring, uint32_t run);

/* Look for a record at the cursor: once or for a while, counting the looks, with a probe now and
 * then; or for the last time before a call ends, with a probe. Results as above, but
 * MAPRING_TIMED_OUT at the last time if there is nothing; a run end that they return counts as
 * reported. */
int reader_look_once(struct reader *reader);
int reader_look_for_a_while(struct reader *reader, unsigned *looks);
int reader_look_last(struct reader *reader);

/* Checks the arguments of a call that hands out records. */
int reader_check(const struct reader *reader, const void *record);

/* The same, and checks the buffer to copy to. */
int reader_check_copy(const struct reader *reader, const void *record, const void *buffer,
                      size_t buffer_bytes);

/* Moves back to before the record, which must be the last one handed out. Returns
 * MAPRING_ERROR_BUFFER_TOO_SMALL. */
int reader_step_back(struct reader *reader, const struct mapring_cursor *before,
                     const struct mapring_record *record, size_t buffer_bytes);

/* Hands out the record at the cursor, whose commit word is `word`, and advances: MAPRING_OK; for a
 * gap record, MAPRING_LOST or MAPRING_NOTHING; for a run end, how the run ended; for a word that
 * cannot stand there, MAPRING_ERROR_DAMAGED, not yet reported. */
static inline int reader_take(struct reader *reader, uint64_t word, struct mapring_record *record)
{
    struct mapring_cursor *cursor = &reader->hot.cursor;
    if (!record_fits(&reader->hot.ring, word, cursor->sequence))
        return MAPRING_ERROR_DAMAGED;
    if (commit_kind(word) == RECORD_GAP) {
        reader->hot.continues = false;
        return commit_is_run_end(word) ? reader_take_run_end(reader)
                                       : reader_take_gap(reader, record);
    }
    uint64_t position = cursor->position;
    mapring1_take(&reader->hot.ring, cursor, record_header_bytes(&reader->hot.ring),
                  record_payload(&reader->hot.ring, position), word, reader->hot.continues, record);
    if (record_has_times(&reader->hot.ring))
        reader_tell_time(reader, position, record);
    reader->hot.continues = record->continued;
    return MAPRING_OK;
}

#endif
