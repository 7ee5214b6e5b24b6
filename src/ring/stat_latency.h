/* SPDX-License-Identifier: MIT */
/* What mapring_stat() says about time in a ring with times. */
#ifndef MAPRING_STAT_LATENCY_H
#define MAPRING_STAT_LATENCY_H

#include "ring/ring.h"

/* Fills in how old the consumer's next record is, and how long its records took until it had
 * them. */
void stat_latency(const struct ring *ring, struct mapring_consumer_stat *consumer);

#endif
