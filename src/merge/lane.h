/* SPDX-License-Identifier: MIT */
/* One ring of a merge: a consumer or an observer of it, and the item that it shows next. */
#ifndef MAPRING_MERGE_LANE_H
#define MAPRING_MERGE_LANE_H

#include "consumer/consumer.h"
#include "mapring/merge.h"
#include "merge/order.h"

struct lane {
    struct order_lane order; /* first, so that a place in the order leads to the lane */
    char *name;
    mapring_consumer *consumer; /* one of these is open, unless the ring was left out */
    mapring_observer *observer;
    int result; /* the item: a record if MAPRING_OK, otherwise what else the reader returned */
    struct mapring_record record;
    struct mapring_error *error;  /* of an item that is a failure */
    struct mapring_cursor before; /* where the consumer's item begins */
    unsigned char *copy;          /* of the observer's record */
    size_t copy_bytes;
    bool ended;          /* nothing was shown since the end of a run */
    bool over;           /* the ring is not read, or no longer */
    uint64_t created_ns; /* when the ring was made, as far as it is known */
};

/* Makes a lane for a ring of that name. NULL: there is no memory, which was reported. */
struct lane *lane_new(const char *name);
void lane_free(struct lane *lane);

/* Opens the ring as the options say; `later`: it was not there when it was asked for. */
int lane_open(struct lane *lane, const struct mapring_merge_options *options, bool later);

/* Looks for the next item. False: nothing is there. */
bool lane_look(struct lane *lane);

/* Keeps this thread's last failure as the lane's item. */
void lane_keep_failure(struct lane *lane, int failure);

/* Closes the ring, which is not read any more. */
void lane_close(struct lane *lane);

/* Checks that what was handed out is good: if not, MAPRING_ERROR_EVICTED. */
int lane_check(struct lane *lane);

/* Releases what was handed out. */
void lane_release(struct lane *lane);

const struct reader *lane_reader(const struct lane *lane);

#endif
