/* SPDX-License-Identifier: MIT */
/*
 * The files that had a name one after another, those included that had it only between two looks:
 * they are found by the names that rotation gives, and by when they were written to.
 */
#ifndef TOOLS_FOLLOWED_H
#define TOOLS_FOLLOWED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "watched.h"

enum { FOLLOWED_FILES = 16 };

struct followed_file {
    int file;
    struct watched_identity identity;
    uint64_t written_ns; /* when it had last been written to, by the clock of its file system */
};

struct followed {
    const char *path;
    struct followed_file files[FOLLOWED_FILES]; /* open; the first one is being read */
    size_t count;

    struct followed_file left[FOLLOWED_FILES]; /* the last ones that were closed */
    size_t left_count;

    uint64_t newest_ns; /* when the newest had been written to, when the path last led to it */
    bool told_missing, told_problem;
};

/* Opens each file that has had the name since the last look. Returns whether there was one. Says
 * once that the path cannot be opened. */
bool followed_look(struct followed *followed);

void followed_leave_first(struct followed *followed); /* closes it */

#endif
