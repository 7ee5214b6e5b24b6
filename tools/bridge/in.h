/* SPDX-License-Identifier: MIT */
/* Carries a stream into a ring, until a signal comes or, if that is wanted, the origin's run has
 * ended and everything is written. */
#ifndef BRIDGE_IN_H
#define BRIDGE_IN_H

#include <stdbool.h>

#include "connection.h"
#include "mapring/mapring.h"
#include "start.h"

struct in_settings {
    struct connection connection;
    const char *stream;
    bool has_start; /* the user said where to begin */
    struct start start;
    bool until_end;
    struct mapring_options ring;
};

/* Returns an exit status, after a message unless it is EXIT_DONE or that of a signal. */
int in_run(const struct in_settings *settings, const char *name);

#endif
