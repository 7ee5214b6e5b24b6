/* SPDX-License-Identifier: MIT */
/* What mapring_stat() says about the producer's waits for room. */
#ifndef MAPRING_STAT_WAITS_H
#define MAPRING_STAT_WAITS_H

#include "ring/ring.h"

/* Fills in for whom the producer waits, if it is open, and how long producers have waited so far. */
void stat_waits(const struct ring *ring, struct mapring_stat *stat);

/* Fills in how long producers have waited for the consumer. */
void stat_blame(const struct ring *ring, struct mapring_consumer_stat *consumer);

#endif
