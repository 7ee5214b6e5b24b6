/* SPDX-License-Identifier: MIT */
/* Moves records from a ring to standard output until something ends it. */
#ifndef TOOLS_RECEIVE_H
#define TOOLS_RECEIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "filter.h"
#include "output.h"
#include "source.h"

enum { POLL_MS = 10 };

struct receiver {
    struct source source;
    struct filter filter;
    struct output output;
    uint64_t count;        /* records wanted; all parts of one count once */
    int64_t timeout_ns;    /* longest wait for a record */
    bool follow;           /* continue after the end of a producer */
    bool holds;            /* some records are not released yet */
    uint64_t total, bytes; /* records and payload bytes received */
    uint64_t unwritten;    /* payload bytes since the last write */
    uint64_t unreleased;   /* bytes of the ring that are not released yet */
    uint64_t hold_bytes;   /* how many of them may be held back for incomplete parts */
};

/* Returns what ended it: an enum mapring_result. MAPRING_OK stands for the count, a signal, or the
 * end of the output. */
int receive(struct receiver *receiver);

#endif
