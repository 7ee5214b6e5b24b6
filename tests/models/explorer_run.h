/* SPDX-License-Identifier: MIT */
/* What the parts of the explorer know of each other: memory, threads, choices. */
#ifndef EXPLORER_RUN_H
#define EXPLORER_RUN_H

#include <setjmp.h>

#include "explorer.h"

enum { THREADS_AT_MOST = 4 };

/* ---- explorer_memory.c ---- */

void memory_reset(void);
void memory_start_thread(unsigned thread, unsigned parent);
void memory_join_thread(unsigned thread, unsigned other);

/* How many stores there have been, in all and by one thread. */
unsigned memory_stores(void);
unsigned memory_stores_of(unsigned thread);
uint64_t memory_newest(const void *at, size_t bytes);

/* ---- explorer_threads.c ---- */

enum outcome { OUTCOME_GOOD, OUTCOME_IGNORED, OUTCOME_BAD };

/* One execution, with the choices as they come. */
enum outcome threads_run(void (*scenario)(void));
_Noreturn void threads_end(enum outcome outcome);
unsigned threads_current(void);
bool threads_current_reads_newest(void);

/* Before each access: somebody else may go on first. */
void threads_step(const char *where);

/* ---- explorer_choices.c ---- */

enum choice { CHOOSE_THREAD, CHOOSE_MESSAGE };

/* One of `options`; 0 is what happens if nothing special does: the same thread goes on, the newest
 * value is read. */
unsigned choose(enum choice kind, unsigned options);

/* All executions with at most `deviations` choices other than 0, until there are no more. */
void choices_start_systematic(unsigned deviations);
bool choices_next(void);

/* Random ones; the same for the same seed. */
void choices_start_random(uint64_t seed);

/* Those written as "NUMBER:OPTION,...", and those made last. */
void choices_start_replay(const char *text);
void choices_print(void);

/* Takes back, one by one, the choices that `is_bad` executions do not need. */
void choices_shrink(bool (*is_bad)(void));

/* ---- explorer.c ---- */

/* A line of the trace, if there is one. */
__attribute__((format(printf, 2, 3))) void trace(const char *where, const char *format, ...);

#endif
