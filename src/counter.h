/* SPDX-License-Identifier: MIT */
/* The counter whose values stand in the records of a ring with times. */
#ifndef MAPRING_COUNTER_H
#define MAPRING_COUNTER_H

#include "layout.h"

/* The counter that this process uses: that of the processor, if it counts evenly and is the same on
 * all of them; otherwise a clock of the system. */
enum record_clock counter_clock(void);

/* Whether mapring_ticks() is that counter. */
bool counter_is_inlined(enum record_clock clock);

/* Its value. It may be lower than before if the process has moved to another machine. */
uint64_t counter_now(enum record_clock clock);

#endif
