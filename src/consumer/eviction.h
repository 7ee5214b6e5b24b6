/* SPDX-License-Identifier: MIT */
/* How a consumer finds out that it was let go. */
#ifndef MAPRING_CONSUMER_EVICTION_H
#define MAPRING_CONSUMER_EVICTION_H

#include "consumer/consumer.h"

/* Checks the arguments of a call, and that the consumer was not let go: otherwise,
 * MAPRING_ERROR_EVICTED. */
int consumer_check(mapring_consumer *consumer, const void *record);

/* Returns `result`, of a call in which the consumer has read from the ring, unless it was let go
 * meanwhile: then MAPRING_ERROR_EVICTED. */
int consumer_judge(mapring_consumer *consumer, int result);

#endif
