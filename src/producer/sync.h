/* SPDX-License-Identifier: MIT */
/* Writing a file-backed ring to its disk. */
#ifndef MAPRING_SYNC_H
#define MAPRING_SYNC_H

#include "producer/producer.h"

/* What the options ask for. */
int sync_start(mapring_producer *producer, const struct mapring_options *options);

/* Before closing. */
void sync_finish(mapring_producer *producer);

#endif
