/* SPDX-License-Identifier: MIT */
/* The operations of src/atomic.h, each preceded by a moment(). Included ahead of each source file
 * of the library that the suites faults and moments link. */
#ifndef MAPRING_TESTS_MOMENT_ACCESSES_H
#define MAPRING_TESTS_MOMENT_ACCESSES_H

#include "atomic.h"
#include "moments.h"

#undef load_relaxed
#undef load_acquire
#undef load_ordered
#undef store_relaxed
#undef store_release
#undef exchange32
#undef exchange64
#undef fetch_or32
#undef fetch_and32
#undef fetch_add32

#define AT_MOMENT(operation, word, ...) (moment(), operation(&(word)->value, __VA_ARGS__))

#define load_relaxed(word)     AT_MOMENT(atomic_load_explicit, word, memory_order_relaxed)
#define load_acquire(word)     AT_MOMENT(atomic_load_explicit, word, memory_order_acquire)
#define load_ordered(word)     AT_MOMENT(atomic_load_explicit, word, memory_order_seq_cst)
#define store_relaxed(word, v) AT_MOMENT(atomic_store_explicit, word, v, memory_order_relaxed)
#define store_release(word, v) AT_MOMENT(atomic_store_explicit, word, v, memory_order_release)
#define exchange32(word, v)    AT_MOMENT(atomic_exchange, word, v)
#define exchange64(word, v)    AT_MOMENT(atomic_exchange, word, v)
#define fetch_or32(word, v)    AT_MOMENT(atomic_fetch_or, word, v)
#define fetch_and32(word, v)   AT_MOMENT(atomic_fetch_and, word, v)
#define fetch_add32(word, v)   AT_MOMENT(atomic_fetch_add, word, v)

#endif
