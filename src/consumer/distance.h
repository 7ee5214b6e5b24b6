/* SPDX-License-Identifier: MIT */
/* Keeping away from a slower producer. */
#ifndef MAPRING_CONSUMER_DISTANCE_H
#define MAPRING_CONSUMER_DISTANCE_H

#include "consumer/consumer.h"

/* Before waiting for a record: lets more come, if a distance is kept. After it: whether to keep one
 * from now on. */
void consumer_keep_distance(mapring_consumer *consumer);
void consumer_consider_distance(mapring_consumer *consumer);

#endif
