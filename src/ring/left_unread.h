/* SPDX-License-Identifier: MIT */
/* What consumers leave unread, and how that is told. */
#ifndef MAPRING_LEFT_UNREAD_H
#define MAPRING_LEFT_UNREAD_H

#include "ring/ring.h"

/* Whether a record is committed at the position, or behind notes there. */
bool is_unread_from(const struct ring *ring, uint64_t position);

/* For whoever has the cell's role and is about to free it, or to take it over: counts its consumer
 * when it has records unread. Before the cell changes, because who does it may be killed in between:
 * then it is counted twice, and told all the same. */
void count_unread(const struct ring *ring, unsigned cell);

#endif
