/* SPDX-License-Identifier: MIT */
/* Writing a file-backed ring to its disk. */
#ifndef MAPRING_SYNC_H
#define MAPRING_SYNC_H

#include "producer.h"

/* Before a ring is created: MAPRING_ERROR_ARGUMENT when the options make no sense for it. */
int sync_check(const char *name, const struct mapring_options *options);

/* What the options ask for. */
int sync_start(mapring_producer *producer, const struct mapring_options *options);

/* Before closing. */
void sync_finish(mapring_producer *producer);

#endif
