/* SPDX-License-Identifier: MIT */
/* Opening the rings that lines are written to, and what stands in their dictionaries. */
#ifndef MAPRING_LOG_RING_H
#define MAPRING_LOG_RING_H

#include "log/site.h"
#include "log/state.h"

/* Opens the first ring of the log that is free, or makes one. Without log_lock, since it may wait. */
int log_ring_open(mapring_log *log, struct log_ring *ring);

void log_ring_close(mapring_log *log, struct log_ring *ring);

/* The same without giving the place back. */
void log_ring_drop(struct log_ring *ring);

/* The number of the site in the dictionary of the ring, which it is entered into if it is not there.
 * 0 if that is full. */
uint32_t log_ring_number(struct log_ring *ring, const struct site_entry *site);

/* The same of the calling thread. */
uint32_t log_ring_thread(struct log_ring *ring, const char *thread_name);

#endif
