/* SPDX-License-Identifier: MIT */
/* Waking the consumers that sleep. */
#ifndef MAPRING_PRODUCER_WAKE_H
#define MAPRING_PRODUCER_WAKE_H

#include "producer/producer.h"

/* Wakes the sleeping consumers that have waited for what is there now, or all of them. */
void producer_wake(mapring_producer *producer, bool all);

#endif
