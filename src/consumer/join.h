/* SPDX-License-Identifier: MIT */
/* Taking a place in the ring. */
#ifndef MAPRING_CONSUMER_JOIN_H
#define MAPRING_CONSUMER_JOIN_H

#include "consumer/consumer.h"

/* consumer_claim() makes the producer wait for this consumer from the position on. Returns false if
 * the position has been overwritten, or may be. consumer_claim_oldest() does the same for the
 * oldest record that is kept. */
bool consumer_claim(const mapring_consumer *consumer, uint64_t position);
int consumer_claim_oldest(mapring_consumer *consumer, struct ring_place *place);

/* Takes a place that the producer will respect, at the record with that sequence number or the
 * nearest one kept, and begins a new ledger there. */
int consumer_place(mapring_consumer *consumer, enum mapring_from from, uint64_t sequence);

/* Tells a producer that waits for the first consumer to continue. */
void consumer_tell_joined(const struct ring *ring);

#endif
