/* SPDX-License-Identifier: MIT */
/* Records that a reader is told to be missing: MAPRING_LOST. */
#ifndef TOOLS_LOST_H
#define TOOLS_LOST_H

#include <stdbool.h>
#include <stdint.h>

#include "mapring/mapring.h"

/* Says on stderr which ones, and how much was in them where that is known. */
void lost_tell(const struct mapring_record *lost);

/* Takes off what is before the number `first`. False: nothing is left. `result` says what kind of
 * record it is: MAPRING_OK or MAPRING_LOST. */
bool record_since(int result, struct mapring_record *record, uint64_t first);

#endif
