/* SPDX-License-Identifier: MIT */
/* Peer: a named pipe with the capacity of the rings, if the system allows it. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/loops.h"
#include "peer_lane.h"

static void *open_end(const struct channel *channel, struct result *result)
{
    struct peer_lane *lane = peer_lane_make(channel);
    struct peer_path path = peer_path(channel, "/tmp/");
    if (!lane)
        return NULL;
    if (mkfifo(path.text, 0600) != 0 && errno != EEXIST)
        return peer_lane_fail(lane, result, "mkfifo");
    lane->file = open(path.text, O_RDWR | O_CLOEXEC);
    if (lane->file < 0)
        return peer_lane_fail(lane, result, path.text);
    fcntl(lane->file, F_SETPIPE_SZ, (int)channel->job->capacity_bytes);
    return lane;
}

static void remove_pipe(const struct channel *channel)
{
    unlink(peer_path(channel, "/tmp/").text);
}

static inline void commit(void *context, size_t bytes)
{
    struct peer_lane *lane = context;
    for (size_t done = 0; done < bytes && !lane->broken;) {
        ssize_t written = write(lane->file, lane->buffer + done, bytes - done);
        lane->broken = written < 0;
        done += written > 0 ? (size_t)written : 0;
    }
}

static inline const void *next(void *context, size_t bytes)
{
    struct peer_lane *lane = context;
    for (size_t done = 0; done < bytes;) {
        ssize_t got = read(lane->file, lane->buffer + done, bytes - done);
        if (got <= 0)
            return NULL;
        done += (size_t)got;
    }
    return lane->buffer;
}

static const struct lane_ops pipe_ops = {peer_lane_reserve, commit, peer_lane_nothing, next,
                                         peer_lane_nothing};
BENCH_LOOPS(pipe, pipe_ops)

const struct transport transport_pipe = {.name = "pipe",
                                         .title = "pipe",
                                         .sleeps = true,
                                         .open_writer = open_end,
                                         .open_reader = open_end,
                                         .close_writer = peer_lane_free,
                                         .close_reader = peer_lane_free,
                                         .remove = remove_pipe,
                                         .loops = pipe_loops};
