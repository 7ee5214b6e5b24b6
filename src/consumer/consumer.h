/* SPDX-License-Identifier: MIT */
/* The consumer's private state, shared between its hot path, its waiting, and its joining. */
#ifndef MAPRING_CONSUMER_H
#define MAPRING_CONSUMER_H

#include "reader/reader.h"

/* What a sleeping consumer waits for. */
struct consumer_watch {
    const struct ring *ring;
    unsigned cell;
    uint64_t position;     /* a record at this position, */
    uint64_t wake_bytes;   /* and then this many bytes ... */
    int64_t wake_delay_ns; /* ... or this much time; 0: just the record */
    uint32_t told;         /* or the end of a run later than this one, */
    uint32_t run;          /* or a producer_run other than this one */
    int64_t settles_ns;    /* when stores from before its bit was set are visible; 0: they are */
    /* Of an armed handle: */
    const struct notifier *notifier;
    uint64_t tail; /* when it was armed */
    int64_t until; /* when it stops gathering; 0: no record has come yet */
};

/* How a consumer that is faster than its producer keeps a distance: see distance.h. */
enum { PATIENCE_LEAST = 8, PATIENCE_MOST = 4096 };
struct distance {
    unsigned looks;    /* at an empty place before the latest record came */
    unsigned streak;   /* records in a row that came at once */
    unsigned patience; /* the streak after which it keeps a distance */
    bool kept;
    unsigned vain;  /* pauses in a row that did not pay */
    uint64_t since; /* position of the last pause */
};

/* Which records it notes the latency of: see latency.h. */
struct consumer_latency {
    enum record_clock clock; /* whose counters it can read */
    uint64_t since_ns;       /* when it attached */
    bool waited;             /* it has found nothing since the latest record */
};

struct mapring_consumer {
    struct reader reader;
    uint64_t first_sequence;  /* where its ledger begins */
    struct distance distance; /* from the producer */
    struct consumer_latency latency;
    unsigned cell;
    uint32_t state; /* of its cell, while it is active */
    bool durable;
    bool holds_notes;            /* what it is told of is held like a record */
    bool placed;                 /* it has a place; everything from there on is kept for it */
    struct ring_place lapsed_to; /* where it continues after a lapse */
    struct consumer_watch watch;
    struct notifier *notifier; /* of mapring_consumer_wait_handle(), or NULL */
};

static_assert(offsetof(struct mapring_consumer, reader.hot) == 0,
              "inlined functions expect it there");

/* Whether notes that it passes now need no release. */
static inline bool consumer_gives_back_notes(const mapring_consumer *consumer)
{
    return !consumer->holds_notes &&
           consumer->reader.hot.cursor.position == consumer->reader.hot.released.position;
}

static inline bool consumer_holds_records(const mapring_consumer *consumer)
{
    return consumer->reader.hot.cursor.position != consumer->reader.hot.released.position;
}

#endif
