/* SPDX-License-Identifier: MIT */
/* Keeping a distance from a slower producer. */
#ifndef MAPRING_CONSUMER_DISTANCE_H
#define MAPRING_CONSUMER_DISTANCE_H

#include "consumer/consumer.h"

/* Called before waiting for a record: if a distance is kept, lets more records gather. Called after
 * it: decides whether to keep a distance from now on. */
void consumer_keep_distance(mapring_consumer *consumer);
void consumer_consider_distance(mapring_consumer *consumer);

#endif
