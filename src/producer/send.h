/* SPDX-License-Identifier: MIT */
/* Claiming room for records and making them visible. */
#ifndef MAPRING_PRODUCER_SEND_H
#define MAPRING_PRODUCER_SEND_H

#include "producer/producer.h"

/* Makes room for records that take `span` bytes, or drops them: answers of mapring_producer_send().
 * Then, where the first of them begins, and its number. */
int producer_claim(mapring_producer *producer, uint64_t span, uint64_t records,
                   uint64_t payload_bytes, int64_t timeout_ns);
uint64_t producer_position(const mapring_producer *producer);
uint64_t producer_sequence(const mapring_producer *producer);

/* Makes what is claimed and written visible by the first one's commit word, without its sequence
 * number, and wakes who waits. */
void producer_publish(mapring_producer *producer, uint64_t first_word, uint64_t span,
                      uint64_t records, uint64_t bytes);

/* Before the first record and before closing: notes the end of the run before, or all that is due,
 * without a record behind it, if that fits. */
void producer_tell_run_end(mapring_producer *producer);
void producer_tell_notes(mapring_producer *producer);

#endif
