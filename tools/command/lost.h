/* SPDX-License-Identifier: MIT */
/* Reports records that a reader has lost: MAPRING_LOST. */
#ifndef TOOLS_LOST_H
#define TOOLS_LOST_H

#include <stdbool.h>
#include <stdint.h>

#include "mapring/mapring.h"

/* Prints to stderr which records were lost and, if known, their size and when; `before` begins the
 * message. */
void lost_tell(const char *before, const struct mapring_record *lost);

/* Removes what precedes the number `first`. False: nothing is left. `result` is MAPRING_OK or
 * MAPRING_LOST and says which kind of record it is. */
bool record_since(int result, struct mapring_record *record, uint64_t first);

#endif
