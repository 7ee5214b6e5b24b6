/* SPDX-License-Identifier: MIT */
/* Waking sleeping consumers. */
#ifndef MAPRING_PRODUCER_WAKE_H
#define MAPRING_PRODUCER_WAKE_H

#include "producer/producer.h"

/* Wakes the sleeping consumers for which enough is there now, or all of them. */
void producer_wake(mapring_producer *producer, bool all);

#endif
