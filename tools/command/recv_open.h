/* SPDX-License-Identifier: MIT */
/* Opens the ring that mapring recv reads, when it is there. */
#ifndef TOOLS_RECV_OPEN_H
#define TOOLS_RECV_OPEN_H

#include "receive.h"
#include "recv_settings.h"

/* Returns an exit status. EXIT_DONE with no ring open: the reader of the output is gone. If the
 * ring appears only now, so does its producer: settings->ring.wait_producer is then false. */
int recv_open(struct recv_settings *settings, struct receiver *receiver, const char *name);

/* Prints what did not happen in time, unless a signal came. Returns an exit status. */
int recv_timed_out(const struct recv_settings *settings, const char *what);

#endif
