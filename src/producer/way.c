/* SPDX-License-Identifier: MIT */
#include "producer/way.h"

#include "stream.h"

/* How many steps one way is used before another one is tried for one step. A way that is much
 * slower is tried more rarely. */
enum { TRY_STEPS = 32, TRY_SLOW_STEPS = 128 };

static enum way cheapest_way(const struct ways *ways)
{
    enum way best = WAY_DIRECT;
    for (enum way way = WAY_STAGED; way < WAYS; way++)
        if (ways->cost[way] && ways->cost[way] < ways->cost[best])
            best = way;
    return best;
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

static void try_another_way(struct ways *ways)
{
    enum way best = ways->now;
    do
        ways->tried = (ways->tried + 1) % (CAN_STREAM ? WAYS : WAY_STREAMED);
    while (ways->tried == best);
    ways->now = ways->tried;
    bool slow = ways->cost[ways->now] / 3 > ways->cost[best] / 2;
    ways->steps = slow ? TRY_SLOW_STEPS : TRY_STEPS;
}

void ways_step(struct ways *ways, uint64_t end, uint64_t ns, bool idle)
{
    uint64_t bytes = end - ways->begin;
    bool counts = !idle && !ways->waited && ways->batch_bytes > bytes - bytes / 8;
    if (counts)
        learn_cost(ways, ns, bytes);
    ways->now = cheapest_way(ways);
    if (counts && ways->steps-- == 0)
        try_another_way(ways);
    ways->begin = end;
    ways->batch_bytes = 0;
    ways->waited = false;
}
