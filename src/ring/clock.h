/* SPDX-License-Identifier: MIT */
/* Clock points: how the counters in the headers of records become times. */
#ifndef MAPRING_CLOCK_H
#define MAPRING_CLOCK_H

#include "ring/ring.h"

/* A private copy of a struct ring_clock_point. */
struct clock_point {
    uint64_t sequence;
    uint64_t counter;
    uint64_t ns;
    uint64_t rate;
    uint64_t uncertainty_ns;
    uint32_t clock;
};

/* Adds a point. For the producer only, before it commits the record with that sequence number. */
void clock_write(struct ring *ring, const struct clock_point *point);

/* Reads the newest point. False if there is none. */
bool clock_newest(const struct ring *ring, struct clock_point *point);

/* The number of points, from the newest back, that apply to records from that one on; at most
 * CLOCK_POINT_COUNT - 1. */
unsigned clock_points_since(const struct ring *ring, uint64_t sequence);

/* counts * rate / 2^32, or the largest number if it does not fit. */
uint64_t clock_ns(uint64_t counts, uint64_t rate);

/* The time that a point gives for a counter, within the range of the type. */
uint64_t clock_time(const struct clock_point *point, uint64_t counter);

/* The point that applies to the records which are being read, from the first up to `until`. */
struct clock_view {
    uint64_t made; /* number of points when it was looked up; 0: it was not */
    uint64_t from;
    uint64_t until;
    bool is_before;     /* the point is the oldest that is left, and these are before it */
    uint64_t latest_ns; /* the latest time given: times never go back */
    struct clock_point point;
};

/* The time of the record with that sequence number, or of something before it that has the counter.
 * 0 if it is unknown. */
uint64_t clock_view_time(const struct ring *ring, struct clock_view *view, uint64_t sequence,
                         uint64_t counter);

#endif
