/* SPDX-License-Identifier: MIT */
/* Releasing records. */
#ifndef MAPRING_CONSUMER_RELEASE_H
#define MAPRING_CONSUMER_RELEASE_H

#include "consumer/consumer.h"

/* Releases everything up to the cursor. */
void consumer_give_back(mapring_consumer *consumer);

/* The same up to an earlier cursor, after which only records were handed out. */
void consumer_give_back_to(mapring_consumer *consumer, const struct mapring_cursor *cursor);

/* Tells the producer what has been released. */
void consumer_publish(mapring_consumer *consumer);

/* Writes the consumer's ledger, which outlives its process. */
void consumer_write_ledger(mapring_consumer *consumer);

/* Wakes the producer if it waits for a consumer. */
void consumer_wake_producer(const struct ring *ring);

#endif
