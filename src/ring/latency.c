/* SPDX-License-Identifier: MIT */
/* Eight buckets for each power of two, so that no time is off by more than an eighth. The counts in
 * a ring may be anything: 240 of 32 bits do not overflow a sum. */
#include "ring/latency.h"

enum { FIRST_BITS = 4, STEP_BITS = 3, STEPS = 1 << STEP_BITS };
static_assert(LATENCY_BUCKET_COUNT == MAPRING_LATENCY_BUCKETS, "the public structure has all");

unsigned latency_bucket(uint64_t ns)
{
    if (ns < UINT64_C(1) << FIRST_BITS)
        return 0;
    unsigned bits = 63 - (unsigned)__builtin_clzll(ns);
    unsigned step = (unsigned)(ns >> (bits - STEP_BITS)) % STEPS;
    unsigned bucket = (bits - FIRST_BITS) * STEPS + step;
    return bucket < LATENCY_BUCKET_COUNT ? bucket : LATENCY_BUCKET_COUNT - 1;
}

uint64_t latency_bound(unsigned bucket)
{
    unsigned next = bucket + 1;
    if (next >= LATENCY_BUCKET_COUNT)
        return UINT64_MAX;
    return (uint64_t)(STEPS + next % STEPS) << (next / STEPS + FIRST_BITS - STEP_BITS);
}

void latency_read(const struct ring_latency *from, struct mapring_latency *latency)
{
    *latency = (struct mapring_latency){.samples = load_relaxed(&from->samples),
                                        .longest_ns = load_relaxed(&from->longest_ns)};
    for (unsigned i = 0; i < LATENCY_BUCKET_COUNT; i++) {
        latency->bound_ns[i] = latency_bound(i);
        latency->count[i] = load_relaxed(&from->bucket[i]);
    }
}

uint64_t latency_percentile(const struct mapring_latency *latency, unsigned thousandths)
{
    uint64_t all = 0, reached = 0;
    unsigned i = 0;
    for (unsigned k = 0; k < LATENCY_BUCKET_COUNT; k++)
        all += latency->count[k];
    if (all == 0)
        return 0;
    uint64_t wanted = (all * thousandths + 999) / 1000;
    while ((reached += latency->count[i]) < wanted)
        i++;
    uint64_t bound = latency->bound_ns[i];
    return bound < latency->longest_ns ? bound : latency->longest_ns;
}
