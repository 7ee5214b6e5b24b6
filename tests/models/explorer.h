/* SPDX-License-Identifier: MIT */
/*
 * A small explorer of the C11 memory model. A scenario and its threads run as coroutines. Each
 * access to shared memory goes through the functions below. At each one, the explorer chooses which
 * thread goes on and, for a load, which of the values that the model allows the load reads.
 *
 * The model is the operational one of Kang, Hur, Lahav, Vafeiadis, Dreyer, "A promising semantics
 * for relaxed-memory concurrency" (POPL 2017), without its promises. Each location has a history of
 * messages, and each message has a view. A thread reads no message older than its own view of the
 * location. An acquire joins the message's view to the thread's own. Release stores attach the
 * thread's view, relaxed ones attach what the last release fence left. Read-modify-writes read the
 * newest message and continue its release sequence; later stores of the same thread do not (C++20).
 * A sequentially consistent load reads nothing older than the last such store to the location; a
 * sequentially consistent fence exchanges views with those before it. membarrier() is such a fence
 * in every thread. Two accesses that happens-before does not order (vector clocks), one of them a
 * store and one of them plain, are a data race.
 *
 * Not modelled: stores of two threads to one location that become visible in another order than
 * they were executed; loads that see stores which depend on later stores of their own thread (load
 * buffering, as in RC11); consume; accesses of different sizes to the same words. Every store
 * becomes visible at last: a thread that tries again and again reads the newest values once no
 * other thread can go on.
 */
#ifndef EXPLORER_H
#define EXPLORER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* CHANGE_COMPARE: if the value is the operand's upper half, it becomes the lower half. */
enum explorer_change { CHANGE_EXCHANGE, CHANGE_OR, CHANGE_AND, CHANGE_ADD, CHANGE_COMPARE };

/* Orders are __ATOMIC_RELAXED and so on; `where` names the access in a trace. */
uint64_t explorer_load(const char *where, const void *at, size_t bytes, int order);
void explorer_store(const char *where, void *at, size_t bytes, uint64_t value, int order);
uint64_t explorer_change(const char *where, void *at, size_t bytes, enum explorer_change change,
                         uint64_t value, int order);
void explorer_fence(const char *where, int order);
void explorer_membarrier(const char *where);

/* Plain accesses of 8 bytes. */
uint64_t explorer_read(const char *where, const void *at);
void explorer_write(const char *where, void *at, uint64_t value);

/* Threads. The first one runs the scenario itself, which must wait for the others. */
unsigned explorer_spawn(void *(*run)(void *argument), void *argument);
void explorer_wait_for(unsigned thread);
struct explorer_mutex {
    bool held;
    uint64_t word;
};
void explorer_lock(const char *where, struct explorer_mutex *mutex);
void explorer_unlock(const char *where, struct explorer_mutex *mutex);

/* Sleeps until the word has another value, and acquires that value. */
void explorer_sleep_while(const char *where, const void *at, size_t bytes, uint64_t value);

/* Called before the same thing is tried once more; waits for stores that this thread has not
 * seen. */
void explorer_retry(const char *where);

/* End this execution, because it is not of interest (the condition does not hold) or shows a
 * bug. */
void explorer_assume(bool condition);
_Noreturn void explorer_fail(const char *where, const char *what);

/* Whether the access with that number is to be weakened in this run. */
bool explorer_weakens(unsigned site);

/* Whether any execution at all is bad: 1, or 0, or -1 if there are too many to try. */
int explorer_exhaust(void (*scenario)(void));

/* The whole program apart from the scenario; see explorer.c. */
int explorer_main(int count, char **arguments, void (*scenario)(void));

#endif
