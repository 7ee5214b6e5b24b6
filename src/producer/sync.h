/* SPDX-License-Identifier: MIT */
/* Writing a file-backed ring to its disk. */
#ifndef MAPRING_SYNC_H
#define MAPRING_SYNC_H

#include "producer/producer.h"

/* Begins to do what the options ask for. */
int sync_start(mapring_producer *producer, const struct mapring_options *options);

/* Stops that, and writes the file for the last time. Called before closing. */
void sync_finish(mapring_producer *producer);

#endif
