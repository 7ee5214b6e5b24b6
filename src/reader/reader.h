/* SPDX-License-Identifier: MIT */
/* What consumers and observers have in common: a place in the ring, and the record there. */
#ifndef MAPRING_READER_H
#define MAPRING_READER_H

#include "ring/ring.h"
#include "ring/spin.h"
#include "ring/walk.h"

struct reader {
    struct mapring_reader_hot hot;
    struct ring ring;
    uint64_t known_drops; /* of the gap record at the cursor: those from before it began here */
    struct spin spin;
    int64_t next_probe_ns; /* when to ask next whether the producer lives */
    bool removed;          /* the ring was */
    uint32_t told;         /* the ends of this run and of those before it are not to be told */
};

/* Which ends it is to be told of: of the present run, or of the last one when no producer is there,
 * unless it waits for the next producer. */
void reader_attend_runs(struct reader *reader, bool wait_producer);

/* The commit word at the cursor, behind ends of runs that are not to be told. */
uint64_t reader_look(struct reader *reader);

/* Goes on over the end of a run at the cursor: how it ended. */
int reader_take_run_end(struct reader *reader);

/* Goes on over a gap record at the cursor: MAPRING_LOST, or MAPRING_NOTHING when there is nothing to
 * tell in it. */
int reader_take_gap(struct reader *reader, struct mapring_record *record);

/* Reports a commit word that cannot stand at the cursor. */
int reader_damaged(struct reader *reader, uint64_t word);

/* Goes on at another place; what lies between is lost: MAPRING_LOST, with `record` saying what. */
int reader_skip(struct reader *reader, const struct ring_place *place,
                struct mapring_record *record);

/* With nothing at the position: MAPRING_OK when there is something now, MAPRING_NOTHING, or how the
 * run ended, if it is later than the one told, or that the ring was removed. With `probe`, asks the
 * system whether its producer and its name are still there. *run is what was looked at. */
int producer_end(const struct ring *ring, uint64_t position, uint32_t told, bool probe,
                 uint32_t *run);

/* Whether a producer has the ring open, and lives. */
bool producer_lives(const struct ring *ring, uint32_t run);

/* Looks once, with a probe or with one now and then, or for some time; answers as above, and has
 * told. */
int reader_look_now(struct reader *reader);
int reader_look_once(struct reader *reader);
int reader_look_for_a_while(struct reader *reader, unsigned *looks);

/* Checks the arguments of a call that hands out records. */
int reader_check(const struct reader *reader, const void *record);

/* The same, and the buffer that it copies to. */
int reader_check_copy(const struct reader *reader, const void *record, const void *buffer,
                      size_t buffer_bytes);

/* Goes back to where it was before the record: MAPRING_ERROR_BUFFER_TOO_SMALL. The record must be
 * the one that was handed out last. */
int reader_step_back(struct reader *reader, const struct mapring_cursor *before,
                     const struct mapring_record *record, size_t buffer_bytes);

/* Hands out the record at the cursor, whose commit word is `word`, and goes on: MAPRING_OK, or
 * MAPRING_LOST or MAPRING_NOTHING for a gap, how a run ended, or MAPRING_ERROR_DAMAGED, not yet
 * reported, for what cannot stand there. */
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
    mapring1_take(&reader->hot.ring, cursor, record_payload(&reader->hot.ring, cursor->position),
                  word, reader->hot.continues, record);
    reader->hot.continues = record->continued;
    return MAPRING_OK;
}

#endif
