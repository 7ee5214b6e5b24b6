/* SPDX-License-Identifier: MIT */
/* Counting consumers that leave records unread. */
#ifndef MAPRING_LEFT_UNREAD_H
#define MAPRING_LEFT_UNREAD_H

#include "ring/ring.h"

/* Whether a record is committed at the position, or after notes there. */
bool is_unread_from(const struct ring *ring, uint64_t position);

/* Counts the cell's consumer if it has records unread. Called by the process that has the cell's
 * role and is about to free the cell or take it over, before it changes the cell: if that process
 * is killed in between, the consumer is counted twice rather than not at all. */
void count_unread(const struct ring *ring, unsigned cell);

#endif
