/* SPDX-License-Identifier: MIT */
/* How to find, read and write the records in the slots. The part that is inlined into programs is
 * defined in mapring/inline.h, which cannot include the layout. */
#ifndef MAPRING_RECORD_CODEC_H
#define MAPRING_RECORD_CODEC_H

#include <stdbool.h>
#include <stdint.h>

#include "layout.h"
#include "mapring/mapring.h"

static_assert(MAPRING_WORD_BYTES == COMMIT_WORD_BYTES, "the inlined commit word");
static_assert(MAPRING_LENGTH_MASK == PAYLOAD_MAX, "the inlined length");
static_assert(MAPRING_DATA == RECORD_DATA, "the inlined kind");
static_assert(MAPRING_CONTINUED == RECORD_CONTINUED, "the inlined kind");
static_assert(MAPRING_TIMES == sizeof(uint64_t), "the size of a counter");
static_assert((CELL_ACTIVE ^ CELL_EVICTED) == MAPRING_LET_GO, "the inlined bit of a cell's state");
static_assert(sizeof(mapring_word) == sizeof(shared_u64), "the inlined word");

static inline uint64_t commit_word(enum record_kind kind, uint64_t bytes, uint64_t sequence)
{
    return mapring1_commit_word(kind, bytes, sequence);
}

static inline enum record_kind commit_kind(uint64_t word)
{
    return (enum record_kind)mapring1_kind(word);
}

/* True for a record, whether or not the next one continues it; false for a note. */
static inline bool commit_is_data(uint64_t word)
{
    return commit_kind(word) & RECORD_DATA;
}

static inline uint64_t commit_bytes(uint64_t word)
{
    return mapring1_bytes(word);
}

static inline uint32_t commit_sequence(uint64_t word)
{
    return mapring1_sequence(word);
}

static inline bool commit_is_run_end(uint64_t word)
{
    return commit_kind(word) == RECORD_GAP && commit_bytes(word) == sizeof(struct ring_run_end);
}

static inline bool record_has_times(const struct mapring_hot *ring)
{
    return ring->slow & MAPRING_TIMES;
}

/* The size of a record's header: the commit word and, with times, the counter. */
static inline uint64_t record_header_bytes(const struct mapring_hot *ring)
{
    return mapring1_header(ring);
}

/* The space that a record takes: header and payload, rounded up to slots. */
static inline uint64_t record_span(const struct mapring_hot *ring, uint64_t payload_bytes)
{
    return mapring1_round(ring, record_header_bytes(ring) + payload_bytes);
}

static inline unsigned char *record_at(const struct mapring_hot *ring, uint64_t position)
{
    return mapring1_at(ring, position);
}

static inline shared_u64 *record_word(const struct mapring_hot *ring, uint64_t position)
{
    return (shared_u64 *)mapring1_word(ring, position);
}

static inline unsigned char *record_payload(const struct mapring_hot *ring, uint64_t position)
{
    return record_at(ring, position) + record_header_bytes(ring);
}

/* The counter in the header of the record at a position, in a ring with times. */
static inline shared_u64 *record_counter_word(const struct mapring_hot *ring, uint64_t position)
{
    return record_word(ring, position) + 1;
}

static inline uint64_t record_counter(const struct mapring_hot *ring, uint64_t position)
{
    return load_acquire(record_counter_word(ring, position));
}

/* Sets the counter of a record that is not visible yet, if the ring has times. */
static inline void record_stamp(const struct mapring_hot *ring, uint64_t position, uint64_t counter)
{
    if (record_has_times(ring))
        store_relaxed(record_counter_word(ring, position), counter);
}

/* Loads the commit word at a position; C: what it announces can be read afterwards. */
static inline uint64_t record_look(const struct mapring_hot *ring, uint64_t position)
{
    return load_acquire(record_word(ring, position));
}

/* The payload of a gap record. */
static inline uint64_t record_loss_bytes(const struct mapring_hot *ring)
{
    return sizeof(struct ring_loss) + (record_has_times(ring) ? sizeof(struct ring_loss_times) : 0);
}

/* Whether the commit word is one that a producer could have written there. */
static inline bool record_fits(const struct mapring_hot *ring, uint64_t word, uint64_t sequence)
{
    if (!mapring1_fits(ring, word, sequence))
        return false;
    return commit_is_data(word) || commit_is_run_end(word) ||
           (commit_kind(word) == RECORD_GAP && commit_bytes(word) == record_loss_bytes(ring));
}

/* The payload as words. That of a note consists of whole words. */
static inline shared_u64 *record_words(const struct mapring_hot *ring, uint64_t position)
{
    return (shared_u64 *)(void *)record_payload(ring, position);
}

/* The loss that the gap record at a position reports. */
static inline struct ring_loss record_loss(const struct mapring_hot *ring, uint64_t position)
{
    const shared_u64 *words = record_words(ring, position);
    return (struct ring_loss){load_acquire(&words[0]), load_acquire(&words[1])};
}

/* When that loss began and ended, as counters, 0 if unknown. In a ring with times. */
static inline struct ring_loss_times record_loss_times(const struct mapring_hot *ring,
                                                       uint64_t position)
{
    const shared_u64 *words =
        record_words(ring, position) + sizeof(struct ring_loss) / sizeof *words;
    return (struct ring_loss_times){load_acquire(&words[0]), load_acquire(&words[1])};
}

/* The producer_run in the run end at a position, as the earlier producer left it. */
static inline uint32_t record_run_end(const struct mapring_hot *ring, uint64_t position)
{
    return (uint32_t)load_acquire(record_words(ring, position));
}

#endif
