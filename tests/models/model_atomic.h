/* SPDX-License-Identifier: MIT */
/*
 * Stands in for src/atomic.h and include/mapring/atomic.h in ring_model.c. It has the same
 * operations, but one access can be weakened: the one with the number MODEL_FILE * 10000 + its
 * line. There, a release or acquire becomes relaxed, a sequentially consistent access becomes
 * acquire and release, and a fence is left out.
 */
#ifndef MAPRING_ATOMIC_H
#define MAPRING_ATOMIC_H

#include <stdint.h>

#include "model_accesses.h"

typedef struct {
    uint64_t value;
} shared_u64;

typedef struct {
    uint32_t value;
} shared_u32;

#define WEAKER(normal, weaker) (WEAKENED(MODEL_FILE * 10000 + __LINE__) ? (weaker) : (normal))
#define LOAD_ACQUIRE           WEAKER(__ATOMIC_ACQUIRE, __ATOMIC_RELAXED)
#define STORE_RELEASE          WEAKER(__ATOMIC_RELEASE, __ATOMIC_RELAXED)
#define SC_LOAD                WEAKER(__ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE)
#define SC_CHANGE              WEAKER(__ATOMIC_SEQ_CST, __ATOMIC_ACQ_REL)

#define LOAD(what, word, order)     MODEL_LOAD(what, &(word)->value, order)
#define STORE(what, word, v, order) MODEL_STORE(what, &(word)->value, v, order)

#define load_relaxed(word)     LOAD("load_relaxed(" #word ")", word, __ATOMIC_RELAXED)
#define load_acquire(word)     LOAD("load_acquire(" #word ")", word, LOAD_ACQUIRE)
#define load_ordered(word)     LOAD("load_ordered(" #word ")", word, SC_LOAD)
#define store_relaxed(word, v) STORE("store_relaxed(" #word ")", word, v, __ATOMIC_RELAXED)
#define store_release(word, v) STORE("store_release(" #word ")", word, v, STORE_RELEASE)

#define CHANGE(how, what, word, v) MODEL_CHANGE(how, what, &(word)->value, v, SC_CHANGE)
#define exchange32(word, v)        CHANGE(EXCHANGE, "exchange32(" #word ")", word, v)
#define exchange64(word, v)        CHANGE(EXCHANGE, "exchange64(" #word ")", word, v)
#define fetch_or32(word, v)        CHANGE(OR, "fetch_or32(" #word ")", word, v)
#define fetch_and32(word, v)       CHANGE(AND, "fetch_and32(" #word ")", word, v)
#define fetch_add32(word, v)       CHANGE(ADD, "fetch_add32(" #word ")", word, v)
#define compare_exchange32(word, from, to)                  \
    (CHANGE(COMPARE, "compare_exchange32(" #word ")", word, \
            (uint64_t)(from) << 32 | (uint32_t)(to)) == (from))

#define compiler_barrier() __atomic_signal_fence(__ATOMIC_SEQ_CST)
#define unknown_to_compiler(value) (value)
#define fence_release()    MODEL_FENCE("fence_release()", STORE_RELEASE)
#define fence_acquire()    MODEL_FENCE("fence_acquire()", LOAD_ACQUIRE)
#define spin_pause()       ((void)0)

/* The operations of the inlined functions, on words that have no type of their own. */
#define MAPRING_ATOMIC_WORDS_H
typedef uint64_t mapring_word;
#define mapring_acquire_load(word) MODEL_LOAD("acquire_load(" #word ")", word, LOAD_ACQUIRE)
#define mapring_acquire_fence()    MODEL_FENCE("acquire_fence()", LOAD_ACQUIRE)
#define mapring_relaxed_load(word) MODEL_LOAD("relaxed_load(" #word ")", word, __ATOMIC_RELAXED)
#define mapring_ordered_load(word) MODEL_LOAD("ordered_load(" #word ")", word, SC_LOAD)
#define mapring_relaxed_store(word, v) \
    MODEL_STORE("relaxed_store(" #word ")", word, (uintptr_t)(v), __ATOMIC_RELAXED)
#define mapring_release_store(word, v) \
    MODEL_STORE("release_store(" #word ")", word, (uintptr_t)(v), STORE_RELEASE)
#define mapring_fetch_for_writing(at) ((void)(at))
#define mapring_fetch_for_reading(at) ((void)(at))
#define mapring_ticks()               UINT64_C(0)
#define mapring_compiler_barrier()    __atomic_signal_fence(__ATOMIC_SEQ_CST)

#endif
