/* SPDX-License-Identifier: MIT */
/*
 * Between two clock points, times follow the counter at an even rate. The system's clock does not:
 * it is corrected, set, and stands still while the machine sleeps, or the counter does. So the
 * producer compares the two about once a second, and makes a new point when they have come too far
 * apart. Times go forward with the clock, but not back: then, they go on more slowly than it does.
 */
#include "producer/stamp.h"

#include "counter.h"
#include "platform.h"
#include "ring/clock.h"
#include "ring/kept.h"
#include "ring/walk.h"

enum {
    READINGS = 4, /* of both clocks, of which the closest is used */
    SPIN_NS = 1000000,
    LOOK_FIRST_NS = 10000000, /* ... and then less and less often */
    LOOK_LAST_NS = 1000000000,
    TOLERANCE_NS = 1000,
    CLOCK_STEP_NS = 100, /* in which the system's clock may advance */
    JUMP_NS = 10000,     /* a clock that is this much further off, */
    SLEW_PARTS = 2000,   /* or by this part of the time since, was set */
    PARTS_A_RATE = 1000000,
    CATCH_UP_PARTS = 500, /* of them: how much slower times go than the clock */
    POINTS_TO_SPARE = CLOCK_POINT_COUNT / 2,
    TOLERANCE_DOUBLINGS = 30,
};

/* Rates of counters between 1 kHz and 256 GHz. */
#define RATE_LEAST (UINT64_C(1) << 24)
#define RATE_MOST  (UINT64_C(1000000) << 32)

/* The counter and the system's clock at the same time, as nearly as that can be said. */
struct reading {
    uint64_t counter;
    uint64_t ns;
    uint64_t width; /* in counts: how long it took */
};

static uint64_t steady_ns(void)
{
    return (uint64_t)platform_now_ns();
}

static struct reading read_once(enum record_clock clock, uint64_t (*system_ns)(void))
{
    uint64_t before = counter_now(clock);
    uint64_t ns = system_ns();
    uint64_t width = counter_now(clock) - before;
    return (struct reading){before + width / 2, ns, width};
}

static struct reading read_clocks(enum record_clock clock, uint64_t (*system_ns)(void))
{
    struct reading best = read_once(clock, system_ns);
    for (int i = 1; i < READINGS; i++) {
        struct reading next = read_once(clock, system_ns);
        if (next.width <= best.width)
            best = next;
    }
    return best;
}

/* Nanoseconds per 2^32 counts, 0 if that is nonsense. */
static uint64_t rate_of(uint64_t ns, uint64_t counts)
{
    while ((ns | counts) >> 48 || ns >> 31) {
        ns >>= 1;
        counts >>= 1;
    }
    uint64_t rate = counts ? ((ns << 32) + counts / 2) / counts : 0;
    /* not covered: only a counter that stands still has such a rate */
    return rate >= RATE_LEAST && rate <= RATE_MOST ? rate : 0;
}

static uint64_t counts_of(uint64_t ns, uint64_t rate)
{
    return (ns << 32) / rate;
}

static uint64_t width_ns(const struct timing *timing, const struct reading *reading)
{
    return clock_ns(reading->width, timing->system_rate) + CLOCK_STEP_NS;
}

/* By the steady clock, which nobody sets. Until the clocks are compared for the first time, times
 * may be wrong by as much as the readings, times the interval in place of the spin. */
