/* SPDX-License-Identifier: MIT */
/* The way in which a producer writes batches. Which one is fastest depends on the processor, on the
 * records and on where the readers run, so the producer measures it: see docs/decisions.md. */
#ifndef MAPRING_PRODUCER_WAY_H
#define MAPRING_PRODUCER_WAY_H

#include <stdbool.h>
#include <stdint.h>

enum way {
    WAY_DIRECT,   /* by plain stores, with lines fetched ahead */
    WAY_STREAMED, /* past the caches, by whole lines: see stream.h */
    WAYS
};

struct ways {
    enum way now;
    uint64_t cost[WAYS];  /* picoseconds a byte, or 0 if unknown */
    uint32_t steps;       /* until the other way is tried */
    uint64_t begin;       /* position at which this step began */
    uint64_t batch_bytes; /* how much of this step is batches */
    bool waited;          /* it contains a wait for room */
};

/* At the end of a step, which took `ns`: learns from it, unless it is `idle` or was not filled by
 * batches without a wait, and chooses the way for the next step. */
void ways_step(struct ways *ways, uint64_t end, uint64_t ns, bool idle);

#endif
