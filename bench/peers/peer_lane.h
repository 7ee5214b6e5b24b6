/* SPDX-License-Identifier: MIT */
/* One end of a peer that copies records to and from a buffer. */
#ifndef PEER_LANE_H
#define PEER_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "peers.h"

struct peer_lane {
    unsigned char *buffer; /* room for one record */
    size_t bytes;
    int file, listener;
    void *socket, *context;
    bool broken; /* a send has failed: the next reserve returns NULL */
};

/* Makes a lane without a file. NULL: not enough memory. */
struct peer_lane *peer_lane_make(const struct channel *channel);

/* Closes its files and frees it. */
void peer_lane_free(void *lane);

/* Notes `what` and errno in `result`, frees the lane, and returns NULL. */
void *peer_lane_fail(struct peer_lane *lane, struct result *result, const char *what);

/* What all these peers do for reserve, flush and release. */
void *peer_lane_reserve(void *lane, size_t bytes);
void peer_lane_nothing(void *lane);

/* The name of the channel after a prefix, such as "/tmp/<name>". */
struct peer_path {
    char text[128];
};
struct peer_path peer_path(const struct channel *channel, const char *before);

#endif
