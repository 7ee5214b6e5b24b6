/* SPDX-License-Identifier: MIT */
/* The rings that 'mapring bridge in' makes at once: of the stream of a log also its further rings,
 * whose streams are looked for as long as it runs. */
#ifndef TOOLS_RECEIVED_H
#define TOOLS_RECEIVED_H

#include "bridge/in.h"

/* Returns an exit status: of several rings that of one that failed, or else of a signal. */
int received_run(const struct in_settings *settings, const char *ring, const char *stream);

#endif
