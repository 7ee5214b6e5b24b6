/* SPDX-License-Identifier: MIT */
/* The rings that 'mapring bridge out' carries at once, each by a thread of its own into a stream of
 * its own; with patterns and names of logs, also those that appear later. */
#ifndef TOOLS_CARRIED_H
#define TOOLS_CARRIED_H

#include "bridge/out.h"

struct carried_names {
    const char *stream;  /* in which % stands for the ring's name; NULL: "%". Without %, further rings
                            of a log have theirs with "_1", "_2" and so on */
    const char *subject; /* the same; NULL: the stream's only one */
    int count;
    char **names; /* names, paths and patterns */
};

/* Says what is wrong with the names of streams; NULL: nothing. */
const char *carried_problem(const struct carried_names *names);

/* Returns an exit status: of several rings that of one that failed, or else of a signal. Ends
 * when all are done; with a pattern only if settings->until_end, and there was one. */
int carried_run(const struct out_settings *settings, const struct carried_names *names);

#endif
