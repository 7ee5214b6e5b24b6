/* SPDX-License-Identifier: MIT */
/* Included before everything else that is fuzzed: before each load of a shared word, a hostile peer
 * may change the mapping, so that a word that is read twice can have two values. */
#ifndef FUZZ_HOSTILE_ATOMIC_H
#define FUZZ_HOSTILE_ATOMIC_H

#include "../../include/mapring/atomic.h"
#include "../../src/atomic.h"

void hostile_look(void);

#undef load_relaxed
#undef load_acquire
#undef load_ordered
#undef mapring_acquire_load
#undef mapring_ordered_load

#define HOSTILE_LOAD(word, order) \
    (hostile_look(), atomic_load_explicit(&(word)->value, memory_order_##order))
#define load_relaxed(word) HOSTILE_LOAD(word, relaxed)
#define load_acquire(word) HOSTILE_LOAD(word, acquire)
#define load_ordered(word) HOSTILE_LOAD(word, seq_cst)

#define HOSTILE_WORD_LOAD(word, order) (hostile_look(), __atomic_load_n((word), __ATOMIC_##order))
#define mapring_acquire_load(word)     HOSTILE_WORD_LOAD(word, ACQUIRE)
#define mapring_ordered_load(word)     HOSTILE_WORD_LOAD(word, SEQ_CST)

#endif
