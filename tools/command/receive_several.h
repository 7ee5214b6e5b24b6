/* SPDX-License-Identifier: MIT */
/* Moves the records of several rings to standard output until something ends it. */
#ifndef TOOLS_RECEIVE_SEVERAL_H
#define TOOLS_RECEIVE_SEVERAL_H

#include <stdbool.h>
#include <stdint.h>

#include "filter.h"
#include "mapring/merge.h"
#include "names.h"
#include "output.h"

struct several {
    struct mapring_merge_options options;
    char **names; /* names and patterns, */
    int name_count;
    struct filter filter;
    struct output *output;
    uint64_t count;     /* records wanted; all parts of one count once */
    int64_t timeout_ns; /* longest wait for a record */
    bool follow;        /* continue after the ends of producers and of rings */
    bool wait;          /* for rings that are not there */

    /* The rest is private to receive_several.c. */
    mapring_merge *merge;
    struct names log_rings; /* that belong to logs among the names, */
    int64_t next_look_ns;   /* and when to look for more, by os_now_ns() */
    struct mapring_record record;
    struct mapring_origin origin;
    char ring[4097];       /* that the last record came from */
    uint64_t total, bytes; /* records and payload bytes received */
    uint64_t unwritten, unreleased;
    bool ended_badly; /* a producer died, or a ring was removed */
    bool failed;      /* a ring could not be read */
    bool let_go;      /* what was read cannot be released: a ring has let its reader go */
};

/* Returns the exit status. */
int receive_several(struct several *several);

#endif
