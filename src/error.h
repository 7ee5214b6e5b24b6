/* SPDX-License-Identifier: MIT */
/* Reporting failures: a code for the program, and a sentence for its user. */
#ifndef MAPRING_ERROR_H
#define MAPRING_ERROR_H

#include <stdio.h>

#include "mapring/mapring.h"

/* Makes the compiler check format strings. On mingw-w64, the format of C17 has a name of its
 * own. */
#ifdef __MINGW_PRINTF_FORMAT
#define PRINTF_LIKE(text, first) __attribute__((format(__MINGW_PRINTF_FORMAT, text, first)))
#else
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#endif

/* Keeps the failure as this thread's last one and returns `code`. `ring` may be NULL. */
PRINTF_LIKE(3, 4) int fail(int code, const char *ring, const char *format, ...);

/* The same for a failed system call: the code is derived from the native one, and the system's own
 * message is appended to the sentence. */
PRINTF_LIKE(3, 4) int fail_system(long native, const char *ring, const char *format, ...);

/* The same for a failed allocation of `what` for a ring. `ring` may be NULL. */
int fail_memory(const char *ring, const char *what);

/* Keeps a positive result, an outcome, in place of an earlier failure. Returns `result`; failures
 * and MAPRING_OK change nothing. */
int outcome(int result);

/* Makes `error` this thread's last failure again, after an attempt whose failure does not
 * matter. */
void error_restore(const struct mapring_error *error);

#endif
