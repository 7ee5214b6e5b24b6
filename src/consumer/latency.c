/* SPDX-License-Identifier: MIT */
/* Which records are noted: the first one after a wait tells how long a wake-up takes, and one in 64
 * of the others how far behind the consumer is. What was committed before it attached would only
 * tell how late it was started. */
#include "consumer/latency.h"

#include "counter.h"
#include "platform.h"
#include "ring/clock.h"
#include "ring/latency.h"

enum { ONE_IN = 64 };

void consumer_latency_clear(const struct ring *ring, unsigned cell)
{
    struct ring_latency *histogram = &ring->cells->latency[cell];
    if (!record_has_times(ring->hot))
        return;
    store_relaxed(&histogram->samples, 0);
    store_relaxed(&histogram->longest_ns, 0);
    for (unsigned i = 0; i < LATENCY_BUCKET_COUNT; i++)
        store_relaxed(&histogram->bucket[i], 0);
}

void consumer_latency_begin(mapring_consumer *consumer)
{
    if (!record_has_times(consumer->reader.ring.hot))
        return;
    consumer->latency.clock = ring_repeats(&consumer->reader.ring) ? CLOCK_TIME : counter_clock();
    consumer->latency.since_ns = platform_wall_clock_ns();
}

/* Older samples then weigh half as much as newer ones, and the proportions stay. */
static void halve(struct ring_latency *histogram)
{
    for (unsigned i = 0; i < LATENCY_BUCKET_COUNT; i++)
        store_relaxed(&histogram->bucket[i], load_relaxed(&histogram->bucket[i]) / 2);
}

static void count(struct ring_latency *histogram, uint64_t ns)
{
    shared_u32 *bucket = &histogram->bucket[latency_bucket(ns)];
    if (load_relaxed(bucket) == UINT32_MAX)
        halve(histogram);
    store_relaxed(bucket, load_relaxed(bucket) + 1);
    store_relaxed(&histogram->samples, load_relaxed(&histogram->samples) + 1);
    if (ns > load_relaxed(&histogram->longest_ns))
        store_relaxed(&histogram->longest_ns, ns);
}

/* In a ring that repeats another one, the time that a record took includes its way here. */
static uint64_t now_by(enum record_clock clock)
{
    return clock == CLOCK_TIME ? platform_wall_clock_ns() : counter_now(clock);
}

/* Both times come from the same clock point, so that no correction between two points counts as
 * latency. */
void consumer_latency_note(mapring_consumer *consumer, const struct mapring_record *record)
{
    struct consumer_latency *latency = &consumer->latency;
    const struct clock_point *point = &consumer->reader.clock.point;
    if (!latency->waited && record->sequence % ONE_IN != 0)
        return;
    latency->waited = false;
    if (record->time_ns <= latency->since_ns || point->clock != (uint32_t)latency->clock)
        return;
    uint64_t now = clock_time(point, now_by(latency->clock));
    count(&consumer->reader.ring.cells->latency[consumer->cell],
          now > record->time_ns ? now - record->time_ns : 0);
}
