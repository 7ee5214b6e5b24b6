/* SPDX-License-Identifier: MIT */
/* One end of a peer that copies records from and to a buffer. */
#ifndef PEER_LANE_H
#define PEER_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "peers.h"

struct peer_lane {
    unsigned char *buffer; /* one record */
    size_t bytes;
    int file, listener;
    void *socket, *context;
    bool broken; /* a send has failed: next time, say so */
};

/* Without a file; NULL: no memory. */
struct peer_lane *peer_lane_make(const struct channel *channel);

/* Frees it and closes its files. */
void peer_lane_free(void *lane);

/* Notes why it cannot be opened, with errno, frees the lane, and returns NULL. */
void *peer_lane_fail(struct peer_lane *lane, struct result *result, const char *what);

/* What all of them do for reserve, flush and release. */
void *peer_lane_reserve(void *lane, size_t bytes);
void peer_lane_nothing(void *lane);

/* "/tmp/<channel's name>" or the like. */
struct peer_path {
    char text[128];
};
struct peer_path peer_path(const struct channel *channel, const char *before);

#endif
