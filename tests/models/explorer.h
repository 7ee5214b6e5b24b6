/* SPDX-License-Identifier: MIT */
/*
 * A small explorer of the C11 memory model. A scenario and its threads run as coroutines; each access
 * to shared memory goes through the functions below, and at each one the explorer chooses which
 * thread goes on and, for a load, which of the values that the model allows it reads.
 *
 * The model: the operational one of Kang, Hur, Lahav, Vafeiadis, Dreyer, "A promising semantics for
 * relaxed-memory concurrency" (POPL 2017), without its promises. Each location has a history of
 * messages, each message a view. A thread reads no message older than its own view of the location;
 * what it acquires joins the message's view to its own. Release stores attach the thread's view,
 * relaxed ones what the last release fence left. Read-modify-writes read the newest message and
 * continue its release sequence; later stores of the same thread do not (C++20). A sequentially
 * consistent load reads nothing older than the last such store of the location; a sequentially
 * consistent fence exchanges views with those before it. membarrier() is such a fence in every
 * thread. Two accesses that happens-before does not order (vector clocks), one of them a store and
 * one of them plain, are a data race.
 *
 * Not modelled: stores of two threads to one location that become visible in another order than they
 * were executed; loads that see stores which their own thread's later stores allow (load buffering,
 * as in RC11); consume; accesses of different sizes to the same words. A store becomes visible at
 * last: who tries again and again reads what is new once nobody else can go on.
 */
#ifndef EXPLORER_H
#define EXPLORER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* CHANGE_COMPARE: from the operand's upper half to its lower one, if it is that. */
enum explorer_change { CHANGE_EXCHANGE, CHANGE_OR, CHANGE_AND, CHANGE_ADD, CHANGE_COMPARE };

/* Orders are __ATOMIC_RELAXED and so on; `where` is what a trace says of the access. */
uint64_t explorer_load(const char *where, const void *at, size_t bytes, int order);
void explorer_store(const char *where, void *at, size_t bytes, uint64_t value, int order);
uint64_t explorer_change(const char *where, void *at, size_t bytes, enum explorer_change change,
                         uint64_t value, int order);
void explorer_fence(const char *where, int order);
void explorer_membarrier(const char *where);

/* Plain accesses of 8 bytes. */
uint64_t explorer_read(const char *where, const void *at);
void explorer_write(const char *where, void *at, uint64_t value);

/* Threads. The first one is the scenario itself, which must wait for the others. */
unsigned explorer_spawn(void *(*run)(void *argument), void *argument);
void explorer_wait_for(unsigned thread);
struct explorer_mutex {
    bool held;
    uint64_t word;
};
void explorer_lock(const char *where, struct explorer_mutex *mutex);
void explorer_unlock(const char *where, struct explorer_mutex *mutex);

/* Sleeps until the word has another value, and acquires that. */
void explorer_sleep_while(const char *where, const void *at, size_t bytes, uint64_t value);

/* Before the same is tried once more: not before somebody else has stored something. */
void explorer_retry(const char *where);

/* Ends this execution: it is not one of those asked for, or it shows a bug. */
void explorer_assume(bool condition);
_Noreturn void explorer_fail(const char *where, const char *what);

/* True when the access with that number is to be weakened in this run. */
bool explorer_weakens(unsigned site);

/* Whether any execution at all is bad: 1, or 0, or -1 when there are too many to go through. */
int explorer_exhaust(void (*scenario)(void));

/* The whole program but for the scenario: see explorer.c. */
int explorer_main(int count, char **arguments, void (*scenario)(void));

#endif
