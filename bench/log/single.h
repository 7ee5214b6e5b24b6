/* SPDX-License-Identifier: MIT */
/* What single calls of a log cost: the first one of each place, and those below the level. */
#ifndef BENCH_LOG_SINGLE_H
#define BENCH_LOG_SINGLE_H

#include <stdbool.h>

struct log_single {
    double first_p50, first_most; /* ns of a place's first call, in a thread that has logged */
    double disabled, empty; /* ns of a turn of a loop, with a call below the level and without */
};

/* Measures them with a log NAME, which is removed. False: prints why. */
bool log_single_measure(const char *name, unsigned cpu, struct log_single *single);

#endif
