/* SPDX-License-Identifier: MIT */
/*
 * mapring, records written and read in place. Both sides wait as the library does: spin for a
 * while, then sleep.
 */
#include "loops.h"
#include "references.h"
#include "ring_lane.h"

static inline void *reserve(void *context, size_t bytes)
{
    struct ring_lane *lane = context;
    void *payload;
    int result = mapring_producer_reserve(lane->producer, bytes, &payload, MAPRING_FOREVER);
    return result == MAPRING_OK ? payload : NULL;
}

static inline void commit(void *context, size_t bytes)
{
    mapring_producer_commit(((struct ring_lane *)context)->producer, bytes);
}

static inline void flush(void *lane)
{
    (void)lane;
}

/* Records that an observer lost are of no interest here. */
static const void *observe(struct ring_lane *lane, size_t bytes)
{
    int result;
    do
        result = mapring_observer_receive(lane->observer, lane->buffer, bytes, &lane->record,
                                          MAPRING_FOREVER);
    while (result == MAPRING_LOST);
    return result == MAPRING_OK ? lane->record.payload : NULL;
}

static inline const void *next(void *context, size_t bytes)
{
    struct ring_lane *lane = context;
    if (lane->consumer == NULL)
        return observe(lane, bytes);
    int result = mapring_consumer_next(lane->consumer, &lane->record, MAPRING_FOREVER);
    return result == MAPRING_OK ? lane->record.payload : NULL;
}

static inline void release(void *context)
{
    mapring_consumer_release(((struct ring_lane *)context)->consumer);
}

static inline void release_if_consumer(void *context)
{
    if (((struct ring_lane *)context)->consumer != NULL)
        release(context);
}

static const struct lane_ops in_place_ops = {reserve, commit, flush, next, release_if_consumer};
BENCH_LOOPS(in_place, in_place_ops)

const struct transport transport_mapring = {.name = "mapring",
                                            .title = "mapring, in place",
                                            .is_own = true,
                                            .sleeps = true,
                                            .open_writer = ring_lane_write,
                                            .open_reader = ring_lane_read,
                                            .close_writer = ring_lane_close,
                                            .close_reader = ring_lane_close,
                                            .remove = ring_lane_remove,
                                            .loops = in_place_loops};
