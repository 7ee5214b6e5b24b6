/* SPDX-License-Identifier: MIT */
/*
 * What the machine itself can do: hand over one cache line. This is a limit to compare with, not
 * a queue.
 */
#include <stdlib.h>
#include <string.h>

#include "loops.h"
#include "references.h"

/* ---- One line: a flag with the payload beside it ---- */

struct line_lane {
    struct lonely_word *flag;
    uint64_t turn;
};

static void *line_open(const struct channel *channel, struct result *result)
{
    (void)result;
    struct line_lane *lane = calloc(1, sizeof *lane);
    if (lane)
        lane->flag = (struct lonely_word *)(void *)channel->area;
    return lane;
}

static void *line_reserve(void *lane, size_t bytes)
{
    (void)bytes;
    return &((struct line_lane *)lane)->flag->value + 1;
}

static void line_commit(void *context, size_t bytes)
{
    struct line_lane *lane = context;
    (void)bytes;
    word_set(&lane->flag->value, ++lane->turn);
}

static void no_flush(void *lane)
{
    (void)lane;
}

static const void *line_next(void *context, size_t bytes)
{
    struct line_lane *lane = context;
    (void)bytes;
    if (!word_await(&lane->flag->value, lane->turn))
        return NULL;
    lane->turn++;
    return &lane->flag->value + 1;
}

static void line_release(void *lane)
{
    (void)lane;
}

static const struct lane_ops line_ops = {line_reserve, line_commit, no_flush, line_next,
                                         line_release};
BENCH_LOOPS(line, line_ops)

const struct transport transport_line = {.name = "raw-line",
                                         .title = "raw line",
                                         .what = "one cache line with a flag and the payload in "
                                                 "it, handed to and fro",
                                         .one_at_most = true,
                                         .open_writer = line_open,
                                         .open_reader = line_open,
                                         .close_writer = free,
                                         .close_reader = free,
                                         .loops = line_loops};
