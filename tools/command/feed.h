/* SPDX-License-Identifier: MIT */
/* Where bytes come from: a file, a file that is followed, a program, or a conversion of another
 * feed. */
#ifndef TOOLS_FEED_H
#define TOOLS_FEED_H

#include <stddef.h>

/* What read() returns besides a number of bytes. */
enum { FEED_END = 0, FEED_FAILED = -1, FEED_NOTHING_YET = -2 };

struct feed {
    /* Returns up to `bytes` bytes. FEED_FAILED: os_error() says why, or a signal came, or
     * idle_goes_on() said no. FEED_NOTHING_YET, from feeds that never wait: ask again later. */
    ptrdiff_t (*read)(void *context, void *buffer, size_t bytes);
    void *context;
};

/* The bytes of an open file, a pipe or a terminal. */
struct feed feed_file(const int *file);

#endif
