/* SPDX-License-Identifier: MIT */
/*
 * Stands in for src/atomic.h and include/mapring/atomic.h in ring_genmc.c: the same operations, of which one can be weakened.
 * WEAKEN is MODEL_FILE * 10000 + the line: a release or acquire there becomes relaxed, a
 * sequentially consistent access a release and acquire, or relaxed with -DWEAKEN_FULLY; a fence is
 * left out.
 */
#ifndef MAPRING_ATOMIC_H
#define MAPRING_ATOMIC_H

#include <stdatomic.h>
#include <stdint.h>

#ifndef WEAKEN
#define WEAKEN 0
#endif

typedef struct {
    _Atomic uint32_t value;
} shared_u32;

typedef struct {
    _Atomic uint64_t value;
} shared_u64;

#define WEAKENED (MODEL_FILE * 10000 + __LINE__ == WEAKEN)
#define WEAKER(normal, weaker) (WEAKENED ? (weaker) : (normal))
#ifdef WEAKEN_FULLY
#define SC_LOAD WEAKER(memory_order_seq_cst, memory_order_relaxed)
#define SC_CHANGE WEAKER(memory_order_seq_cst, memory_order_relaxed)
#else
#define SC_LOAD WEAKER(memory_order_seq_cst, memory_order_acquire)
#define SC_CHANGE WEAKER(memory_order_seq_cst, memory_order_acq_rel)
#endif

#define load_relaxed(word) atomic_load_explicit(&(word)->value, memory_order_relaxed)
#define load_acquire(word) \
    atomic_load_explicit(&(word)->value, WEAKER(memory_order_acquire, memory_order_relaxed))
#define load_ordered(word) atomic_load_explicit(&(word)->value, SC_LOAD)
#define store_relaxed(word, v) atomic_store_explicit(&(word)->value, (v), memory_order_relaxed)
#define store_release(word, v) \
    atomic_store_explicit(&(word)->value, (v), WEAKER(memory_order_release, memory_order_relaxed))

#define exchange32(word, v) atomic_exchange_explicit(&(word)->value, (v), SC_CHANGE)
#define exchange64(word, v) atomic_exchange_explicit(&(word)->value, (v), SC_CHANGE)
#define fetch_or32(word, v) atomic_fetch_or_explicit(&(word)->value, (v), SC_CHANGE)
#define fetch_and32(word, v) atomic_fetch_and_explicit(&(word)->value, (v), SC_CHANGE)
#define fetch_add32(word, v) atomic_fetch_add_explicit(&(word)->value, (v), SC_CHANGE)

#define compiler_barrier() atomic_signal_fence(memory_order_seq_cst)
#define fence_release() atomic_thread_fence(WEAKER(memory_order_release, memory_order_relaxed))
#define spin_pause() ((void)0)

/* Those of the inlined functions, on words that are not declared to be atomic. */
#define MAPRING_ATOMIC_WORDS_H
typedef uint64_t mapring_word;
#ifdef WEAKEN_FULLY
#define SC_WORD_LOAD WEAKER(__ATOMIC_SEQ_CST, __ATOMIC_RELAXED)
#else
#define SC_WORD_LOAD WEAKER(__ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE)
#endif
#define mapring_acquire_load(word) \
    __atomic_load_n((word), WEAKER(__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
#define mapring_ordered_load(word) __atomic_load_n((word), SC_WORD_LOAD)
#define mapring_relaxed_store(word, v) __atomic_store_n((word), (v), __ATOMIC_RELAXED)
#define mapring_release_store(word, v) \
    __atomic_store_n((word), (v), WEAKER(__ATOMIC_RELEASE, __ATOMIC_RELAXED))
#define mapring_fetch_for_writing(at) ((void)(at))
#define mapring_compiler_barrier() __atomic_signal_fence(__ATOMIC_SEQ_CST)

#endif
