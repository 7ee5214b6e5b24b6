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
#include "record.h"

struct ring {
    struct mapring_hot *hot; /* with which the handle begins */
    uint64_t first_position;
    enum when_full when_full;
    bool guarded; /* has a companion, perhaps not for this process */
    struct ring_header *header;
    struct ring_cells *cells;
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

static inline uint64_t ring_capacity(const struct ring *ring)
{
    return ring->hot->mask + 1;
}

static inline uint32_t ring_slot_bytes(const struct ring *ring)
{
    return (uint32_t)ring->hot->slot_mask + 1;
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
    return ahead(load_acquire(&ring->header->horizon), position) <= (int64_t)ring_capacity(ring);
}

#endif
