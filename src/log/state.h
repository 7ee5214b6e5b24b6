/* SPDX-License-Identifier: MIT */
/*
 * What a log consists of, in this process.
 *
 * `log_lock` guards all that logs, parts and sites have in common. A part is one thread's side of a
 * log: only that thread uses it, without a lock, until the thread ends, which leaves the part, with
 * its open ring, to the log. Parts are never freed: those of a closed log serve the next one.
 */
#ifndef MAPRING_LOG_STATE_H
#define MAPRING_LOG_STATE_H

#include "platform.h"
#include "ring/ring.h"

#include "mapring/log.h"

enum { THREAD_NAME_BYTES = 64 };

/* A ring that lines are written to. */
struct log_ring {
    mapring_producer *producer; /* NULL: none is open */
    uint32_t place;             /* 0: NAME, 1: NAME.1, ... */
    uint32_t opened;            /* counts how often one was opened */
    uint32_t *numbers;          /* of sites in its dictionary, by their index */
    uint32_t number_count;
};

struct log_part {
    struct mapring1_log_thread hot;
    shared_u64 log;             /* the number of the log that it serves; 0: none */
    struct log_ring *ring;      /* `own`, or the one that all threads share */
    struct log_ring own;
    uint32_t told_ring;         /* ring->opened when its thread was entered in the dictionary */
    bool is_named;              /* by mapring_log_name_thread(): */
    char name[THREAD_NAME_BYTES];
    shared_u32 interrupted;     /* lines left out, and not told yet */
    int64_t retry_ns;           /* no ring could be opened: not before this time again */
    struct log_part *next_own;  /* of the same thread */
    struct log_part *next;      /* left to the log by its thread, or unused */
    struct log_part *next_made; /* of all parts */
};

/* The mapping of the ring NAME, for its level. */
struct level_ring {
    struct mapring_hot hot;
    struct ring ring;
    struct level_ring *before; /* an earlier one, which threads may still be looking at */
};

struct mapring_log {
    struct mapring1_log_hot hot;
    char *name;
    struct mapring_log_options options; /* with what was 0 filled in, and own texts: */
    char *group;
    struct level_ring *level;
    uint32_t level_kept;       /* for a forked child, which does not have the mapping */
    shared_u32 forked;         /* this process is such a child, and has not given up anything yet */
    struct log_part *kept;     /* the part of the child's first thread; NULL: it had none */
    struct place *places;      /* by number, see place.h */
    uint32_t place_count;
    struct log_part *left;     /* parts of threads that have ended */
    uint32_t threads;          /* that have a part */
    shared_u32 interrupted;    /* lines left out */
    uint64_t unwritten;
    struct mapring_error error;
    struct log_ring common;    /* with options.shared */
    struct platform_lock common_lock;
    mapring_log *next;         /* of all logs of the process */
};

static_assert(offsetof(struct mapring_log, hot) == 0, "inlined functions expect it there");
static_assert(offsetof(struct log_part, hot) == 0, "inlined functions expect it there");

extern struct platform_lock log_lock;
extern mapring_log *log_first; /* of all logs of the process */

#endif
