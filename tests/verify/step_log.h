/* SPDX-License-Identifier: MIT */
/* Steps through calls of a log. */
#ifndef VERIFY_STEP_LOG_H
#define VERIFY_STEP_LOG_H

#include <stdbool.h>

/* Kills a process at the instructions of the calls, or of the one with that name (NULL: all): each
 * line whose call has returned must be there, and nothing else but whole lines. Also stops it while
 * another process logs. */
void try_log(const char *only, bool thorough);

#endif
