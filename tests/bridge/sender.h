/* SPDX-License-Identifier: MIT */
/* Sends numbered records into a ring, in runs that close or die. */
#ifndef BRIDGE_SENDER_H
#define BRIDGE_SENDER_H

#include "control.h"

/* Returns the exit status of the process, after a message if it is not 0. */
int sender_run(const char *ring, struct control *control, uint64_t run_records, const char *fault);

#endif
