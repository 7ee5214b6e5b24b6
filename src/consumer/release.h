/* SPDX-License-Identifier: MIT */
/* What a consumer has released. */
#ifndef MAPRING_CONSUMER_RELEASE_H
#define MAPRING_CONSUMER_RELEASE_H

#include "consumer/consumer.h"

/* Releases all up to the cursor. */
void consumer_give_back(mapring_consumer *consumer);

/* Lets the producer know what is released. */
void consumer_publish(mapring_consumer *consumer);

/* Writes down where the consumer stands: what it finds again after it was killed. */
void consumer_write_ledger(mapring_consumer *consumer);

/* Wakes a producer that waits for something the consumers do. */
void consumer_wake_producer(const struct ring *ring);

#endif
