/* SPDX-License-Identifier: MIT */
/*
 * The clock of the benchmarks: the time stamp counter of the processor if it has one, which all
 * CPUs share and which takes some 10 ns to read; otherwise the clock of the system.
 */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#include "shared/os.h"
#ifdef __cplusplus
}
#endif

#if defined __x86_64__ || defined __i386__
static inline uint64_t clock_ticks(void)
{
    return __builtin_ia32_rdtsc();
}

/* Read after all earlier instructions and before all later ones. */
static inline uint64_t clock_ticks_in_order(void)
{
    __asm__ volatile("lfence" : : : "memory");
    uint64_t ticks = __builtin_ia32_rdtsc();
    __asm__ volatile("lfence" : : : "memory");
    return ticks;
}
#else
static inline uint64_t clock_ticks(void)
{
    return (uint64_t)os_now_ns();
}

static inline uint64_t clock_ticks_in_order(void)
{
    return clock_ticks();
}
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Measured once, against the system's clock for 20 ms. */
double clock_ticks_per_ns(void);

/* The average difference in ticks between two consecutive reads. The clock may advance in large
 * steps. */
double clock_overhead(void);

#ifdef __cplusplus
}
#endif

#endif
