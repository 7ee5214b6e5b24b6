/* SPDX-License-Identifier: MIT */
/* Random choices that a seed repeats: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
#ifndef STRESS_CHOICES_H
#define STRESS_CHOICES_H

#include <stdbool.h>
#include <stdint.h>

struct choices {
    uint64_t state;
};

static inline uint64_t choices_mix(uint64_t value)
{
    value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
    return value ^ value >> 31;
}

/* A number below `limit`. */
static inline uint64_t choose_below(struct choices *choices, uint64_t limit)
{
    choices->state += UINT64_C(0x9E3779B97F4A7C15);
    return choices_mix(choices->state) % limit;
}

static inline bool choose_one_in(struct choices *choices, uint64_t limit)
{
    return choose_below(choices, limit) == 0;
}

#endif
