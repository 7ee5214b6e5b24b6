/* SPDX-License-Identifier: MIT */
/* From a ring to standard output, until something ends it. */
#ifndef TOOLS_RECEIVE_H
#define TOOLS_RECEIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "output.h"
#include "source.h"

enum { POLL_MS = 10 };

struct receiver {
    struct source source;
    struct output output;
    uint64_t count;        /* of records wanted; one in parts counts once */
    int64_t timeout_ns;    /* without any */
    bool follow;           /* goes on behind the end of a producer */
    bool holds;            /* records that are not given back yet */
    uint64_t total, bytes; /* received */
    uint64_t whole;        /* of them, without those that go on */
    uint64_t unwritten;    /* payload bytes since they were written last */
    uint64_t unreleased;   /* bytes that were not given back */
    uint64_t hold_bytes;   /* of them, for parts that are held until the last one is there */
};

/* Returns what ended it: an enum mapring_result, MAPRING_OK for the count, a signal, or the end of
 * the output. */
int receive(struct receiver *receiver);

#endif
