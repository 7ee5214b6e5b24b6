/* SPDX-License-Identifier: MIT */
/* Carries streams into rings, each until a signal comes or, if that is wanted, the origin's run has
 * ended and everything is written. */
#ifndef BRIDGE_IN_H
#define BRIDGE_IN_H

#include <stdatomic.h>
#include <stdbool.h>

#include "batch.h"
#include "connection.h"
#include "mapring/mapring.h"
#include "start.h"

struct in_settings {
    struct connection connection;
    bool has_start; /* the user said where to begin */
    struct start start;
    bool until_end;
    struct mapring_options ring;
    bool (*accepts)(const struct batch_origin *origin,
                    const char *name); /* whether to make a ring of
                                                         that name; NULL: in any case */
};

/* Returns an exit status, after a message unless it is EXIT_DONE or that of a signal. `has_begun`
 * becomes true when the ring is there, and the stream is that of its origin; NULL: not wanted.
 * Several threads may do this at once. */
int in_run(const struct in_settings *settings, const char *name, const char *stream,
           atomic_bool *has_begun);

#endif
