/* SPDX-License-Identifier: MIT */
/* Taking a place in the ring. */
#ifndef MAPRING_CONSUMER_JOIN_H
#define MAPRING_CONSUMER_JOIN_H

#include "consumer/consumer.h"

/* Lets the producer wait for this consumer from the position on; false when that is overwritten
 * already, or may be. The second does it for where what is kept begins. */
bool consumer_claim(const mapring_consumer *consumer, uint64_t position);
int consumer_claim_oldest(mapring_consumer *consumer, struct ring_place *place);

/* Takes a place in the ring that the producer will respect, and forgets what was released before:
 * the record with that sequence number, or the nearest one kept. */
int consumer_place(mapring_consumer *consumer, enum mapring_from from, uint64_t sequence);

/* Lets the producer go on that waits for the first consumer. */
void consumer_tell_joined(const struct ring *ring);

#endif
