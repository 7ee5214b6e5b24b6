/* SPDX-License-Identifier: MIT */
/*
 * The baseline: a plain ring of fixed-size slots, like any queue template. Each index has cache
 * lines of its own, and each side keeps a copy of the other one's index, which it refreshes only
 * when the ring seems full or empty. No lengths, no names, no sleeping, and only one reader.
 */
#include <stdlib.h>

#include "loops.h"
#include "references.h"

enum { INDICES_BYTES = 65536 };

struct baseline_lane {
    struct lonely_word *tail, *head;
    unsigned char *slots;
    uint64_t slot_bytes, mask, batch;
    uint64_t own, other; /* this side's index, and the other side's as last read */
    uint64_t shown;      /* in batches: this side's index as the other side knows it */
};

static void *baseline_open(const struct channel *channel, struct result *result)
{
    (void)result;
    struct baseline_lane *lane = calloc(1, sizeof *lane);
    if (!lane)
        return NULL;
    lane->tail = (struct lonely_word *)(void *)channel->area;
    lane->head = lane->tail + 1;
    lane->slots = channel->area + INDICES_BYTES;
    lane->slot_bytes = channel->job->bytes;
    uint64_t count = 1;
    while (2 * count * lane->slot_bytes <= channel->job->capacity_bytes)
        count *= 2;
    lane->mask = count - 1;
    lane->batch = job_batch(channel->job);
    return lane;
}

static inline unsigned char *slot(const struct baseline_lane *lane)
{
    return lane->slots + (lane->own & lane->mask) * lane->slot_bytes;
}

static inline void *baseline_reserve(void *context, size_t bytes)
{
    struct baseline_lane *lane = context;
    (void)bytes;
    if (lane->own - lane->other > lane->mask) {
        if (!word_await(&lane->head->value, lane->other))
            return NULL;
        lane->other = word_get(&lane->head->value);
    }
    return slot(lane);
}

static inline void baseline_commit(void *context, size_t bytes)
{
    struct baseline_lane *lane = context;
    (void)bytes;
    word_set(&lane->tail->value, ++lane->own);
}

static inline void baseline_flush(void *lane)
{
    (void)lane;
}

static inline const void *baseline_next(void *context, size_t bytes)
{
    struct baseline_lane *lane = context;
    (void)bytes;
    if (lane->own == lane->other) {
        if (!word_await(&lane->tail->value, lane->other))
            return NULL;
        lane->other = word_get(&lane->tail->value);
    }
    return slot(lane);
}

static inline void baseline_release(void *context)
{
    struct baseline_lane *lane = context;
    word_set(&lane->head->value, ++lane->own);
}

static const struct lane_ops baseline_ops = {baseline_reserve, baseline_commit, baseline_flush,
                                             baseline_next, baseline_release};
BENCH_LOOPS(baseline, baseline_ops)

const struct transport transport_baseline = {.name = "baseline",
                                             .title = "baseline ring",
                                             .what = "a plain ring of fixed slots: no lengths, "
                                                     "no sleeping, only one reader",
                                             .open_writer = baseline_open,
                                             .open_reader = baseline_open,
                                             .close_writer = free,
                                             .close_reader = free,
                                             .loops = baseline_loops};

/* ---- In batches: the other side is shown this side's index once per batch ---- */

static inline void show(struct baseline_lane *lane, struct lonely_word *index)
{
    lane->shown = lane->own;
    word_set(&index->value, lane->own);
}

static inline void batch_flush(void *context)
{
    struct baseline_lane *lane = context;
    if (lane->own != lane->shown)
        show(lane, lane->tail);
}

static inline void batch_commit(void *context, size_t bytes)
{
    struct baseline_lane *lane = context;
    (void)bytes;
    if (++lane->own - lane->shown == lane->batch)
        show(lane, lane->tail);
}

/* Gives back what it has read when that is a batch, or all that there is. */
static inline void batch_release(void *context)
{
    struct baseline_lane *lane = context;
    if (++lane->own - lane->shown == lane->batch || lane->own == lane->other)
        show(lane, lane->head);
}

static const struct lane_ops batch_ops = {baseline_reserve, batch_commit, batch_flush,
                                          baseline_next, batch_release};
BENCH_LOOPS(baseline_batch, batch_ops)

const struct transport transport_baseline_batch = {.name = "baseline-batch",
                                                   .title = "baseline ring, batches of 32",
                                                   .single = &transport_baseline,
                                                   .open_writer = baseline_open,
                                                   .open_reader = baseline_open,
                                                   .close_writer = free,
                                                   .close_reader = free,
                                                   .loops = baseline_batch_loops};
