/* SPDX-License-Identifier: MIT */
/* How fast two counters grow. */
#include "meter.h"

#define WINDOW_NS INT64_C(950000000) /* a second, by a clock that looks a little early */

static const struct meter_point *point_at(const struct meter *meter, unsigned number)
{
    return &meter->point[number % METER_POINTS];
}

void meter_add(struct meter *meter, int64_t ns, uint64_t records, uint64_t bytes)
{
    if (meter->count > 0) {
        const struct meter_point *last = point_at(meter, meter->count - 1);
        if (records < last->records || bytes < last->bytes)
            meter->count = 0;
    }
    meter->point[meter->count++ % METER_POINTS] = (struct meter_point){ns, records, bytes};
}

struct stat_rate meter_rate(const struct meter *meter)
{
    struct stat_rate rate = {0};
    if (meter->count < 2)
        return rate;
    const struct meter_point *last = point_at(meter, meter->count - 1), *first = last;
    unsigned kept = meter->count < METER_POINTS ? meter->count : METER_POINTS;
    for (unsigned i = 2; i <= kept && last->ns - first->ns < WINDOW_NS; i++)
        first = point_at(meter, meter->count - i);
    rate.interval_ns = (uint64_t)(last->ns - first->ns);
    rate.records = last->records - first->records;
    rate.payload_bytes = last->bytes - first->bytes;
    return rate;
}
