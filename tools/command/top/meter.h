/* SPDX-License-Identifier: MIT */
/* How fast two counters grow, over the last second or, if they are looked at less often, since the
 * look before: so that the numbers stay calm at ten looks a second. */
#ifndef TOOLS_TOP_METER_H
#define TOOLS_TOP_METER_H

#include <stdint.h>

#include "command/stat_table.h"

enum { METER_POINTS = 16 };

struct meter {
    struct meter_point {
        int64_t ns;
        uint64_t records, bytes;
    } point[METER_POINTS];
    unsigned count; /* of all points that there were */
};

/* Counters that went back begin anew. */
void meter_add(struct meter *meter, int64_t ns, uint64_t records, uint64_t bytes);

/* interval_ns is 0 before the second point. */
struct stat_rate meter_rate(const struct meter *meter);

#endif
