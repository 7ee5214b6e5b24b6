/* SPDX-License-Identifier: MIT */
/* The total of dropped records in the header. */
#ifndef MAPRING_DROP_TOTAL_H
#define MAPRING_DROP_TOTAL_H

#include "ring/ring.h"

/* Returns how many records this and earlier producers have dropped, as last published. */
struct ring_loss drop_total(const struct ring *ring);

#endif
