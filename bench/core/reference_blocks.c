/* SPDX-License-Identifier: MIT */
/*
 * Large blocks handed over: memcpy into the next block of a ring, then one flag. And memcpy
 * alone: the same blocks to the same place, with no reader.
 */
#include <stdlib.h>
#include <string.h>

#include "loops.h"
#include "references.h"

enum { FLAGS_BYTES = 65536, BLOCK_LIMIT = FLAGS_BYTES / LINE_PAIR_BYTES - 1 };

struct blocks_lane {
    struct lonely_word *taken; /* number of blocks that the reader has released */
    struct lonely_word *flag;  /* one per block: how often it was filled */
    unsigned char *blocks;
    unsigned char *source;
    uint64_t count, turn, taken_seen;
};

static void *blocks_open(const struct channel *channel, struct result *result)
{
    (void)result;
    size_t bytes = channel->job->bytes;
    struct blocks_lane *lane = calloc(1, sizeof *lane + bytes);
    if (!lane)
        return NULL;
    lane->taken = (struct lonely_word *)(void *)channel->area;
    lane->flag = lane->taken + 1;
    lane->blocks = channel->area + FLAGS_BYTES;
    lane->source = (unsigned char *)(lane + 1);
    lane->count = channel->job->capacity_bytes / bytes;
    if (lane->count > BLOCK_LIMIT)
        lane->count = BLOCK_LIMIT;
    return lane;
}

static void *blocks_reserve(void *context, size_t bytes)
{
    struct blocks_lane *lane = context;
    (void)bytes;
    while (lane->turn - lane->taken_seen == lane->count) {
        if (!word_await(&lane->taken->value, lane->taken_seen))
            return NULL;
        lane->taken_seen = word_get(&lane->taken->value);
    }
    return lane->source;
}

static void blocks_commit(void *context, size_t bytes)
{
    struct blocks_lane *lane = context;
    uint64_t place = lane->turn % lane->count, lap = lane->turn / lane->count;
    memcpy(lane->blocks + place * bytes, lane->source, bytes);
    word_set(&lane->flag[place].value, lap + 1);
    lane->turn++;
}

static void no_flush(void *lane)
{
    (void)lane;
}

static const void *blocks_next(void *context, size_t bytes)
{
    struct blocks_lane *lane = context;
    uint64_t place = lane->turn % lane->count, lap = lane->turn / lane->count;
    if (!word_await(&lane->flag[place].value, lap))
        return NULL;
    return lane->blocks + place * bytes;
}

static void blocks_release(void *context)
{
    struct blocks_lane *lane = context;
    word_set(&lane->taken->value, ++lane->turn);
}

static const struct lane_ops blocks_ops = {blocks_reserve, blocks_commit, no_flush, blocks_next,
                                           blocks_release};
BENCH_LOOPS(blocks, blocks_ops)

const struct transport transport_blocks = {.name = "raw-blocks",
                                           .title = "raw blocks",
                                           .what = "payloads copied by memcpy into a ring of "
                                                   "blocks, each with a flag",
                                           .open_writer = blocks_open,
                                           .open_reader = blocks_open,
                                           .close_writer = free,
                                           .close_reader = free,
                                           .loops = blocks_loops};

static void copy_alone(void *context, const struct job *job, struct result *result)
{
    struct blocks_lane *lane = context;
    uint64_t begin = clock_ticks(), now;
    do {
        blocks_commit(lane, job->bytes);
        result->records++;
        now = clock_ticks();
    } while (now - begin < job->slice_ticks);
    result->ticks = now - begin;
}

static void read_nothing(void *lane, const struct job *job, struct result *result)
{
    (void)lane;
    (void)job;
    (void)result;
}

static const struct loops *copy_loops(const struct job *job)
{
    static const struct loops table = {.stream_out = copy_alone, .stream_in = read_nothing};
    (void)job;
    return &table;
}

const struct transport transport_memcpy = {.name = "raw-memcpy",
                                           .title = "raw memcpy",
                                           .what = "the same copies with nobody reading",
                                           .open_writer = blocks_open,
                                           .open_reader = blocks_open,
                                           .close_writer = free,
                                           .close_reader = free,
                                           .loops = copy_loops};
