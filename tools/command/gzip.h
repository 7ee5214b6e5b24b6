/* SPDX-License-Identifier: MIT */
/* Compresses a file as gzip does: zlib/gzip.c or, in builds without zlib, no_zlib/gzip.c. */
#ifndef TOOLS_GZIP_H
#define TOOLS_GZIP_H

#include <stdbool.h>

extern const bool gzip_is_available;

/* Copies what is left of one file into another, compressed. Asks now and then whether to go on;
 * may run in any thread. False: it did not go on, or failed; os_error() then says why. */
bool gzip_copy(int from, int to, bool (*goes_on)(void *context), void *context);

#endif
