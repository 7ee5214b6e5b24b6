/* SPDX-License-Identifier: MIT */
/* mapring, in place, with both sides polling without ever sleeping. */
#include "references.h"
#include "ring_ops.h"

static inline void *reserve(void *context, size_t bytes)
{
    struct ring_lane *lane = context;
    void *payload;
    int result;
    do
        result = mapring_producer_reserve(lane->producer, bytes, &payload, 0);
    while (result == MAPRING_NO_ROOM);
    return result == MAPRING_OK ? payload : NULL;
}

static inline const void *next(void *context, size_t bytes)
{
    struct ring_lane *lane = context;
    (void)bytes;
    int result;
    do
        result = mapring_consumer_next(lane->consumer, &lane->record, 0);
    while (result == MAPRING_NOTHING);
    return result == MAPRING_OK ? lane->record.payload : NULL;
}

static const struct lane_ops try_ops = {reserve, ring_commit, ring_nothing_held, next,
                                        ring_release};
BENCH_LOOPS(try, try_ops)

const struct transport transport_mapring_try = {.name = "mapring-try",
                                                .title = "mapring, both sides only try",
                                                .is_own = true,
                                                .open_writer = ring_lane_write,
                                                .open_reader = ring_lane_read,
                                                .close_writer = ring_lane_close,
                                                .close_reader = ring_lane_close,
                                                .remove = ring_lane_remove,
                                                .loops = try_loops};
