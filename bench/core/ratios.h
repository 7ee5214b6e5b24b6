/* SPDX-License-Identifier: MIT */
/* The performance targets: the ratio of each case to its reference in the same run. */
#ifndef BENCH_RATIOS_H
#define BENCH_RATIOS_H

#include "cases.h"

struct ratio {
    const char *name;
    const char *meaning;
    enum case_group group;
    const char *transport;
    uint32_t bytes;
    const char *note;
    const char *reference;    /* NULL: the target applies to the value itself */
    uint32_t reference_bytes; /* 0: any */
    const char *reference_note;
    unsigned cpus; /* how many it needs; 0: two */
    bool at_least; /* otherwise at most */
    double target;
};

extern const struct ratio ratios[];
extern const size_t ratio_count;

/* False: the run has no such case, or no slices in that placement. */
bool ratio_value(const struct bench_cases *cases, const struct ratio *ratio,
                 enum placement placement, double *value);

bool ratio_is_met(const struct ratio *ratio, double value);

#endif
