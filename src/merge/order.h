/* SPDX-License-Identifier: MIT */
/*
 * The rule by which the records of several rings are merged. It knows neither rings nor clocks: who
 * uses it says what was seen, and when.
 *
 * Of the rings with times, the earliest record comes next, once every other such ring has shown a
 * record, or was seen empty when the record was older than the grace. What comes too late for that is
 * the earliest record from then on, so it comes next, and is counted. Rings without times take
 * turns, in the order in which their records were seen.
 */
#ifndef MAPRING_MERGE_ORDER_H
#define MAPRING_MERGE_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ORDER_NEVER INT64_MAX

/* What is known of one ring. Times are nanoseconds since 1970. */
struct order_lane {
    bool has_times;
    bool shows;        /* an item: a record, or anything else to be reported at its place */
    int64_t time_ns;   /* of the last item shown */
    uint64_t look;     /* the number of the look that showed it */
    int64_t empty_ns;  /* nothing was there at that time; 0: something has always been there */
    int64_t offset_ns; /* how far its times are ahead of those given to the functions below */
};

struct order {
    struct order_lane **lanes;
    size_t count, room;
    int64_t grace_ns;
    uint64_t looks;          /* that showed an item */
    int64_t latest_ns;       /* the latest time that was taken */
    uint64_t late;           /* records taken with an earlier time than one before */
    struct order_lane *line; /* the lane whose next record continues the last one taken, or NULL */
};

/* False: there is no memory. */
bool order_join(struct order *order, struct order_lane *lane);
void order_leave(struct order *order, const struct order_lane *lane);

/* A look at a lane that showed nothing showed an item of that time, or nothing again. `now_ns` is
 * read before a look that finds nothing, and after one that finds something; it never goes back. A
 * time of 0 is unknown: that of the item before. */
void order_saw_item(struct order *order, struct order_lane *lane, uint64_t time_ns, int64_t now_ns);
void order_saw_nothing(struct order_lane *lane, int64_t now_ns);

/* Returns the lane whose item comes next, or NULL. Then *due_ns is the time at which that has to be
 * asked again, after another look at the lanes that show nothing; or ORDER_NEVER. */
struct order_lane *order_choose(const struct order *order, int64_t *due_ns);

/* The lane's item is handed out. `is_record`: it is a record, which can be late and can be
 * `continued`. Returns whether it was late. */
bool order_take(struct order *order, struct order_lane *lane, bool is_record, bool continued);

#endif
