/* SPDX-License-Identifier: MIT */
/* How far the horizon moves, and the oldest record that is then kept. */
#ifndef MAPRING_HORIZON_H
#define MAPRING_HORIZON_H

#include "producer/producer.h"

/* Makes a mark at the tail if it is time for one. Called before the horizon moves: a producer that
 * dies in between must leave a mark within reach. */
void horizon_mark(mapring_producer *producer);

/* Returns the position beyond which the next mark is due. */
uint64_t horizon_next_mark(const mapring_producer *producer);

/* Returns the horizon that lets the producer write up to `end` and has the oldest possible mark
 * exactly one capacity behind it. */
uint64_t horizon_for(mapring_producer *producer, uint64_t end);

/* Publishes the oldest record that is kept with that horizon: the first place, a mark's or a
 * consumer's, that is at most one capacity behind it. */
void horizon_keep(mapring_producer *producer, uint64_t horizon);

#endif
