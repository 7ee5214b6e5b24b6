/* SPDX-License-Identifier: MIT */
/* Failures: one code for the caller, one sentence for a person. */
#ifndef MAPRING_ERROR_H
#define MAPRING_ERROR_H

#include <stdio.h>

#include "mapring/mapring.h"

/* Has the compiler check format strings by C17's rules, which on mingw-w64 have a name of their
 * own. */
#ifdef __MINGW_PRINTF_FORMAT
#define PRINTF_LIKE(text, first) __attribute__((format(__MINGW_PRINTF_FORMAT, text, first)))
#else
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#endif

/* Keep the failure as this thread's last and return `code`. `ring` may be NULL. */
PRINTF_LIKE(3, 4) int fail(int code, const char *ring, const char *format, ...);

/* The same for a failed system call: the code follows from the native one, the system's own words
 * are added behind the sentence. */
PRINTF_LIKE(3, 4) int fail_system(long native, const char *ring, const char *format, ...);

/* No memory in this process for what is to be done with a ring; its name may be NULL. */
int fail_memory(const char *ring, const char *what);

/* Keeps an outcome that is no failure, in place of an earlier failure, and returns it. Failures and
 * MAPRING_OK pass through. */
int outcome(int result);

/* After a failure that was only a try: the last one is what it was before. */
void error_restore(const struct mapring_error *error);

#endif
