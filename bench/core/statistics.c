/* SPDX-License-Identifier: MIT */
/* Median and spread of slices. */
#include "statistics.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Interpolates between two values. */
static double at(const double *sorted, size_t count, double share)
{
    double place = share * (double)(count - 1);
    size_t low = (size_t)place, high = low + 1 < count ? low + 1 : low;
    return sorted[low] + (place - (double)low) * (sorted[high] - sorted[low]);
}

struct spread spread_of(const double *values, size_t count)
{
    struct spread spread = {0, 0, 0, 0, 0};
    double *sorted = count > 0 ? malloc(count * sizeof *sorted) : NULL;
    if (!sorted)
        return spread;
    memcpy(sorted, values, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare);
    spread = (struct spread){sorted[0], at(sorted, count, 0.25), at(sorted, count, 0.5),
                             at(sorted, count, 0.75), sorted[count - 1]};
    free(sorted);
    return spread;
}
