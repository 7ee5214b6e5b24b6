/* SPDX-License-Identifier: MIT */
/* A consumer notes how long records took from their commit until it had them, in rings with
 * times. */
#ifndef MAPRING_CONSUMER_LATENCY_H
#define MAPRING_CONSUMER_LATENCY_H

#include "consumer/consumer.h"

/* Empties the histogram of a cell that a new consumer takes. */
void consumer_latency_clear(const struct ring *ring, unsigned cell);

/* From now on, records count that are committed later than now. */
void consumer_latency_begin(mapring_consumer *consumer);

/* Notes the latency of a record that has just been taken and has a time, if it is one of those to be
 * noted. */
void consumer_latency_note(mapring_consumer *consumer, const struct mapring_record *record);

#endif
