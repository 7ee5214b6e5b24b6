/* SPDX-License-Identifier: MIT */
/* Peer: nng, a pair of sockets over its "ipc" transport. */
#include <nng/nng.h>
#include <nng/protocol/pipeline0/pull.h>
#include <nng/protocol/pipeline0/push.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/loops.h"
#include "peer_lane.h"

enum { TRIES = 5000 };

struct nng_lane {
    struct peer_lane *lane;
    nng_socket socket;
};

static void close_end(void *context)
{
    struct nng_lane *lane = context;
    nng_close(lane->socket);
    peer_lane_free(lane->lane);
    free(lane);
}

static void *fail(struct nng_lane *lane, struct result *result, int code)
{
    snprintf(result->error, sizeof result->error, "nng: %s", nng_strerror(code));
    close_end(lane);
    return NULL;
}

static struct nng_lane *make(const struct channel *channel)
{
    struct nng_lane *lane = calloc(1, sizeof *lane);
    if (lane)
        lane->lane = peer_lane_make(channel);
    return lane;
}

static void *open_writer(const struct channel *channel, struct result *result)
{
    struct nng_lane *lane = make(channel);
    if (!lane)
        return NULL;
    int code = nng_push0_open(&lane->socket);
    if (code == 0)
        code = nng_listen(lane->socket, peer_path(channel, "ipc:///tmp/").text, NULL, 0);
    return code == 0 ? lane : fail(lane, result, code);
}

static void *open_reader(const struct channel *channel, struct result *result)
{
    struct nng_lane *lane = make(channel);
    if (!lane)
        return NULL;
    int code = nng_pull0_open(&lane->socket);
    for (int i = 0; i < TRIES && (i == 0 || code != 0); i++) {
        code = nng_dial(lane->socket, peer_path(channel, "ipc:///tmp/").text, NULL, 0);
        usleep(1000);
    }
    return code == 0 ? lane : fail(lane, result, code);
}

static void remove_file(const struct channel *channel)
{
    unlink(peer_path(channel, "/tmp/").text);
}

static inline void *reserve(void *context, size_t bytes)
{
    return peer_lane_reserve(((struct nng_lane *)context)->lane, bytes);
}

static inline void commit(void *context, size_t bytes)
{
    struct nng_lane *lane = context;
    lane->lane->broken = nng_send(lane->socket, lane->lane->buffer, bytes, 0) != 0;
}

static inline const void *next(void *context, size_t bytes)
{
    struct nng_lane *lane = context;
    size_t got = bytes;
    if (nng_recv(lane->socket, lane->lane->buffer, &got, 0) != 0)
        return NULL;
    return got == bytes ? lane->lane->buffer : NULL;
}

static const struct lane_ops nng_ops = {reserve, commit, peer_lane_nothing, next,
                                        peer_lane_nothing};
BENCH_LOOPS(nng, nng_ops)

const struct transport transport_nng = {.name = "nng",
                                        .title = "nng, ipc",
                                        .sleeps = true,
                                        .open_writer = open_writer,
                                        .open_reader = open_reader,
                                        .close_writer = close_end,
                                        .close_reader = close_end,
                                        .remove = remove_file,
                                        .loops = nng_loops};
