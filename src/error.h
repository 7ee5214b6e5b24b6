/* SPDX-License-Identifier: MIT */
/* Failures: one code for the caller, one sentence for a person. */
#ifndef MAPRING_ERROR_H
#define MAPRING_ERROR_H

#include "mapring/mapring.h"

/* Keep the failure as this thread's last and return `code`. `ring` may be NULL. */
__attribute__((format(printf, 3, 4))) int fail(int code, const char *ring, const char *format, ...);

/* The same for a failed system call: the code follows from the native one, the system's own words
 * are added behind the sentence. */
__attribute__((format(printf, 3, 4))) int fail_system(long native, const char *ring,
                                                      const char *format, ...);

#endif
