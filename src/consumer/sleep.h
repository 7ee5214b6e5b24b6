/* SPDX-License-Identifier: MIT */
/* Waiting for records. */
#ifndef MAPRING_CONSUMER_SLEEP_H
#define MAPRING_CONSUMER_SLEEP_H

#include "consumer/consumer.h"

/* Where membarrier() is not available, the producer's commit word may still be in its store buffer
 * when it reads the wait set, and the two sides miss each other. Stores leave their buffer soon, so
 * the consumer looks for a little longer, sleeps for a short time first, and looks again: see
 * docs/decisions.md. */
enum { LOOK_ON_NS = 2000, SHORT_SLEEP_NS = 1000000 };

/* Waits for a record at the cursor: MAPRING_OK, or the reason why there is none. */
int consumer_wait(mapring_consumer *consumer, int64_t timeout_ns);

/* consumer_request_wake() asks the producer to wake this consumer when `bytes` bytes or more are
 * there. W: the producer sees the request before the consumer checks once more. A request stands
 * until somebody clears its bit: asking again costs little until then. consumer_cancel_wake()
 * withdraws it. */
void consumer_request_wake(struct consumer_watch *watch, uint64_t bytes);
void consumer_cancel_wake(const struct consumer_watch *watch);

/* The longest time that the consumer may sleep now, up to `limit`: until the producer's stores from
 * before the request are certainly visible, it is short. To be called before the last look. */
int64_t consumer_sleep_limit(struct consumer_watch *watch, int64_t limit);

/* Once a record is there, waits for as many more as the watch asks for, until the deadline at the
 * latest. */
void consumer_gather(struct consumer_watch *watch, int64_t until);

#endif
