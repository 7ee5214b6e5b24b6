/* SPDX-License-Identifier: MIT */
/* Room for the producer: its horizon, and waiting for the slowest consumer. */
#ifndef MAPRING_ROOM_H
#define MAPRING_ROOM_H

#include "producer/producer.h"

/* Waits until everything up to `end` may be written: MAPRING_OK, MAPRING_NO_ROOM, MAPRING_TIMED_OUT
 * or a failure. */
int producer_make_room(mapring_producer *producer, uint64_t end, int64_t timeout_ns);

/* Lets all consumers go that are dead. */
void producer_reap_dead(mapring_producer *producer);

/* Lets the slowest consumers go as long as they are dead, until that is enough, or false. */
bool producer_reap_until(mapring_producer *producer,
                         bool (*is_done)(mapring_producer *producer, void *context), void *context);

/* Sleeps until a consumer makes room, joins or leaves, at most for a while. False when the deadline
 * has passed. `is_done` is asked once more after the consumers can see that somebody waits. */
bool producer_sleep(mapring_producer *producer, int64_t deadline_ns,
                    bool (*is_done)(mapring_producer *producer, void *context), void *context);

#endif
