/* SPDX-License-Identifier: MIT */
/* Claiming room for records and making them visible. */
#ifndef MAPRING_PRODUCER_SEND_H
#define MAPRING_PRODUCER_SEND_H

#include "producer/producer.h"

/* Makes room for records that take `span` bytes, or drops them; results as of
 * mapring_producer_send(). After that, the other two return where the first of them begins, and its
 * sequence number. */
int producer_claim(mapring_producer *producer, uint64_t span, uint64_t records,
                   uint64_t payload_bytes, int64_t timeout_ns);
uint64_t producer_position(const mapring_producer *producer);
uint64_t producer_sequence(const mapring_producer *producer);

/* As mapring_producer_reserve(), but a ring that drops counts `counted` bytes. */
int producer_reserve_for(mapring_producer *producer, size_t bytes, size_t counted, void **payload,
                         int64_t timeout_ns);

/* Zeroes the commit word at a position, which must be done for the one after the records before they
 * become visible. */
void producer_end_at(mapring_producer *producer, uint64_t position);

/* Makes the records that were claimed and written visible by storing the first one's commit word,
 * given without its sequence number, and wakes waiting consumers. */
void producer_publish(mapring_producer *producer, uint64_t first_word, uint64_t span,
                      uint64_t records, uint64_t bytes);

/* Write notes without a record after them, if they fit without waiting: before the first record,
 * the end of the previous run; before closing, all notes that are due. */
void producer_tell_run_end(mapring_producer *producer);
void producer_tell_notes(mapring_producer *producer);

#endif
