/* SPDX-License-Identifier: MIT */
/* Room for the producer: its horizon, and waiting for the slowest consumer. */
#ifndef MAPRING_ROOM_H
#define MAPRING_ROOM_H

#include "producer/producer.h"

/* Waits until everything up to `end` may be written: MAPRING_OK, MAPRING_NO_ROOM,
 * MAPRING_TIMED_OUT, MAPRING_REMOVED or a failure. */
int producer_make_room(mapring_producer *producer, uint64_t end, int64_t timeout_ns);

/* Reaps the cells of all dead consumers. */
void producer_reap_dead(mapring_producer *producer);

/* Reaps the cell of the slowest consumer as long as that is dead. Returns true once `is_done` does,
 * false if reaping no longer helps. */
bool producer_reap_until(mapring_producer *producer,
                         bool (*is_done)(mapring_producer *producer, void *context), void *context);

/* Lets those attached consumers go that leave no room up to `end` and are further behind than the
 * ring lets them be. True if there were any. */
bool producer_evict_late(mapring_producer *producer, uint64_t end);

/* Sleeps for a limited time, until a consumer makes room, joins or leaves. False if the deadline
 * has passed. Calls `is_done` once more when the consumers can already see that the producer
 * waits. */
bool producer_sleep(mapring_producer *producer, int64_t deadline_ns,
                    bool (*is_done)(mapring_producer *producer, void *context), void *context);

#endif
