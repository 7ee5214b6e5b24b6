/* SPDX-License-Identifier: MIT */
/* Peer: ZeroMQ, a PUSH and a PULL socket over its "ipc" transport. */
#include <unistd.h>
#include <zmq.h>

#include "core/loops.h"
#include "peer_lane.h"

static void close_end(void *context)
{
    struct peer_lane *lane = context;
    if (lane->socket)
        zmq_close(lane->socket);
    if (lane->context)
        zmq_ctx_term(lane->context);
    peer_lane_free(lane);
}

static void *open_end(const struct channel *channel, struct result *result, int type,
                      int (*join)(void *socket, const char *address))
{
    struct peer_lane *lane = peer_lane_make(channel);
    int linger = 0, again_ms = 1;
    if (!lane)
        return NULL;
    lane->context = zmq_ctx_new();
    lane->socket = zmq_socket(lane->context, type);
    zmq_setsockopt(lane->socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(lane->socket, ZMQ_RECONNECT_IVL, &again_ms, sizeof again_ms);
    if (join(lane->socket, peer_path(channel, "ipc:///tmp/").text) == 0)
        return lane;
    zmq_close(lane->socket);
    zmq_ctx_term(lane->context);
    return peer_lane_fail(lane, result, "zmq");
}

static void *open_writer(const struct channel *channel, struct result *result)
{
    return open_end(channel, result, ZMQ_PUSH, zmq_bind);
}

static void *open_reader(const struct channel *channel, struct result *result)
{
    return open_end(channel, result, ZMQ_PULL, zmq_connect);
}

static void remove_file(const struct channel *channel)
{
    unlink(peer_path(channel, "/tmp/").text);
}

static inline void commit(void *context, size_t bytes)
{
    struct peer_lane *lane = context;
    lane->broken = zmq_send(lane->socket, lane->buffer, bytes, 0) < 0;
}

static inline const void *next(void *context, size_t bytes)
{
    struct peer_lane *lane = context;
    return zmq_recv(lane->socket, lane->buffer, bytes, 0) == (int)bytes ? lane->buffer : NULL;
}

static const struct lane_ops zeromq_ops = {peer_lane_reserve, commit, peer_lane_nothing, next,
                                           peer_lane_nothing};
BENCH_LOOPS(zeromq, zeromq_ops)

const struct transport transport_zeromq = {.name = "zeromq",
                                           .title = "ZeroMQ, ipc",
                                           .sleeps = true,
                                           .open_writer = open_writer,
                                           .open_reader = open_reader,
                                           .close_writer = close_end,
                                           .close_reader = close_end,
                                           .remove = remove_file,
                                           .loops = zeromq_loops};
