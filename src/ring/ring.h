/* SPDX-License-Identifier: MIT */
/* What every handle has: an attached ring, its checked geometry, and the views of it. */
#ifndef MAPRING_RING_H
#define MAPRING_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "layout.h"
#include "mapring/mapring.h"
#include "name.h"
#include "platform.h"

/* Geometry is read once, checked, and kept here: the mapping's own words are not trusted later. */
struct ring {
    int *broken; /* the handle's: once not MAPRING_OK, the answer of every call */
    uint32_t slot_bytes;
    uint64_t capacity;
    uint64_t first_position;
    uint64_t record_limit; /* largest payload */
    enum when_full when_full;
    bool guarded; /* has a companion, perhaps not for this process */
    struct ring_header *header;
    struct ring_cells *cells;
    unsigned char *slots;
    unsigned char *base;
    struct ring_header *unready; /* of the ring that this handle creates; NULL: it is declared */
    struct platform_object *object;
    struct ring_name name;
};

/* Whether nobody finds the ring any more. Asks the system. */
static inline bool ring_is_removed(const struct ring *ring)
{
    return platform_is_removed(ring->object, load_relaxed(&ring->cells->removed) != 0);
}

/* The part of it that is inlined into callers. */
void ring_heat(struct ring *ring, struct mapring_hot *hot);

/* The state of an object, and its identity as far as it has one: whatever is neither empty nor a
 * half-made ring counts as ready, to be judged by its identity. */
int ring_peek(struct ring *ring, struct ring_identity *identity, enum ring_state *state);

/* Unmaps the header of a ring that was created, once nothing is left to write there. */
void ring_drop_unready(struct ring *ring);

/* Gives back all that the handle has, and removes a ring that it has created and not settled. */
void ring_close(struct ring *ring);

/* Marks the handle as unusable after it found the mapping's contents to make no sense. */
PRINTF_LIKE(2, 3) int ring_damaged(struct ring *ring, const char *format, ...);

/* The answer of a handle that is broken. */
int ring_broken(const struct ring *ring);

/* The space that a record takes: commit word and payload, rounded up to slots. */
static inline uint64_t ring_span(const struct ring *ring, uint64_t payload_bytes)
{
    uint64_t slot_mask = ring->slot_bytes - 1;
    return (COMMIT_WORD_BYTES + payload_bytes + slot_mask) & ~slot_mask;
}

static inline unsigned char *ring_at(const struct ring *ring, uint64_t position)
{
    return ring->slots + (position & (ring->capacity - 1));
}

static inline shared_u64 *ring_word(const struct ring *ring, uint64_t position)
{
    return (shared_u64 *)(void *)ring_at(ring, position);
}

/* The commit word at a position; C: what it announces can be read behind it. */
static inline uint64_t ring_look(const struct ring *ring, uint64_t position)
{
    return load_acquire(ring_word(ring, position));
}

/* Whether the commit word is one that a producer could have written there. */
static inline bool ring_word_fits(const struct ring *ring, uint64_t word, uint64_t sequence)
{
    if (commit_sequence(word) != (uint32_t)sequence)
        return false;
    if (commit_is_data(word))
        return commit_bytes(word) <= ring->record_limit;
    return commit_kind(word) == RECORD_GAP && (commit_bytes(word) == sizeof(struct ring_loss) ||
                                               commit_bytes(word) == sizeof(struct ring_run_end));
}

static inline bool ring_is_run_end(uint64_t word)
{
    return commit_kind(word) == RECORD_GAP && commit_bytes(word) == sizeof(struct ring_run_end);
}

/* The payload of the record at a position, which begins at a multiple of 8. */
static inline shared_u64 *ring_payload_words(const struct ring *ring, uint64_t position)
{
    return (shared_u64 *)(void *)(ring_at(ring, position) + COMMIT_WORD_BYTES);
}

/* What the gap record at a position says. */
static inline struct ring_loss ring_loss_at(const struct ring *ring, uint64_t position)
{
    const shared_u64 *payload = ring_payload_words(ring, position);
    return (struct ring_loss){load_acquire(&payload[0]), load_acquire(&payload[1])};
}

/* What the end of a run at a position says: producer_run, as it was left. */
static inline uint32_t ring_run_end_at(const struct ring *ring, uint64_t position)
{
    return (uint32_t)load_acquire(ring_payload_words(ring, position));
}

/* W: sequentially consistent, as the end that its producer writes before it looks for sleepers. */
static inline uint32_t producer_run(const struct ring *ring)
{
    return load_ordered(&ring->header->producer_run);
}

/* Positions wrap: how far `a` is ahead of `b`, negative when it is behind. */
static inline int64_t ahead(uint64_t a, uint64_t b)
{
    return (int64_t)(a - b);
}

/* Whether what was read at the position can be trusted: H, the reads come before the look. A
 * horizon that is behind the position is what a failed machine may leave: nothing was written
 * since. */
static inline bool ring_intact(const struct ring *ring, uint64_t position)
{
    return ahead(load_acquire(&ring->header->horizon), position) <= (int64_t)ring->capacity;
}

#endif
