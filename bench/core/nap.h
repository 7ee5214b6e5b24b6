/* SPDX-License-Identifier: MIT */
/* What a process uses while it waits. */
#ifndef BENCH_NAP_H
#define BENCH_NAP_H

#include "clock.h"
#include "job.h"
#include "os.h"

/* Keeps the longest wait: how long it was, and what the process used meanwhile. */
struct nap {
    int64_t begin_ns, cpu_ns;
    uint64_t switches;
};

static inline struct nap nap_begin(void)
{
    struct nap nap = {os_now_ns(), bench_cpu_ns(), bench_switches()};
    return nap;
}

static inline void nap_end(const struct nap *nap, struct result *result)
{
    uint64_t taken = (uint64_t)(os_now_ns() - nap->begin_ns);
    if (taken < result->idle_ns)
        return;
    result->idle_ns = taken;
    result->cpu_ns = (uint64_t)(bench_cpu_ns() - nap->cpu_ns);
    result->switches = bench_switches() - nap->switches;
}

#endif
