/* SPDX-License-Identifier: MIT */
/* Writing what was read from another ring, the origin. */
#ifndef MAPRING_REPEAT_H
#define MAPRING_REPEAT_H

#include "producer/producer.h"

/* For a new producer of a ring that repeats another one: finds the last run end that is in the ring,
 * and stores it in the header if an earlier producer died before it could. */
void repeat_begin(mapring_producer *producer, const struct ring_place *tail);

#endif
