/* SPDX-License-Identifier: MIT */
/* The producer's private state, shared between its hot path and its waiting. */
#ifndef MAPRING_PRODUCER_H
#define MAPRING_PRODUCER_H

#include "producer/blame.h"
#include "producer/stage.h"
#include "producer/way.h"
#include "ring/clock.h"
#include "ring/ring.h"
#include "ring/spin.h"
#include "ring/walk.h"

/* More than any producer ever writes. */
#define FETCHES_NEVER (UINT64_C(1) << 62)

/* What a producer waits for in an event loop. */
struct producer_watch {
    struct ring *ring;
    uint64_t tail;
    uint64_t end; /* it wants to write up to here */
    struct blame *blame;
    const struct notifier *notifier;
};

/* How the producer of a ring with times keeps its counter in agreement with the system's clock. */
struct timing {
    enum record_clock clock;
    bool called;              /* the counter is not one that the inlined functions read */
    struct clock_point point; /* the newest */
    /* What it expects of the system's clock: system_ns when the counter was system_counter, and
     * system_rate as the rate of a point. */
    uint64_t system_counter;
    uint64_t system_ns;
    uint64_t system_rate;
    uint64_t tolerance_ns; /* how far it lets the two be apart */
    uint64_t unsure_ns;    /* how wrong times may be because the rate is not known well yet */
    bool unsettled;        /* the two did not agree at all: the rate is not known well */
};

/* What belongs into the ring from one position on, before it is there. */
struct stage {
    uint64_t begin;
    alignas(8) unsigned char bytes[STAGE_BYTES];
};

struct mapring_producer {
    struct mapring_producer_hot hot; /* has the private tail: the shared one is never read */
    struct ring ring;
    struct ring_loss told;      /* what gap records have counted */
    uint64_t horizon;           /* as published */
    uint64_t limit;             /* where its room ends; hot.limit leaves space for notes */
    uint64_t marks;             /* number of marks made */
    struct ring_place newest;   /* the last of them */
    uint64_t first_mark;        /* number of the first mark within reach, or of an earlier one */
    struct ring_place first;    /* that mark, as of the last move of the horizon */
    uint64_t kept;              /* position of the oldest record that is kept, as published */
    int64_t step_ns;            /* when the last mark was made */
    uint64_t step_sequence;     /* sequence number at that time */
    uint64_t step_bytes;        /* payload bytes sent by then */
    bool streams;               /* records came in quick succession between the last two marks */
    uint64_t notes_span;        /* space of the notes before the reserved record, or 0 */
    uint32_t run_before;        /* previous run, whose end is still to be written, or 0 */
    struct end_of_run last_end; /* in a ring that repeats another one; 0 as its run: none */
    struct ring_loss dropped;   /* in total, including what no gap record has counted yet */
    struct ring_loss_times dropped_times; /* of what no gap record has counted yet */
    uint64_t counter;                     /* of what is about to be written */
    struct timing timing;
    bool drops_rest;                 /* a part was dropped: drop the parts that continue it, too */
    bool removed;                    /* the ring has been removed */
    int64_t next_look_ns;            /* when to ask the system next whether it has been */
    bool quiet;                      /* wakes consumers only on request */
    uint32_t vain_looks;             /* looks at sleepers of which none was due */
    uint64_t woke_position;          /* its position when it last woke a consumer */
    uint32_t found_awake;            /* consumers that were to be woken and had not slept since */
    struct definitions *definitions; /* the index of the dictionary, or NULL */
    struct syncer *syncer;           /* writes the ring's file to the disk regularly, or NULL */
    enum mapring_sync sync;
    struct spin spin;
    struct blame blame;
    uint32_t departed; /* consumers reported to have left records unread */
    struct producer_watch watch;
    struct notifier *notifier; /* of mapring_producer_wait_handle(), or NULL */
    struct ways ways;          /* of writing batches */
    struct stage stage;        /* where small ones are assembled that are streamed */
};

static_assert(offsetof(struct mapring_producer, hot) == 0, "inlined functions expect it there");

/* Whether something was dropped that no gap record has counted yet. */
static inline bool producer_has_untold(const mapring_producer *producer)
{
    return producer->ring.when_full == WHEN_FULL_DROP &&
           producer->dropped.records != producer->told.records;
}

/* Refuse a null pointer and a broken handle; producer_check_free() also refuses one that has a
 * record reserved, and producer_check_sender() a ring that repeats another one, too. */
int producer_check(const mapring_producer *producer);
int producer_check_free(const mapring_producer *producer);
int producer_check_sender(const mapring_producer *producer);

/* Fails with MAPRING_ERROR_RECORD_TOO_LARGE. */
int producer_too_large(const struct ring *ring, size_t bytes);

/* Decides whether every call has to take the slow path. */
void producer_choose_way(mapring_producer *producer);

/* Whether the ring has been removed. Without a hint in the ring, asks the system at most every half
 * second. */
bool producer_is_removed(mapring_producer *producer);

#endif
