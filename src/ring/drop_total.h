/* SPDX-License-Identifier: MIT */
/* How many records producers have dropped. */
#ifndef MAPRING_DROP_TOTAL_H
#define MAPRING_DROP_TOTAL_H

#include "ring/ring.h"

/* In all, by this and by earlier producers, as far as they have counted them. */
struct ring_loss drop_total(const struct ring *ring);

#endif
