/* SPDX-License-Identifier: MIT */
/* Peer: a POSIX message queue, as long as an unprivileged process may make one. */
#include <fcntl.h>
#include <mqueue.h>

#include "core/loops.h"
#include "peer_lane.h"

enum { MESSAGES = 10 };

static void *open_end(const struct channel *channel, struct result *result)
{
    struct peer_lane *lane = peer_lane_make(channel);
    struct mq_attr attributes = {.mq_maxmsg = MESSAGES, .mq_msgsize = (long)channel->job->bytes};
    if (!lane)
        return NULL;
    lane->file =
        mq_open(peer_path(channel, "/").text, O_RDWR | O_CREAT | O_CLOEXEC, 0600, &attributes);
    return lane->file >= 0 ? lane : peer_lane_fail(lane, result, "mq_open");
}

static void remove_queue(const struct channel *channel)
{
    mq_unlink(peer_path(channel, "/").text);
}

static inline void commit(void *context, size_t bytes)
{
    struct peer_lane *lane = context;
    lane->broken = mq_send(lane->file, (const char *)lane->buffer, bytes, 0) != 0;
}

static inline const void *next(void *context, size_t bytes)
{
    struct peer_lane *lane = context;
    ssize_t got = mq_receive(lane->file, (char *)lane->buffer, lane->bytes, NULL);
    return got == (ssize_t)bytes ? lane->buffer : NULL;
}

static const struct lane_ops posix_mq_ops = {peer_lane_reserve, commit, peer_lane_nothing, next,
                                             peer_lane_nothing};
BENCH_LOOPS(posix_mq, posix_mq_ops)

const struct transport transport_posix_mq = {.name = "posix-mq",
                                             .title = "POSIX message queue",
                                             .sleeps = true,
                                             .open_writer = open_end,
                                             .open_reader = open_end,
                                             .close_writer = peer_lane_free,
                                             .close_reader = peer_lane_free,
                                             .remove = remove_queue,
                                             .loops = posix_mq_loops};
