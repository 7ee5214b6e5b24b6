/* SPDX-License-Identifier: MIT */
/* The producer's private state, shared between its hot path and its waiting. */
#ifndef MAPRING_PRODUCER_H
#define MAPRING_PRODUCER_H

#include "ring.h"
#include "stage.h"
#include "walk.h"

/* No producer ever writes so much. */
#define FETCHES_NEVER (UINT64_C(1) << 62)

/* What a producer waits for in an event loop. */
struct producer_watch {
    struct ring *ring;
    uint64_t tail;
    uint64_t end; /* up to here it wants to write */
    const struct waker *waker;
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
    bool exchanges;           /* publishes by exchange: membarrier() is not to be had */
    bool removed;             /* the ring was: nobody finds it any more */
    int64_t next_look_ns;     /* when to ask the system next whether it was */
    bool quiet;               /* wakes nobody but when told to */
    uint32_t vain_looks;      /* at sleepers that are not due yet */
    struct syncer *syncer;    /* writes a file to its disk now and then, or NULL */
    enum mapring_sync sync;
    struct spin spin;
    uint32_t departed; /* consumers that left records unread, and are told */
    struct producer_watch watch;
    struct waker *waker; /* behind mapring_producer_wait_handle(), or NULL */
    alignas(8) unsigned char stage[STAGE_BYTES]; /* where batches are put together */
};

/* Refuses a null pointer, and a handle that is broken; the second one that has a record reserved
 * also. */
int producer_check(const mapring_producer *producer);
int producer_check_free(const mapring_producer *producer);

/* Fails: MAPRING_ERROR_RECORD_TOO_LARGE. */
int producer_too_large(const struct ring *ring, size_t bytes);

/* Makes room for records that take `span` bytes, or drops them: answers of mapring_producer_send().
 * Then, where the first of them begins, and its number. */
int producer_claim(mapring_producer *producer, uint64_t span, uint64_t records,
                   uint64_t payload_bytes, int64_t timeout_ns);
uint64_t producer_position(const mapring_producer *producer);
uint64_t producer_sequence(const mapring_producer *producer);

/* Makes what is claimed and written visible by the first one's commit word, without its sequence
 * number, and wakes who waits. */
void producer_publish(mapring_producer *producer, uint64_t first_word, uint64_t span,
                      uint64_t records, uint64_t bytes);

/* Whether every call has to go the long way. */
void producer_choose_way(mapring_producer *producer);

/* Before the first record and before closing: notes the end of the run before, or all that is due,
 * without a record behind it, if that fits. */
void producer_tell_run_end(mapring_producer *producer);
void producer_tell_notes(mapring_producer *producer);
/* Whether the ring was removed, for good. Without a hint in the ring, the system is asked each half
 * second. */
bool producer_is_removed(mapring_producer *producer);

/* Wakes the sleeping consumers that have waited for what is there now, or all of them. */
void producer_wake(mapring_producer *producer, bool all);

/* Waits until everything up to `end` may be written: MAPRING_OK, MAPRING_NO_ROOM, MAPRING_TIMED_OUT
 * or a failure. */
int producer_make_room(mapring_producer *producer, uint64_t end, int64_t timeout_ns);

/* Lets all consumers go that are dead. */
void producer_reap_dead(mapring_producer *producer);

/* Lets the slowest consumers go as long as they are dead, until that is enough, or false. */
bool producer_reap_until(mapring_producer *producer,
                         bool (*is_done)(mapring_producer *producer, void *context), void *context);

/* Sleeps until a consumer makes room, joins or leaves, at most for a while. False when the deadline
 * has passed. `is_done` is asked once more after the consumers can see that somebody waits. */
bool producer_sleep(mapring_producer *producer, int64_t deadline_ns,
                    bool (*is_done)(mapring_producer *producer, void *context), void *context);

#endif
