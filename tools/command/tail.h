/* SPDX-License-Identifier: MIT */
/*
 * Follows a file through renaming, truncation and replacement: each file that had the name is read
 * to its end before the next one.
 *
 *     tail_begin(&tail, path, ...);
 *     while (tail_next(&tail))
 *         ... read tail_feed(&tail) to its end
 */
#ifndef TOOLS_TAIL_H
#define TOOLS_TAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "feed.h"
#include "followed.h"

enum { TAIL_LAST_BYTES = 256 };

struct tail {
    struct followed followed;

    uint64_t offset;                     /* what was read of the first file */
    unsigned char last[TAIL_LAST_BYTES]; /* the bytes before the offset */
    size_t last_bytes;

    bool is_begun, is_over, is_truncated;
    int64_t since_ns; /* when something last happened to the files */
    unsigned pause_ms;
};

/* Opens the file, if it exists. Begins with the file's first byte, or with those that are added
 * from now on: at a multiple of `unit` bytes. */
void tail_begin(struct tail *tail, const char *path, bool at_end, size_t unit);

/* Whether reading begins inside the file; then its first bytes are copied. */
bool tail_begins_inside(const struct tail *tail, unsigned char *first, size_t bytes);

/* Waits for the next file, or for the first one. False: a signal came, or idle_goes_on() said
 * no. */
bool tail_next(struct tail *tail);

/* Ends when the file does: truncated, or replaced and complete. */
struct feed tail_feed(struct tail *tail);

void tail_end(struct tail *tail);

#endif
