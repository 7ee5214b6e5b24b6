/* SPDX-License-Identifier: MIT */
/* The placement probe: how long one cache line takes from one CPU to the other. */
#include <stdlib.h>

#include "clock.h"
#include "session.h"

/* Takes the lower quartile of many short runs, so that interrupted ones do not count. */
enum { RUNS = 24, ROUND_TRIPS = 60, QUARTILE = RUNS / 4 };

const char *const placement_names[PLACEMENT_COUNT] = {"S", "N", "X"};
const char *const placement_meanings[PLACEMENT_COUNT] = {"siblings of one core",
                                                         "cores that share a cache", "cores apart"};

/* Limits for one line, one way, in ns. */
static const double siblings_below = 45, near_below = 95;

/* No line is faster: the two sides were out of step after one of them had been interrupted. */
static const double fastest = 5;

/* Two probes agree if they differ by less than this factor. */
static const double like = 1.25;

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static bool round_trips(struct meeting *meeting, unsigned number, uint64_t *turn)
{
    uint64_t *mine = &meeting->probe[number].value, *other = &meeting->probe[!number].value;
    for (int i = 0; i < ROUND_TRIPS; ++i, ++*turn) {
        if (number == 0)
            word_set(mine, *turn + 1);
        if (!word_await(other, *turn))
            return false;
        if (number != 0)
            word_set(mine, *turn + 1);
    }
    return true;
}

double probe_run(struct meeting *meeting, unsigned number)
{
    double took[RUNS] = {0};
    uint64_t turn = word_get(&meeting->probe[number].value);
    for (int run = 0; run < RUNS; run++) {
        uint64_t begin = clock_ticks();
        if (!round_trips(meeting, number, &turn))
            return 0;
        took[run] = (double)(clock_ticks() - begin) / (2 * ROUND_TRIPS);
    }
    qsort(took, RUNS, sizeof *took, compare);
    return took[QUARTILE] / clock_ticks_per_ns();
}

static enum placement placement_of(double ns)
{
    return ns < siblings_below ? PLACED_SIBLINGS : ns < near_below ? PLACED_NEAR : PLACED_FAR;
}

bool outcome_placement(const struct outcome *outcome, enum placement *placement)
{
    double low = outcome->probe_ns[0], high = outcome->probe_ns[1];
    if (low > high) {
        low = outcome->probe_ns[1];
        high = outcome->probe_ns[0];
    }
    *placement = placement_of(low);
    return low > fastest && high < like * low;
}
