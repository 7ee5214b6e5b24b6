/* SPDX-License-Identifier: MIT */
#include "counter.h"

#include "platform.h"

#if defined __x86_64__

#include <cpuid.h>

#define POWER_MANAGEMENT 0x80000007u
#define INVARIANT_TSC    (1u << 8)

enum record_clock counter_clock(void)
{
    unsigned a, b, c, d;
    bool known = __get_cpuid(POWER_MANAGEMENT, &a, &b, &c, &d);
    /* not covered: it depends on the processor */
    return known && d & INVARIANT_TSC ? CLOCK_TSC : CLOCK_STEADY;
}

bool counter_is_inlined(enum record_clock clock)
{
    return clock == CLOCK_TSC;
}

uint64_t counter_now(enum record_clock clock)
{
    /* not covered: the processor has no such counter */
    return clock == CLOCK_TSC ? __builtin_ia32_rdtsc() : (uint64_t)platform_now_ns();
}

#elif defined __aarch64__

enum record_clock counter_clock(void)
{
    return CLOCK_CNTVCT;
}

bool counter_is_inlined(enum record_clock clock)
{
    (void)clock;
    return false;
}

uint64_t counter_now(enum record_clock clock)
{
    uint64_t counter;
    (void)clock;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(counter));
    return counter;
}

#else

enum record_clock counter_clock(void)
{
    return CLOCK_STEADY;
}

bool counter_is_inlined(enum record_clock clock)
{
    (void)clock;
    return false;
}

uint64_t counter_now(enum record_clock clock)
{
    (void)clock;
    return (uint64_t)platform_now_ns();
}

#endif
