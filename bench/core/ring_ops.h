/* SPDX-License-Identifier: MIT */
/* The operations of a mapring as lane operations, from which each transport takes some. Both sides
 * wait as the library does: they spin for a while, then sleep. */
#ifndef BENCH_RING_OPS_H
#define BENCH_RING_OPS_H

#include "loops.h"
#include "ring_lane.h"

static inline void *ring_reserve(void *context, size_t bytes)
{
    struct ring_lane *lane = context;
    void *payload;
    int result = mapring_producer_reserve(lane->producer, bytes, &payload, MAPRING_FOREVER);
    return result == MAPRING_OK ? payload : NULL;
}

static inline void ring_commit(void *context, size_t bytes)
{
    mapring_producer_commit(((struct ring_lane *)context)->producer, bytes);
}

/* For sends by copy: the payload is produced outside the ring. */
static inline void *ring_buffer(void *context, size_t bytes)
{
    (void)bytes;
    return ((struct ring_lane *)context)->buffer;
}

static inline void ring_send(void *context, size_t bytes)
{
    struct ring_lane *lane = context;
    mapring_producer_send(lane->producer, lane->buffer, bytes, MAPRING_FOREVER);
}

static inline void ring_nothing_held(void *lane)
{
    (void)lane;
}

static inline const void *ring_next(void *context, size_t bytes)
{
    struct ring_lane *lane = context;
    (void)bytes;
    int result = mapring_consumer_next(lane->consumer, &lane->record, MAPRING_FOREVER);
    return result == MAPRING_OK ? lane->record.payload : NULL;
}

static inline void ring_release(void *context)
{
    mapring_consumer_release(((struct ring_lane *)context)->consumer);
}

#endif
