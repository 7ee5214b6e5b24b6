/* SPDX-License-Identifier: MIT */
/* Reads a ring and checks that every record of the load is there, once, in order and unchanged. */
#ifndef BRIDGE_CHECKER_H
#define BRIDGE_CHECKER_H

#include "control.h"

/* Returns the exit status of the process, after a message if it is not 0. */
int checker_run(const char *ring, struct control *control);

#endif
