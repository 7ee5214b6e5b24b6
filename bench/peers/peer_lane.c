/* SPDX-License-Identifier: MIT */
/* One end of a peer that copies records from and to a buffer. */
#include "peer_lane.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct peer_lane *peer_lane_make(const struct channel *channel)
{
    struct peer_lane *lane = calloc(1, sizeof *lane + channel->job->bytes);
    if (!lane)
        return NULL;
    lane->buffer = (unsigned char *)(lane + 1);
    lane->bytes = channel->job->bytes;
    lane->file = lane->listener = -1;
    return lane;
}

void peer_lane_free(void *context)
{
    struct peer_lane *lane = context;
    if (!lane)
        return;
    if (lane->file >= 0)
        close(lane->file);
    if (lane->listener >= 0)
        close(lane->listener);
    free(lane);
}

void *peer_lane_fail(struct peer_lane *lane, struct result *result, const char *what)
{
    snprintf(result->error, sizeof result->error, "%s: %s", what, strerror(errno));
    peer_lane_free(lane);
    return NULL;
}

void *peer_lane_reserve(void *context, size_t bytes)
{
    struct peer_lane *lane = context;
    (void)bytes;
    return lane->broken ? NULL : lane->buffer;
}

void peer_lane_nothing(void *lane)
{
    (void)lane;
}

struct peer_path peer_path(const struct channel *channel, const char *before)
{
    struct peer_path path;
    snprintf(path.text, sizeof path.text, "%s%s", before, channel->name);
    return path;
}
