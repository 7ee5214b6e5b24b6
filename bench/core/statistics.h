/* SPDX-License-Identifier: MIT */
/* Median and spread of slices. */
#ifndef BENCH_STATISTICS_H
#define BENCH_STATISTICS_H

#include <stddef.h>

struct spread {
    double least, quarter, median, three_quarters, most;
};

/* All fields are 0 if there are no values. */
struct spread spread_of(const double *values, size_t count);

#endif
