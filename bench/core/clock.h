/* SPDX-License-Identifier: MIT */
/*
 * The clock of the benchmarks: the processor's own counter where it has one, which all CPUs share
 * and which costs some 10 ns to read; otherwise the system's.
 */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#include "command/os.h"
#ifdef __cplusplus
}
#endif

#if defined __x86_64__ || defined __i386__
static inline uint64_t clock_ticks(void)
{
    return __builtin_ia32_rdtsc();
}

/* After all instructions before it, and before those behind it. */
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

/* Measured once, by comparing with the system's clock for 20 ms. */
double clock_ticks_per_ns(void);

/* What reading the clock twice in a row gives, in ticks, on average: it may go in large steps. */
double clock_overhead(void);

#ifdef __cplusplus
}
#endif

#endif
