/* SPDX-License-Identifier: MIT */
/* The level of a log, in the ring NAME. */
#ifndef MAPRING_LOG_LEVEL_H
#define MAPRING_LOG_LEVEL_H

#include "log/state.h"

/* Opens the ring NAME, or makes it, and keeps it in place of an earlier one, which was removed. */
int level_open(mapring_log *log);

/* The same if the one that is open was removed, or is the parent's. With log_lock held. */
int level_renew(mapring_log *log);

/* Closes it, and all earlier ones. */
void level_close(mapring_log *log);

#endif
