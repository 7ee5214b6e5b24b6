/* SPDX-License-Identifier: MIT */
/* A consumer in an event loop. */
#ifndef MAPRING_CONSUMER_WAIT_HANDLE_H
#define MAPRING_CONSUMER_WAIT_HANDLE_H

#include "consumer/consumer.h"

/* Starts the thread that serves the consumer's wait handle, unless it runs already. `ready` is a
 * handle of the caller's to be set, in place of one of its own; or NULL. */
int consumer_start_notifier(mapring_consumer *consumer, const mapring_handle *ready);

#endif
