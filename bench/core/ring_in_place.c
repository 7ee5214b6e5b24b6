/* SPDX-License-Identifier: MIT */
/* mapring, records written and read in place, by consumers or observers. */
#include "references.h"
#include "ring_ops.h"

/* Records that an observer lost do not matter here. */
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
    return lane->consumer ? ring_next(lane, bytes) : observe(lane, bytes);
}

static inline void release_if_consumer(void *context)
{
    if (((struct ring_lane *)context)->consumer != NULL)
        ring_release(context);
}

static const struct lane_ops in_place_ops = {ring_reserve, ring_commit, ring_nothing_held, next,
                                             release_if_consumer};
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
