/* SPDX-License-Identifier: MIT */
/* The producer's private state, shared between its hot path and its waiting. */
#ifndef MAPRING_PRODUCER_H
#define MAPRING_PRODUCER_H

#include "ring.h"
#include "walk.h"

/* What draining has seen of the consumers, kept from call to call. */
struct drain {
    uint64_t position; /* the tail then */
    uint32_t behind;   /* who had records unread */
    bool gone;         /* one of them left, and it has not been told yet */
};

struct mapring_producer {
    struct ring ring;
    struct ring_place tail;  /* private: the shared tail is written, never read */
    uint64_t limit;          /* may write below it without looking at anything */
    uint64_t horizon;        /* as published */
    uint64_t last_mark;      /* position of the newest mark */
    uint64_t reserved_span;  /* 0: nothing is reserved */
    uint64_t reserved_bytes;
    bool exchanges;          /* publishes by exchange: membarrier() is not to be had */
    struct drain drain;
};

/* Waits until everything up to `end` may be written: MAPRING_OK, MAPRING_NO_ROOM, MAPRING_TIMED_OUT
 * or a failure. */
int producer_make_room(mapring_producer *producer, uint64_t end, int64_t timeout_ns);

/* Sleeps until a consumer makes room, joins or leaves, at most for a while. False when the deadline
 * has passed. `is_done` is asked once more after the consumers can see that somebody waits. */
bool producer_sleep(mapring_producer *producer, int64_t deadline_ns,
                    bool (*is_done)(mapring_producer *producer, void *context), void *context);

#endif
