/* SPDX-License-Identifier: MIT */
/* A histogram with logarithmic buckets: any percentile to within 1.6 %, in constant memory. */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

/* Each power of two is divided into 64 buckets. */
enum { HISTOGRAM_BITS = 6, HISTOGRAM_BUCKETS = (64 - HISTOGRAM_BITS + 1) << HISTOGRAM_BITS };

struct histogram {
    uint64_t count;
    uint64_t max;
    uint64_t bucket[HISTOGRAM_BUCKETS];
};

static inline size_t histogram_index(uint64_t value)
{
    if (value < UINT64_C(1) << HISTOGRAM_BITS)
        return (size_t)value;
    unsigned shift = 63 - (unsigned)__builtin_clzll(value) - HISTOGRAM_BITS;
    return ((size_t)shift << HISTOGRAM_BITS) + (size_t)(value >> shift);
}

static inline void histogram_add(struct histogram *histogram, uint64_t value)
{
    histogram->count++;
    ++histogram->bucket[histogram_index(value)];
    if (value > histogram->max)
        histogram->max = value;
}

#ifdef __cplusplus
extern "C" {
#endif

void histogram_merge(struct histogram *sum, const struct histogram *part);

/* The value below which the share `share` (0 to 1) of all values lies; 0 if there are none. */
double histogram_percentile(const struct histogram *histogram, double share);

/* The mean without the lowest and the highest twentieth: nearly as robust as the median, and with a
 * finer resolution if the clock advances in steps. */
double histogram_middle(const struct histogram *histogram);

#ifdef __cplusplus
}
#endif

#endif
