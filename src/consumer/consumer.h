/* SPDX-License-Identifier: MIT */
/* The consumer's private state, shared between its hot path, its waiting, and its joining. */
#ifndef MAPRING_CONSUMER_H
#define MAPRING_CONSUMER_H

#include "reader/reader.h"

/* What a sleeping consumer waits for. */
struct consumer_watch {
    const struct ring *ring;
    unsigned cell;
    uint64_t position;     /* a record here, */
    uint64_t wake_bytes;   /* and then so much behind it ... */
    int64_t wake_delay_ns; /* ... or so much time; 0: the record is enough */
    uint32_t told;         /* or the end of a later run than this one, */
    uint32_t run;          /* or another producer than this one */
    int64_t settles_ns;    /* when what was stored before its bit was set has arrived; 0: it has */
    /* Of an armed handle: */
    const struct notifier *notifier;
    uint64_t tail; /* when it was armed */
    int64_t until; /* how long it gathers; 0: nothing has come yet */
};

/* How a consumer that is faster than its producer keeps away from it. */
enum { PATIENCE_LEAST = 8, PATIENCE_MOST = 4096 };
struct distance {
    unsigned looks;    /* at an empty place, before the record that came */
    unsigned streak;   /* of records that came at once */
    unsigned patience; /* how long a streak must be */
    bool kept;
    uint64_t since; /* where it paused last */
};

struct mapring_consumer {
    struct reader reader;
    uint64_t first_sequence;  /* where its ledger begins */
    struct distance distance; /* from the producer */
    unsigned cell;
    bool durable;
    bool placed;                 /* it has a place, from which on all is kept for it */
    struct ring_place lapsed_to; /* where it goes on after its lapse */
    struct consumer_watch watch;
    struct notifier *notifier; /* behind mapring_consumer_wait_handle(), or NULL */
};

static_assert(offsetof(struct mapring_consumer, reader.hot) == 0,
              "inlined functions expect it there");

static inline bool consumer_holds_records(const mapring_consumer *consumer)
{
    return consumer->reader.hot.cursor.position != consumer->reader.hot.released.position;
}

#endif
