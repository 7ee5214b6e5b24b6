/* SPDX-License-Identifier: MIT */
/*
 * All atomic operations of the project: Interlocked functions on Windows, C11 elsewhere. Ordering
 * belongs to accesses. There are two free-standing fences, for what is read and written in between by
 * others: payloads.
 */
#ifndef MAPRING_ATOMIC_H
#define MAPRING_ATOMIC_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Operations that need a lock would use a different lock in each process. Among 32-bit processors,
 * x86 has had lock-free 64-bit words since the Pentium, and ARM since version 7. */
#ifndef __GCC_HAVE_SYNC_COMPARE_AND_SWAP_8
#error "this processor has no 64-bit words that are atomic without a lock"
#endif

/* Words that several processes access. */
typedef struct {
    _Atomic uint32_t value;
} shared_u32;

typedef struct {
    _Atomic uint64_t value;
} shared_u64;

#define load_relaxed(word)     atomic_load_explicit(&(word)->value, memory_order_relaxed)
#define load_acquire(word)     atomic_load_explicit(&(word)->value, memory_order_acquire)
#define load_ordered(word)     atomic_load_explicit(&(word)->value, memory_order_seq_cst)
#define store_relaxed(word, v) atomic_store_explicit(&(word)->value, (v), memory_order_relaxed)
#define store_release(word, v) atomic_store_explicit(&(word)->value, (v), memory_order_release)

#ifdef _WIN32

#include <windows.h>

/* Sequentially consistent. Each returns the previous value. */
#define exchange32(word, v) \
    ((uint32_t)InterlockedExchange((volatile LONG *)&(word)->value, (LONG)(v)))
#define exchange64(word, v) \
    ((uint64_t)InterlockedExchange64((volatile LONG64 *)&(word)->value, (LONG64)(v)))
#define fetch_or32(word, v)  ((uint32_t)InterlockedOr((volatile LONG *)&(word)->value, (LONG)(v)))
#define fetch_and32(word, v) ((uint32_t)InterlockedAnd((volatile LONG *)&(word)->value, (LONG)(v)))
#define fetch_add32(word, v) \
    ((uint32_t)InterlockedExchangeAdd((volatile LONG *)&(word)->value, (LONG)(v)))

/* True if the word was `from`; it is `to` now. */
#define compare_exchange32(word, from, to)                                                    \
    (InterlockedCompareExchange((volatile LONG *)&(word)->value, (LONG)(to), (LONG)(from)) == \
     (LONG)(from))

#else

#define exchange32(word, v)  atomic_exchange_explicit(&(word)->value, (v), memory_order_seq_cst)
#define exchange64(word, v)  atomic_exchange_explicit(&(word)->value, (v), memory_order_seq_cst)
#define fetch_or32(word, v)  atomic_fetch_or_explicit(&(word)->value, (v), memory_order_seq_cst)
#define fetch_and32(word, v) atomic_fetch_and_explicit(&(word)->value, (v), memory_order_seq_cst)
#define fetch_add32(word, v) atomic_fetch_add_explicit(&(word)->value, (v), memory_order_seq_cst)
#define compare_exchange32(word, from, to) \
    atomic_compare_exchange_strong(&(word)->value, &(uint32_t){from}, (to))

#endif

/* Keeps the compiler from moving accesses across it. The processor is ordered by the other side's
 * membarrier(). */
#define compiler_barrier() atomic_signal_fence(memory_order_seq_cst)

/* Returns the value. The compiler does not know that, and computes nothing from it beforehand. */
static inline size_t unknown_to_compiler(size_t value)
{
    __asm__ volatile("" : "+r"(value));
    return value;
}

/* Orders the horizon before the payload stores that follow it: see layout.h, edge H. */
#define fence_release() atomic_thread_fence(memory_order_release)

/* Orders the loads of payloads before the load of the cell's state: see layout.h, edge V. */
#define fence_acquire() atomic_thread_fence(memory_order_acquire)

/* Tells the processor that this is a spin loop. */
#if defined __x86_64__ || defined __i386__
#define spin_pause() __builtin_ia32_pause()
#elif defined __aarch64__ || defined __arm__
#define spin_pause() __asm__ volatile("yield")
#else
#define spin_pause() compiler_barrier()
#endif

#endif
