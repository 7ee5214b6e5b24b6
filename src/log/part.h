/* SPDX-License-Identifier: MIT */
/* The parts that threads have in logs. */
#ifndef MAPRING_LOG_PART_H
#define MAPRING_LOG_PART_H

#include "log/state.h"

/* The calling thread's part of the log, NULL if it has none. For signal handlers, too. */
struct log_part *part_find(const mapring_log *log);

/* Gives it one. NULL, and a failure reported, if there is no memory. */
struct log_part *part_make(mapring_log *log);

/* Between these, the calling thread changes what its signal handlers must not see: part_is_busy(). */
void part_begin(void);
void part_end(void);
bool part_is_busy(void);

/* The library has something to do before the next call. */
void part_turn(struct log_part *part);

/* Takes the parts of a log that is being closed from it, those of living threads, too. With log_lock
 * held. */
void parts_close(mapring_log *log);

/* In a forked child, at its first call: gives up what was opened, and the parts of all threads but
 * this one. Does nothing otherwise. */
void parts_after_fork(mapring_log *log);

#endif
