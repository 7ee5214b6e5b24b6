/* SPDX-License-Identifier: MIT */
/* The producer's private state, shared between its hot path and its waiting. */
#ifndef MAPRING_PRODUCER_H
#define MAPRING_PRODUCER_H

#include "producer/stage.h"
#include "ring/ring.h"
#include "ring/spin.h"
#include "ring/walk.h"

/* No producer ever writes so much. */
#define FETCHES_NEVER (UINT64_C(1) << 62)

/* What a producer waits for in an event loop. */
struct producer_watch {
    struct ring *ring;
    uint64_t tail;
    uint64_t end; /* up to here it wants to write */
    const struct notifier *notifier;
};

struct mapring_producer {
    struct mapring_producer_hot hot; /* with the private tail: the shared one is never read */
    struct ring ring;
    struct ring_loss told;    /* by gap records, of what was dropped */
    uint64_t horizon;         /* as published */
    uint64_t marks;           /* made so far, */
    struct ring_place newest; /* the last of them, */
    uint64_t first_mark;      /* and the number of the first one in reach, or of one before; */
    struct ring_place first;  /* that one, when the horizon moved last */
    uint64_t kept;            /* the position at which begins what is kept, as published */
    int64_t step_ns;          /* when the last mark was made, */
    uint64_t step_sequence;   /* at which record, */
    uint64_t step_bytes;      /* and behind how much payload */
    bool streams;             /* they came closely behind each other since the time before */
    uint64_t notes_span;      /* of the notes before the reserved record, or 0 */
    uint32_t run_before;      /* whose end is to be noted before the next record, or 0 */
    struct ring_loss dropped; /* in all, also what no gap record tells yet */
    bool drops_rest;          /* a part was dropped: what goes on with it is to be dropped, too */
    bool removed;             /* the ring was: nobody finds it any more */
    int64_t next_look_ns;     /* when to ask the system next whether it was */
    bool quiet;               /* wakes nobody but when told to */
    uint32_t vain_looks;      /* at sleepers that are not due yet */
    struct syncer *syncer;    /* writes a file to its disk now and then, or NULL */
    enum mapring_sync sync;
    struct spin spin;
    uint32_t departed; /* consumers that left records unread, and are told */
    struct producer_watch watch;
    struct notifier *notifier; /* behind mapring_producer_wait_handle(), or NULL */
    alignas(8) unsigned char stage[STAGE_BYTES]; /* where batches are put together */
};

static_assert(offsetof(struct mapring_producer, hot) == 0, "inlined functions expect it there");

/* Refuses a null pointer, and a handle that is broken; the second one that has a record reserved
 * also. */
int producer_check(const mapring_producer *producer);
int producer_check_free(const mapring_producer *producer);

/* Fails: MAPRING_ERROR_RECORD_TOO_LARGE. */
int producer_too_large(const struct ring *ring, size_t bytes);

/* Whether every call has to go the long way. */
void producer_choose_way(mapring_producer *producer);

/* Whether the ring was removed, for good. Without a hint in the ring, the system is asked each half
 * second. */
bool producer_is_removed(mapring_producer *producer);

#endif
