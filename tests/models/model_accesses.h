/* SPDX-License-Identifier: MIT */
/* Accesses and threads, for GenMC and for our own explorer. `what` is for the explorer's trace. */
#ifndef MODEL_ACCESSES_H
#define MODEL_ACCESSES_H

#include <stdbool.h>

#ifdef GENMC

#include <genmc.h>
#include <pthread.h>

#ifndef WEAKEN
#define WEAKEN 0
#endif
#define WEAKENED(site) ((site) == WEAKEN)

#define CHANGE_EXCHANGE(at, v, order) __atomic_exchange_n(at, v, order)
#define CHANGE_OR(at, v, order)       __atomic_fetch_or(at, v, order)
#define CHANGE_AND(at, v, order)      __atomic_fetch_and(at, v, order)
#define CHANGE_ADD(at, v, order)      __atomic_fetch_add(at, v, order)
#define CHANGE_COMPARE(at, v, order)                                                         \
    ({                                                                                       \
        uint32_t is = (uint32_t)((uint64_t)(v) >> 32);                                       \
        __atomic_compare_exchange_n(at, &is, (uint32_t)(v), false, order, __ATOMIC_RELAXED); \
        is;                                                                                  \
    })

#define MODEL_LOAD(what, at, order)           __atomic_load_n(at, order)
#define MODEL_STORE(what, at, v, order)       __atomic_store_n(at, v, order)
#define MODEL_CHANGE(how, what, at, v, order) CHANGE_##how(at, v, order)
#define MODEL_FENCE(what, order)              __atomic_thread_fence(order)
#define MODEL_MEMBARRIER()                    assert(!"not modelled")
#define MODEL_SETTLE()                        assert(!"not modelled")
#define MODEL_READ(what, at)                  (*(at))
#define MODEL_WRITE(what, at, v)              ((void)(*(at) = (v)))

#define assume(condition) __VERIFIER_assume(condition)

typedef pthread_t model_thread;
typedef pthread_mutex_t model_mutex;
#define MODEL_MUTEX                  PTHREAD_MUTEX_INITIALIZER
#define spawn(thread, run, argument) pthread_create(thread, NULL, run, argument)
#define wait_for(thread)             pthread_join(thread, NULL)
#define lock(mutex)                  pthread_mutex_lock(mutex)
#define unlock(mutex)                pthread_mutex_unlock(mutex)
#define sleep_while(what, at, v)                         \
    while (__atomic_load_n(at, __ATOMIC_ACQUIRE) == (v)) \
    continue

#else

#include "explorer.h"

#define TEXT_OF(line) #line
#define TEXT(line)    TEXT_OF(line)
#define HERE          __FILE__ ":" TEXT(__LINE__) " "

#define WEAKENED(site) explorer_weakens(site)

#define MODEL_LOAD(what, at, order) \
    ((__typeof__(*(at)))explorer_load(HERE what, at, sizeof *(at), order))
#define MODEL_STORE(what, at, v, order) explorer_store(HERE what, at, sizeof *(at), v, order)
#define MODEL_CHANGE(how, what, at, v, order) \
    ((__typeof__(*(at)))explorer_change(HERE what, at, sizeof *(at), CHANGE_##how, v, order))
#define MODEL_FENCE(what, order) explorer_fence(HERE what, order)
#define MODEL_MEMBARRIER()       explorer_membarrier(HERE)
#define MODEL_SETTLE()           explorer_membarrier(HERE)
#define MODEL_READ(what, at)     explorer_read(HERE what, at)
#define MODEL_WRITE(what, at, v) explorer_write(HERE what, at, v)

#define assume(condition) explorer_assume(condition)

typedef unsigned model_thread;
typedef struct explorer_mutex model_mutex;
#define MODEL_MUTEX \
    {               \
        0           \
    }
#define spawn(thread, run, argument) ((void)(*(thread) = explorer_spawn(run, argument)))
#define wait_for(thread)             explorer_wait_for(thread)
#define lock(mutex)                  explorer_lock(HERE "lock", mutex)
#define unlock(mutex)                explorer_unlock(HERE "unlock", mutex)
#define sleep_while(what, at, v)     explorer_sleep_while(HERE what, at, sizeof *(at), v)

#endif

#endif
