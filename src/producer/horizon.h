/* SPDX-License-Identifier: MIT */
/* How far the horizon is to move, and what is kept behind it. */
#ifndef MAPRING_HORIZON_H
#define MAPRING_HORIZON_H

#include "producer/producer.h"

/* Makes a mark at tail, if it is time for one. Before the horizon moves: a producer that dies in
 * between must leave a mark within its reach. */
void horizon_mark(mapring_producer *producer);

/* The next mark is due when the producer writes beyond. */
uint64_t horizon_next_mark(const mapring_producer *producer);

/* The horizon with which what is kept begins at a mark, and as early as possible if the producer is
 * to write up to `end`. */
uint64_t horizon_for(mapring_producer *producer, uint64_t end);

/* Makes known what is kept with that horizon, and beyond the one there is: from the first place on, a
 * mark's or a consumer's, that is at most one capacity behind. */
void horizon_keep(mapring_producer *producer, uint64_t horizon);

#endif
