/* SPDX-License-Identifier: MIT */
/* The counters in the headers of records, and the clock points that say what times they mean. */
#ifndef MAPRING_STAMP_H
#define MAPRING_STAMP_H

#include "producer/producer.h"

/* Finds out, in a ring with times, how the counter is related to the system's clock, so that no
 * record gets an earlier time than those before `tail`. To be called once the tail is known. */
void stamp_begin(mapring_producer *producer, const struct ring_place *tail);

/* In a ring with times, reads the counter for what is written next, notes and the record with that
 * sequence number: producer->counter. Looks at the system's clock about once a second, and makes a
 * new clock point if that has gone another way. */
void producer_stamp(mapring_producer *producer, uint64_t sequence);

/* In a ring that repeats another one, and has times: returns a time of the origin as the counter for
 * what is written next, never less than those before; 0 if it is unknown. */
uint64_t stamp_repeated(mapring_producer *producer, uint64_t time_ns);

/* After that: makes a clock point for the record with that sequence number if times have another
 * uncertainty from there on. */
void stamp_uncertainty(mapring_producer *producer, uint64_t sequence, uint64_t uncertainty_ns);

/* Returns the counter, never less than for what was written before. Makes no clock point. */
uint64_t stamp_now(mapring_producer *producer);

#endif
