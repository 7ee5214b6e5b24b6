/* SPDX-License-Identifier: MIT */
#include "producer/way.h"

#include "stream.h"

/* How many steps one way is used before the other one is tried for one step. A way that is much
 * slower is tried more rarely. */
enum { TRY_STEPS = 32, TRY_SLOW_STEPS = 128 };

static enum way cheaper_way(const struct ways *ways)
{
    uint64_t direct = ways->cost[WAY_DIRECT], streamed = ways->cost[WAY_STREAMED];
    return streamed && streamed < direct ? WAY_STREAMED : WAY_DIRECT;
}

/* An interruption makes one step slow, and must not spoil what is known. */
static void learn_cost(struct ways *ways, uint64_t ns, uint64_t bytes)
{
    uint64_t cost = ns * 1000 / bytes + 1;
    uint64_t known = ways->cost[ways->now];
    if (!known)
        known = cost;
    if (cost > 2 * known)
        cost = 2 * known;
    ways->cost[ways->now] = (3 * known + cost) / 4;
}

static void try_other_way(struct ways *ways)
{
    enum way better = ways->now, other = better == WAY_DIRECT ? WAY_STREAMED : WAY_DIRECT;
    bool slow = ways->cost[other] / 3 > ways->cost[better] / 2;
    ways->steps = slow ? TRY_SLOW_STEPS : TRY_STEPS;
    ways->now = other;
}

void ways_step(struct ways *ways, uint64_t end, uint64_t ns, bool idle)
{
    uint64_t bytes = end - ways->begin;
    bool counts = !idle && !ways->waited && ways->batch_bytes > bytes - bytes / 8;
    if (counts)
        learn_cost(ways, ns, bytes);
    ways->now = cheaper_way(ways);
    if (counts && CAN_STREAM && ways->steps-- == 0)
        try_other_way(ways);
    ways->begin = end;
    ways->batch_bytes = 0;
    ways->waited = false;
}
