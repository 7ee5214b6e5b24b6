/* SPDX-License-Identifier: MIT */
/* mapring, records copied in and out: send and receive. */
#include "references.h"
#include "ring_ops.h"

static inline const void *next(void *context, size_t bytes)
{
    struct ring_lane *lane = context;
    int result = mapring_consumer_receive(lane->consumer, lane->buffer, bytes, &lane->record,
                                          MAPRING_FOREVER);
    return result == MAPRING_OK ? lane->buffer : NULL;
}

static const struct lane_ops copy_ops = {ring_buffer, ring_send, ring_nothing_held, next,
                                         ring_nothing_held};
BENCH_LOOPS(copy, copy_ops)

const struct transport transport_mapring_copy = {.name = "mapring-copy",
                                                 .title = "mapring, copied",
                                                 .is_own = true,
                                                 .open_writer = ring_lane_write,
                                                 .open_reader = ring_lane_read,
                                                 .close_writer = ring_lane_close,
                                                 .close_reader = ring_lane_close,
                                                 .remove = ring_lane_remove,
                                                 .loops = copy_loops};
