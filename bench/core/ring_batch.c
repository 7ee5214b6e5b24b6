/* SPDX-License-Identifier: MIT */
/* mapring, a batch of records at a time: sent by copy, read in place. */
#include "loops.h"
#include "references.h"
#include "ring_lane.h"

static inline void *reserve(void *context, size_t bytes)
{
    struct ring_lane *lane = context;
    return lane->buffer + lane->held * bytes;
}

static inline void flush(void *context)
{
    struct ring_lane *lane = context;
    if (lane->held > 0)
        mapring_producer_send_batch(lane->producer, lane->out, lane->held, MAPRING_FOREVER);
    lane->held = 0;
}

static inline void commit(void *context, size_t bytes)
{
    struct ring_lane *lane = context;
    lane->out[lane->held] =
        (struct mapring_buffer){.data = lane->buffer + lane->held * bytes, .bytes = bytes};
    if (++lane->held == lane->batch)
        flush(lane);
}

static inline const void *next(void *context, size_t bytes)
{
    struct ring_lane *lane = context;
    (void)bytes;
    if (lane->taken == lane->held) {
        lane->taken = 0;
        if (mapring_consumer_next_batch(lane->consumer, lane->in, lane->batch, &lane->held,
                                        MAPRING_FOREVER) != MAPRING_OK)
            return NULL;
    }
    return lane->in[lane->taken].payload;
}

static inline void release(void *context)
{
    struct ring_lane *lane = context;
    if (++lane->taken == lane->held)
        mapring_consumer_release(lane->consumer);
}

static const struct lane_ops batch_ops = {reserve, commit, flush, next, release};
BENCH_LOOPS(batch, batch_ops)

const struct transport transport_mapring_batch = {.name = "mapring-batch",
                                                  .title = "mapring, batches of 32",
                                                  .single = &transport_mapring_send,
                                                  .is_own = true,
                                                  .open_writer = ring_lane_write,
                                                  .open_reader = ring_lane_read,
                                                  .close_writer = ring_lane_close,
                                                  .close_reader = ring_lane_close,
                                                  .remove = ring_lane_remove,
                                                  .loops = batch_loops};