static void measure_rate(struct timing *timing)
{
    struct reading begin = read_clocks(timing->clock, steady_ns), end;
    do
        end = read_clocks(timing->clock, steady_ns);
    while (end.ns - begin.ns < SPIN_NS);
    uint64_t rate = rate_of(end.ns - begin.ns, end.counter - begin.counter);
    /* not covered: the counter stands still */
    timing->system_rate = rate ? rate : UINT64_C(1) << 32;
    timing->unsure_ns =
        (width_ns(timing, &begin) + width_ns(timing, &end)) * (LOOK_FIRST_NS / SPIN_NS);
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

static uint64_t expected_ns(const struct timing *timing, uint64_t counter)
{
    const struct clock_point system = {
        .counter = timing->system_counter, .ns = timing->system_ns, .rate = timing->system_rate};
    return clock_time(&system, counter);
}

/* Whether the system's clock was set, or the counter was. */
static bool has_jumped(const struct timing *timing, const struct reading *now)
{
    uint64_t since = distance(now->ns, timing->system_ns);
    return distance(now->ns, expected_ns(timing, now->counter)) > JUMP_NS + since / SLEW_PARTS;
}

/* The rate since the last agreement. After a jump, the first one is taken as it is. */
static void learn_rate(mapring_producer *producer, const struct reading *now)
{
    struct timing *timing = &producer->timing;
    uint64_t rate = rate_of(now->ns - timing->system_ns, now->counter - timing->system_counter);
    bool jumped = has_jumped(timing, now);
    /* not covered: after a jump, the counter goes at less than half the rate */
    if (rate && (!jumped || (timing->unsettled && rate / 2 <= timing->system_rate &&
                             timing->system_rate / 2 <= rate)))
        timing->system_rate = rate;
    timing->unsettled = jumped;
    if (jumped)
        producer->hot.counter_every = counts_of(LOOK_FIRST_NS, timing->system_rate);
}

static void agree(struct timing *timing, const struct reading *now)
{
    timing->system_counter = now->counter;
    timing->system_ns = now->ns;
}

/* How many points are there for the records that are kept: the fewer are left to replace, the more
 * seldom new ones are made. */
static uint64_t tolerance(const struct ring *ring)
{
    struct ring_place kept;
    unsigned needed = 0;
    /* not covered: the oldest record has no place, which only damage brings about */
    if (kept_read(ring, &kept))
        needed = clock_points_since(ring, kept.sequence);
    unsigned doublings = needed > POINTS_TO_SPARE ? (needed - POINTS_TO_SPARE) / 2 : 0;
    return (uint64_t)TOLERANCE_NS << (doublings < TOLERANCE_DOUBLINGS ? doublings
                                                                      : TOLERANCE_DOUBLINGS);
}

/* If times are ahead of the clock, it catches up within about a second, or slowly. */
static uint64_t rate_with_lead(uint64_t rate, uint64_t lead_ns)
{
    uint64_t parts = lead_ns / (LOOK_LAST_NS / PARTS_A_RATE);
    return rate - rate / PARTS_A_RATE * (parts < CATCH_UP_PARTS ? parts : CATCH_UP_PARTS);
}

/* Makes a point at the reading, for the record with that sequence number. */
static void make_point(mapring_producer *producer, const struct reading *now, uint64_t sequence)
{
    struct timing *timing = &producer->timing;
    uint64_t least_ns = clock_time(&timing->point, producer->hot.counter);
    uint64_t ns = now->ns > least_ns ? now->ns : least_ns;
    timing->tolerance_ns = tolerance(&producer->ring);
    timing->point = (struct clock_point){
        .sequence = sequence,
        .counter = now->counter,
        .ns = ns,
        .rate = rate_with_lead(timing->system_rate, ns - now->ns),
        /* Until it looks again, the clock may go on to differ by as much as it may when it looks. */
        .uncertainty_ns =
            ns - now->ns + timing->unsure_ns + 2 * timing->tolerance_ns + width_ns(timing, now),
        .clock = timing->clock,
    };
    producer->hot.counter = now->counter;
    timing->unsure_ns = 0;
    agree(timing, now);
    clock_write(&producer->ring, &timing->point);
}

/* Whether the times are behind the clock, or the clock does not go as expected. */
static bool needs_point(const struct timing *timing, const struct reading *now)
{
    uint64_t is = clock_time(&timing->point, now->counter);
    uint64_t limit = timing->tolerance_ns + width_ns(timing, now);
    return (now->ns > is && now->ns - is > limit) ||
           distance(now->ns, expected_ns(timing, now->counter)) > limit;
}

/* Returns the counter at which it has looked. */
static uint64_t compare_clocks(mapring_producer *producer, uint64_t sequence)
{
    struct timing *timing = &producer->timing;
    struct reading now = read_clocks(timing->clock, platform_wall_clock_ns);
    uint64_t limit = counts_of(LOOK_LAST_NS, timing->system_rate);
    producer->hot.counter_looked = now.counter;
    producer->hot.counter_every =
        producer->hot.counter_every < limit / 2 ? producer->hot.counter_every * 2 : limit;
    if (needs_point(timing, &now)) {
        learn_rate(producer, &now);
        make_point(producer, &now, sequence);
    }
    return now.counter;
}

static uint64_t later(mapring_producer *producer, uint64_t counter)
{
    if (ahead(counter, producer->hot.counter) > 0)
        producer->hot.counter = counter;
    return producer->hot.counter;
}

uint64_t stamp_now(mapring_producer *producer)
{
    return later(producer, counter_now(producer->timing.clock));
}

void producer_stamp(mapring_producer *producer, uint64_t sequence)
{
    struct timing *timing = &producer->timing;
    if (!record_has_times(&producer->hot.ring))
        return;
    uint64_t counter = counter_now(timing->clock);
    if (counter - producer->hot.counter_looked >= producer->hot.counter_every)
        counter = compare_clocks(producer, sequence);
    producer->counter = later(producer, counter);
}

/* The counter of the last record or note, 0 if there is none. If the tail does not tell it, because
 * a mark is right there, finds it from the oldest record on. */
static uint64_t last_counter(const struct ring *ring, const struct ring_place *tail)
{
    struct ring_place place;
    /* not covered: the ring is damaged, as in the statement after it */
    if (tail->counter || !kept_read(ring, &place))
        return tail->counter;
    /* not covered: see above */
    return walk(ring, &place, tail->position) == MAPRING_OK ? place.counter : 0;
}

/* Whether the point of an earlier producer is one that this one could have made. */
static bool adopt(struct timing *timing)
{
    const struct clock_point *point = &timing->point;
    struct reading now = read_clocks(timing->clock, platform_wall_clock_ns);
    timing->system_counter = point->counter;
    timing->system_ns = point->ns;
    timing->system_rate = point->rate;
    /* not covered: a hostile producer has made a point with such a rate */
    return point->clock == timing->clock && point->rate >= RATE_LEAST && point->rate <= RATE_MOST &&
           !has_jumped(timing, &now);
}

uint64_t stamp_repeated(mapring_producer *producer, uint64_t time_ns)
{
    return time_ns ? later(producer, time_ns) : 0;
}

/* The point is at the latest time, which no earlier record is after. */
void stamp_uncertainty(mapring_producer *producer, uint64_t sequence, uint64_t uncertainty_ns)
{
    struct clock_point *point = &producer->timing.point;
    if (point->rate && point->uncertainty_ns == uncertainty_ns)
        return;
    *point = (struct clock_point){.sequence = sequence,
                                  .counter = producer->hot.counter,
                                  .ns = producer->hot.counter,
                                  .rate = CLOCK_TIME_RATE,
                                  .uncertainty_ns = uncertainty_ns,
                                  .clock = CLOCK_TIME};
    clock_write(&producer->ring, point);
}

void stamp_begin(mapring_producer *producer, const struct ring_place *tail)
{
    struct timing *timing = &producer->timing;
    const struct ring *ring = &producer->ring;
    if (!record_has_times(&producer->hot.ring))
        return;
    bool found = clock_newest(ring, &timing->point);
    if (ring_repeats(ring)) {
        producer->hot.counter = last_counter(ring, tail);
        return;
    }
    timing->clock = counter_clock();
    timing->called = !counter_is_inlined(timing->clock);
    producer->hot.counter = timing->point.counter;
    if (ahead(tail->sequence, timing->point.sequence) > 0)
        (void)later(producer, last_counter(ring, tail));
    timing->tolerance_ns = tolerance(ring);
    if (found && adopt(timing)) {
        producer->hot.counter_every = counts_of(LOOK_FIRST_NS, timing->system_rate) / 2;
        compare_clocks(producer, producer->hot.sequence);
        return;
    }
    measure_rate(timing);
    producer->hot.counter_every = counts_of(LOOK_FIRST_NS, timing->system_rate);
    struct reading now = read_clocks(timing->clock, platform_wall_clock_ns);
    producer->hot.counter_looked = now.counter;
    make_point(producer, &now, producer->hot.sequence);
}
