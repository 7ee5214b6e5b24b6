/* SPDX-License-Identifier: MIT */
/* A ring into which mapring play sends what was recorded from another. */
#ifndef TOOLS_PLAYED_RING_H
#define TOOLS_PLAYED_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "blocked.h"
#include "mapring/mapring.h"
#include "recording_reader.h"

struct played_ring {
    const char *name;
    int64_t timeout_ns;               /* longest wait for room */
    uint64_t records, bytes, dropped; /* sent, and not sent because a ring that drops was full */

    /* The rest is private to played_ring.c. */
    mapring_producer *producer;
    mapring_ring *kept; /* on Windows a ring disappears with its last handle */
    struct mapring_options options;
    struct blocked blocked;
    bool is_open;      /* the last record is to be continued */
    bool told_offsets; /* that the dictionary differs */
    bool told_full;    /* that it has no room */
};

/* Opens the ring, or creates it with the recorded properties, as far as the options give no others.
 * These functions return an exit status; unless it is EXIT_DONE, a message has been printed. */
int played_open(struct played_ring *ring, const struct mapring_options *options,
                const struct recorded_ring *recorded);

int played_define(struct played_ring *ring, const struct recording_frame *entry);
int played_send(struct played_ring *ring, const struct mapring_record *record);

/* A run ended, or records are missing: what is incomplete stays so. */
int played_cut(struct played_ring *ring);

int played_wait_consumers(struct played_ring *ring, unsigned count);

/* At the end, waits until everything is read, but no longer than that. */
int played_linger(struct played_ring *ring, int64_t linger_ns);
void played_close(struct played_ring *ring);

#endif
