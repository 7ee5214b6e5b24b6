/* SPDX-License-Identifier: MIT */
/* What every handle has: an attached ring, its geometry once checked, and its mapped regions. */
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
    struct mapring_hot *hot; /* at the beginning of the handle */
    uint64_t first_position;
    enum when_full when_full;
    uint64_t max_lag_attached; /* 0: none */
    uint64_t dictionary_bytes;
    char content[CONTENT_BYTES];
    struct ring_origin origin;
    bool guarded; /* has a companion, even if this process cannot open it */
    struct ring_header *header;
    struct ring_cells *cells;
    unsigned char *base;
    unsigned char *dictionary;   /* mapped for producers only, otherwise NULL */
    struct ring_header *unready; /* of a ring that this handle is creating, or NULL */
    struct platform_object *object;
    struct ring_name name;
};

/* Whether the ring has been removed, so that nobody finds it any more. Asks the system. */
static inline bool ring_is_removed(const struct ring *ring)
{
    return platform_is_removed(ring->object, load_relaxed(&ring->cells->removed) != 0);
}

/* Reads the state of an object, and its identity (zero if the object is too short for one).
 * Whatever is neither empty nor a half-made ring counts as ready, to be judged by its identity. */
int ring_peek(struct ring *ring, struct ring_identity *identity, enum ring_state *state);

/* Unmaps the header of a ring that this handle created, once nothing more is to be written
 * there. */
void ring_drop_unready(struct ring *ring);

/* Releases everything that the handle has, and removes a ring that it created but did not declare
 * ready. */
void ring_close(struct ring *ring);

/* Reports that the mapping's contents make no sense, and makes the handle unusable. */
PRINTF_LIKE(2, 3) int ring_damaged(struct ring *ring, const char *format, ...);

/* Reports why a handle is broken, and returns that error. */
int ring_broken(const struct ring *ring);

static inline uint64_t ring_capacity(const struct ring *ring)
{
    return ring->hot->mask + 1;
}

static inline uint32_t ring_slot_bytes(const struct ring *ring)
{
    return (uint32_t)ring->hot->slot_mask + 1;
}

/* Whether it repeats another ring. */
static inline bool ring_repeats(const struct ring *ring)
{
    return ring->origin.text[0] != '\0';
}

/* W: sequentially consistent, like the producer's store of it before it looks for sleepers. */
static inline uint32_t producer_run(const struct ring *ring)
{
    return load_ordered(&ring->header->producer_run);
}

/* How far `a` is ahead of `b`, negative if it is behind. Positions wrap: compare them only so. */
static inline int64_t ahead(uint64_t a, uint64_t b)
{
    return (int64_t)(a - b);
}

/* Whether what was read at the position can be trusted: H, the reads come before the load of the
 * horizon. A failed machine may leave a horizon behind the position: nothing was written since. */
static inline bool ring_intact(const struct ring *ring, uint64_t position)
{
    return ahead(load_acquire(&ring->header->horizon), position) <= (int64_t)ring_capacity(ring);
}

#endif
