/* SPDX-License-Identifier: MIT */
/* Waiting for records. */
#ifndef MAPRING_CONSUMER_SLEEP_H
#define MAPRING_CONSUMER_SLEEP_H

#include "consumer/consumer.h"

/* Waits for a record at the cursor: MAPRING_OK, or why there is none. */
int consumer_wait(mapring_consumer *consumer, int64_t timeout_ns);

/* Asks the producer to wake this consumer when `bytes` bytes or more are there, W: before the last
 * look, in the producer's eyes too. Returns the wait set to sleep on. And takes it back. */
uint32_t consumer_call(const struct consumer_watch *watch, uint64_t bytes);
void consumer_call_off(const struct consumer_watch *watch);

/* With a record there: lets more come, as far as the watch asks for it, until then at the latest. */
void consumer_gather(const struct consumer_watch *watch, int64_t until);

#endif
