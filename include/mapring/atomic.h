/* SPDX-License-Identifier: MIT */
/* The atomic operations of inline.h, for C and C++: see src/atomic.h. */
#ifndef MAPRING_ATOMIC_WORDS_H
#define MAPRING_ATOMIC_WORDS_H

#define mapring_acquire_load(word)     __atomic_load_n((word), __ATOMIC_ACQUIRE)
#define mapring_ordered_load(word)     __atomic_load_n((word), __ATOMIC_SEQ_CST)
#define mapring_relaxed_store(word, v) __atomic_store_n((word), (v), __ATOMIC_RELAXED)
#define mapring_release_store(word, v) __atomic_store_n((word), (v), __ATOMIC_RELEASE)
#define mapring_compiler_barrier()     __atomic_signal_fence(__ATOMIC_SEQ_CST)

#endif
