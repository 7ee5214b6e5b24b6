/* SPDX-License-Identifier: MIT */
/* Times of records as text. */
#ifndef TOOLS_TIMESTAMP_H
#define TOOLS_TIMESTAMP_H

#include <stddef.h>
#include <stdint.h>

enum time_form {
    TIME_NONE,
    TIME_ISO,     /* 2026-11-27T23:13:09.123456789Z */
    TIME_LOCAL,   /* 2026-11-28T00:13:09.123456789+01:00 */
    TIME_EPOCH,   /* 1795821189.123456789 */
    TIME_RELATIVE /* +0.000123456, in seconds since `first_ns` */
};

enum { TIMESTAMP_BYTES = 128 }; /* includes the terminating NUL */

/* Writes a time in nanoseconds since 1970, or "-" if it is 0, that is, unknown. Returns the
 * length. */
size_t timestamp_print(char text[TIMESTAMP_BYTES], enum time_form form, uint64_t time_ns,
                       uint64_t first_ns);

#endif
