/* SPDX-License-Identifier: MIT */
/* What the parts of the explorer know of one another: memory, threads, choices. */
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

/* Runs one execution, with the choices as they come. */
enum outcome threads_run(void (*scenario)(void));
_Noreturn void threads_end(enum outcome outcome);
unsigned threads_current(void);
bool threads_current_reads_newest(void);

/* Called before each access; another thread may go on first. */
void threads_step(const char *where);

/* ---- explorer_choices.c ---- */

enum choice { CHOOSE_THREAD, CHOOSE_MESSAGE };

/* Chooses one of `options`. 0 is the usual choice: the same thread goes on, and the newest value is
 * read. */
unsigned choose(enum choice kind, unsigned options);

/* All executions with at most `deviations` choices other than 0, until there are no more. */
void choices_start_systematic(unsigned deviations);
bool choices_next(void);

/* Random executions, which are the same for the same seed. */
void choices_start_random(uint64_t seed);

/* Replays choices written as "NUMBER:OPTION,..."; choices_print() writes those made last in that
 * form. */
void choices_start_replay(const char *text);
void choices_print(void);

/* Undoes, one by one, the choices without which the execution is still bad. */
void choices_shrink(bool (*is_bad)(void));

/* ---- explorer.c ---- */

/* Prints a line of the trace, if tracing is on. */
__attribute__((format(printf, 2, 3))) void trace(const char *where, const char *format, ...);

#endif
