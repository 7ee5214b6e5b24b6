/* SPDX-License-Identifier: MIT */
/* The length of a clock tick, and the cost of reading the clock. */
#include "clock.h"

enum { CALIBRATION_NS = 20000000, OVERHEAD_LOOKS = 20000, INTERRUPTED_TICKS = 1000 };

double clock_ticks_per_ns(void)
{
    static double known;
    if (known == 0) {
        int64_t begin_ns = os_now_ns(), now_ns;
        uint64_t begin = clock_ticks();
        do
            now_ns = os_now_ns();
        while (now_ns - begin_ns < CALIBRATION_NS);
        known = (double)(clock_ticks() - begin) / (double)(now_ns - begin_ns);
    }
    return known;
}

double clock_overhead(void)
{
    static double known = -1;
    if (known >= 0)
        return known;
    uint64_t sum = 0, count = 0;
    for (int i = 0; i < OVERHEAD_LOOKS; i++) {
        uint64_t begin = clock_ticks_in_order(), taken = clock_ticks_in_order() - begin;
        sum += taken < INTERRUPTED_TICKS ? taken : 0;
        count += taken < INTERRUPTED_TICKS;
    }
    known = count > 0 ? (double)sum / (double)count : 0;
    return known;
}
