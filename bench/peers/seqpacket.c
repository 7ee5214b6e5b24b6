/* SPDX-License-Identifier: MIT */
/* Peer: a local socket that preserves record boundaries. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/loops.h"
#include "peer_lane.h"

enum { TRIES = 5000 };

/* In the abstract namespace, so that there is nothing to remove. */
static struct sockaddr_un address_of(const struct channel *channel)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct peer_path path = peer_path(channel, "");
    memcpy(address.sun_path + 1, path.text, strnlen(path.text, sizeof address.sun_path - 2));
    return address;
}

static void *open_reader(const struct channel *channel, struct result *result)
{
    struct peer_lane *lane = peer_lane_make(channel);
    struct sockaddr_un address = address_of(channel);
    if (!lane)
        return NULL;
    lane->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (bind(lane->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(lane->listener, 1) != 0)
        return peer_lane_fail(lane, result, "bind");
    lane->file = accept(lane->listener, NULL, NULL);
    return lane->file >= 0 ? lane : peer_lane_fail(lane, result, "accept");
}

static void *open_writer(const struct channel *channel, struct result *result)
{
    struct peer_lane *lane = peer_lane_make(channel);
    struct sockaddr_un address = address_of(channel);
    if (!lane)
        return NULL;
    lane->file = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    for (int i = 0; i < TRIES; i++) {
        if (connect(lane->file, (struct sockaddr *)&address, sizeof address) == 0)
            return lane;
        usleep(1000);
    }
    return peer_lane_fail(lane, result, "connect");
}

static inline void commit(void *context, size_t bytes)
{
    struct peer_lane *lane = context;
    lane->broken = send(lane->file, lane->buffer, bytes, MSG_NOSIGNAL) < 0;
}

static inline const void *next(void *context, size_t bytes)
{
    struct peer_lane *lane = context;
    return recv(lane->file, lane->buffer, bytes, 0) == (ssize_t)bytes ? lane->buffer : NULL;
}

static const struct lane_ops seqpacket_ops = {peer_lane_reserve, commit, peer_lane_nothing, next,
                                              peer_lane_nothing};
BENCH_LOOPS(seqpacket, seqpacket_ops)

const struct transport transport_seqpacket = {.name = "seqpacket",
                                              .title = "local socket, SEQPACKET",
                                              .sleeps = true,
                                              .open_writer = open_writer,
                                              .open_reader = open_reader,
                                              .close_writer = peer_lane_free,
                                              .close_reader = peer_lane_free,
                                              .loops = seqpacket_loops};
