/* SPDX-License-Identifier: MIT */
/* The atomic operations of inline.h, for C and C++: see src/atomic.h. */
#ifndef MAPRING_ATOMIC_WORDS_H
#define MAPRING_ATOMIC_WORDS_H

#include <stdint.h>

/* Aligned as it is in a ring, even where the ABI aligns 64-bit integers less. If a compiler cannot
 * rely on the alignment, it calls a function that may take a lock. */
typedef uint64_t mapring_word __attribute__((aligned(8)));

#define mapring_acquire_load(word)     __atomic_load_n((word), __ATOMIC_ACQUIRE)
#define mapring_ordered_load(word)     __atomic_load_n((word), __ATOMIC_SEQ_CST)
#define mapring_relaxed_load(word)     __atomic_load_n((word), __ATOMIC_RELAXED)
#define mapring_relaxed_store(word, v) __atomic_store_n((word), (v), __ATOMIC_RELAXED)
#define mapring_release_store(word, v) __atomic_store_n((word), (v), __ATOMIC_RELEASE)
#define mapring_acquire_fence()        __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define mapring_compiler_barrier()     __atomic_signal_fence(__ATOMIC_SEQ_CST)

/* The processor's counter, if a producer may use it without a call: see src/counter.h. */
#ifdef __x86_64__
#define mapring_ticks() __builtin_ia32_rdtsc()
#else
#define mapring_ticks() MAPRING_CAST(uint64_t, 0)
#endif

/* Requests a cache line, for writing or for reading. In assembly, since gcc takes a function that
 * does nothing else for one without effect, and leaves out its calls; and since on x86,
 * __builtin_prefetch() for writing requests it for reading unless the compiler is told which
 * processor it compiles for. */
#ifdef __x86_64__
#define MAPRING_FETCH(instruction, at) \
    __asm__ volatile(instruction " %0" \
                     :                 \
                     : "m"(*MAPRING_CAST(const char *, MAPRING_CAST(const void *, at))))
#define mapring_fetch_for_writing(at) MAPRING_FETCH("prefetchw", at)
#define mapring_fetch_for_reading(at) MAPRING_FETCH("prefetcht0", at)
#else
#define MAPRING_FETCH(at, writing)         \
    do {                                   \
        __builtin_prefetch((at), writing); \
        __asm__ volatile("");              \
    } while (0)
#define mapring_fetch_for_writing(at) MAPRING_FETCH(at, 1)
#define mapring_fetch_for_reading(at) MAPRING_FETCH(at, 0)
#endif

#endif
