/* SPDX-License-Identifier: MIT */
/*
 * Words that two processes share in the references of the benchmarks. Uses compiler built-ins,
 * because the peers that exist only as C++ templates include this file too.
 */
#ifndef BENCH_WORD_H
#define BENCH_WORD_H

#include <stdint.h>

enum { LINE_BYTES = 64, LINE_PAIR_BYTES = 128 };

/* A word with cache lines of its own: two, because processors fetch them in pairs. */
struct lonely_word {
    __attribute__((aligned(LINE_PAIR_BYTES))) uint64_t value;
};

static inline uint64_t word_get(const uint64_t *word)
{
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static inline void word_set(uint64_t *word, uint64_t value)
{
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

/* Spins until the word is not `old`. False: it did not change for long, so the other side must be
 * gone. */
static inline int word_await(const uint64_t *word, uint64_t old)
{
    enum { PATIENCE = 1 << 30 };
    for (unsigned i = 0; i < PATIENCE; i++)
        if (word_get(word) != old)
            return 1;
    return 0;
}

#endif
