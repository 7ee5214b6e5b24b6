/* SPDX-License-Identifier: MIT */
/* Peer: Concurrency Kit's ck_ring of structs, single producer, single consumer. */
#include <ck_ring.h>
#include <errno.h>

#include "core/loops.h"
#include "peer_lane.h"

enum { RING_BYTES = 65536 };

static struct ck_ring *ring_of(struct peer_lane *lane)
{
    return lane->context;
}

/* Both sides initialize the same empty ring before anything is sent. */
static void *open_end(const struct channel *channel, struct result *result)
{
    struct peer_lane *lane = peer_lane_make(channel);
    unsigned count = 1;
    if (!lane)
        return NULL;
    while (2 * count * lane->bytes <= channel->job->capacity_bytes)
        count *= 2;
    lane->context = channel->area;
    lane->socket = channel->area + RING_BYTES;
    ck_ring_init(ring_of(lane), count);
    (void)result;
    return lane;
}

#define CK_SIZE(size)                                                                              \
    struct entry_##size {                                                                          \
        unsigned char payload[size];                                                               \
    };                                                                                             \
    CK_RING_PROTOTYPE(queue_##size, entry_##size)                                                  \
    static inline void commit_##size(void *context, size_t bytes)                                  \
    {                                                                                              \
        struct peer_lane *lane = context;                                                          \
        (void)bytes;                                                                               \
        while (!CK_RING_ENQUEUE_SPSC(queue_##size, ring_of(lane), lane->socket,                    \
                                     (struct entry_##size *)(void *)lane->buffer))                 \
            ck_pr_stall();                                                                         \
    }                                                                                              \
    static inline const void *next_##size(void *context, size_t bytes)                             \
    {                                                                                              \
        struct peer_lane *lane = context;                                                          \
        (void)bytes;                                                                               \
        while (!CK_RING_DEQUEUE_SPSC(queue_##size, ring_of(lane), lane->socket,                    \
                                     (struct entry_##size *)(void *)lane->buffer))                 \
            continue;                                                                              \
        return lane->buffer;                                                                       \
    }                                                                                              \
    static const struct lane_ops ops_##size = {peer_lane_reserve, commit_##size,                   \
                                               peer_lane_nothing, next_##size, peer_lane_nothing}; \
    BENCH_LOOPS(ck_##size, ops_##size)

PEER_SIZES(CK_SIZE)

#define CK_CASE(size)         \
    if (job->bytes == (size)) \
        return ck_##size##_loops(job);

static const struct loops *ck_loops(const struct job *job)
{
    PEER_SIZES(CK_CASE)
    return NULL;
}

const struct transport transport_ck_ring = {.name = "ck-ring",
                                            .title = "ck_ring",
                                            .open_writer = open_end,
                                            .open_reader = open_end,
                                            .close_writer = peer_lane_free,
                                            .close_reader = peer_lane_free,
                                            .loops = ck_loops};
