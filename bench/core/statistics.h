/* SPDX-License-Identifier: MIT */
/* Medians and spread of slices. */
#ifndef BENCH_STATISTICS_H
#define BENCH_STATISTICS_H

#include <stddef.h>

struct spread {
    double least, quarter, median, three_quarters, most;
};

/* All zero when there are no values. */
struct spread spread_of(const double *values, size_t count);

#endif
