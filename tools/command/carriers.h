/* SPDX-License-Identifier: MIT */
/* Rings that a bridge carries at once, each by a thread of its own from or into a stream of its
 * own. */
#ifndef TOOLS_CARRIERS_H
#define TOOLS_CARRIERS_H

#include <stdatomic.h>
#include <stdbool.h>

#include "shared/thread.h"

enum { CARRIER_RUNS = -1 };

struct carrier {
    int (*run)(struct carrier *carrier); /* returns an exit status */
    const void *settings;
    char *ring, *stream, *subject; /* belong to it; NULL: none */
    atomic_bool has_begun;         /* for `run` to say so */

    struct carrier *next; /* the rest is private to carriers.c, but for reading */
    struct thread thread;
    _Atomic int status; /* CARRIER_RUNS, or what it ended with */
};

struct carriers {
    struct carrier *first;
    bool failed; /* one could not begin */
};

/* Before the first one. */
void carriers_prepare(void);

/* Takes the stream's name and the subject, which free() frees. NULL: not enough memory, also if there
 * was none for the stream's name; that was printed. */
struct carrier *carrier_new(const char *ring, char *stream, char *subject);

/* Takes it. NULL, or if it cannot begin, which is printed: sets `failed`. */
void carriers_begin(struct carriers *carriers, struct carrier *carrier);

/* What carries a ring of that name, or has; NULL: nothing. */
const struct carrier *carriers_find(const struct carriers *carriers, const char *ring);

/* Whether there was one, and none goes on. */
bool carriers_have_ended(const struct carriers *carriers);

/* Waits for the ends of all. Returns an exit status: that of one that failed, or else of a signal,
 * or of one whose ring was removed. */
int carriers_join(struct carriers *carriers);

#endif
