/* SPDX-License-Identifier: MIT */
/* Kept as it was in 0.1: programs that were compiled against it must run with every later library. */
/* The atomic operations of inline.h, for C and C++: see src/atomic.h. */
#ifndef MAPRING_ATOMIC_WORDS_H
#define MAPRING_ATOMIC_WORDS_H

#include <stdint.h>

/* As aligned as it is in a ring, also where 64-bit numbers otherwise are not: a compiler that cannot rely on
 * it calls a function that may take a lock. */
typedef uint64_t mapring_word __attribute__((aligned(8)));

#define mapring_acquire_load(word)     __atomic_load_n((word), __ATOMIC_ACQUIRE)
#define mapring_ordered_load(word)     __atomic_load_n((word), __ATOMIC_SEQ_CST)
#define mapring_relaxed_store(word, v) __atomic_store_n((word), (v), __ATOMIC_RELAXED)
#define mapring_release_store(word, v) __atomic_store_n((word), (v), __ATOMIC_RELEASE)
#define mapring_compiler_barrier()     __atomic_signal_fence(__ATOMIC_SEQ_CST)

/* Asks for a cache line that will be written. __builtin_prefetch() gives a plain prefetch on x86
 * unless told of the processor, and that fetches the line for reading. */
#ifdef __x86_64__
#define mapring_fetch_for_writing(at) \
    __asm__ volatile("prefetchw %0"   \
                     :                \
                     : "m"(*MAPRING_CAST(const char *, MAPRING_CAST(const void *, at))))
#else
#define mapring_fetch_for_writing(at) __builtin_prefetch((at), 1)
#endif

#endif
