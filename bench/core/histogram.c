/* SPDX-License-Identifier: MIT */
/* Merges histograms, and reads percentiles from them. */
#include "histogram.h"

static const double left_out = 0.05; /* share left out at each end of the range */

void histogram_merge(struct histogram *sum, const struct histogram *part)
{
    sum->count += part->count;
    if (part->max > sum->max)
        sum->max = part->max;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        sum->bucket[i] += part->bucket[i];
}

/* The middle of a bucket's range. */
static double middle(size_t index)
{
    if (index < 2 << HISTOGRAM_BITS)
        return (double)index;
    unsigned shift = (unsigned)(index >> HISTOGRAM_BITS) - 1;
    uint64_t low = (uint64_t)(index - ((size_t)shift << HISTOGRAM_BITS)) << shift;
    return (double)low + (double)(UINT64_C(1) << shift) / 2;
}

double histogram_percentile(const struct histogram *histogram, double share)
{
    double wanted = share * (double)histogram->count;
    uint64_t seen = 0;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += histogram->bucket[i];
        if (seen > 0 && (double)seen >= wanted) {
            double value = middle(i);
            return value < (double)histogram->max ? value : (double)histogram->max;
        }
    }
    return (double)histogram->max;
}

/* How many of `count` values, which follow `before` smaller ones, lie in the middle. */
static double in_middle(double before, double count, double all)
{
    double low = before > all * left_out ? before : all * left_out;
    double high = all * (1 - left_out);
    if (before + count < high)
        high = before + count;
    return high > low ? high - low : 0;
}

double histogram_middle(const struct histogram *histogram)
{
    double all = (double)histogram->count, seen = 0, sum = 0;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS && all > 0; i++) {
        double count = (double)histogram->bucket[i];
        sum += in_middle(seen, count, all) * middle(i);
        seen += count;
    }
    return all > 0 ? sum / (all * (1 - 2 * left_out)) : 0;
}
