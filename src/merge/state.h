/* SPDX-License-Identifier: MIT */
/* The private state of a merge. */
#ifndef MAPRING_MERGE_STATE_H
#define MAPRING_MERGE_STATE_H

#include "event/notifier.h"
#include "merge/lane.h"
#include "merge/order.h"

/* A name or a pattern that was added. */
struct wanted {
    char *text;
    bool is_pattern;
    bool found; /* a ring of that name has been read */
};

struct mapring_merge {
    struct mapring_merge_options options;
    char consumer_name[MAPRING_NAME_BYTES];
    struct order order; /* of the lanes: all rings, those that were left out included */
    struct wanted *wanted;
    size_t wanted_count;
    struct lane *served;    /* whose item was handed out last, and is still valid */
    int64_t clock_ns;       /* from the monotonic clock to nanoseconds since 1970 */
    int64_t now_ns;         /* when the lanes that show nothing were looked at last */
    int64_t next_search_ns; /* for rings that have appeared, by the monotonic clock */
    unsigned since_look;    /* items handed out since then */
    mapring_handle ready;   /* set when something may be there */
    uint64_t process;       /* that has opened it */
    int (*check_ring)(const struct ring *ring); /* what else is asked of each ring, or NULL */
    /* Of an event loop: */
    struct notifier *notifier;
    mapring_handle nudge; /* ends a sleep of its thread */
    int64_t until_ns;     /* when it is to be told in any case, by the monotonic clock */
};

static inline struct lane *lane_of(struct order_lane *lane)
{
    return (struct lane *)(void *)lane;
}

static inline struct lane *merge_lane(const mapring_merge *merge, size_t i)
{
    return lane_of(merge->order.lanes[i]);
}

/* Whether nobody tells when something comes: of an observer, or a consumer without a thread. */
static inline bool lane_is_polled(const struct lane *lane)
{
    return lane->observer || (lane->consumer && !lane->consumer->notifier);
}

/* Whether the lane has a ring, and nothing of it to hand out. */
static inline bool lane_is_watched(const struct lane *lane)
{
    return !lane->over && !lane->order.shows;
}

/* Checks the arguments of a call: a merge, and a place for its result. */
int merge_check(const mapring_merge *merge, const void *out);

/* Whether this is a child of the process that has opened its rings. */
bool merge_is_forked(const mapring_merge *merge);

/* Nanoseconds since 1970, by a clock that nobody sets. */
int64_t merge_now(const mapring_merge *merge);

#endif
