/* SPDX-License-Identifier: MIT */
/* Reports records that a reader has lost: MAPRING_LOST. */
#ifndef TOOLS_LOST_H
#define TOOLS_LOST_H

#include <stdbool.h>
#include <stdint.h>

#include "mapring/mapring.h"

/* The times of the records before and after a loss; 0: not known. */
struct loss_bounds {
    uint64_t after_ns, before_ns;
};

/* Whether the loss itself has no times, so that its bounds say more. */
bool lost_is_untimed(const struct mapring_record *lost);

/* Prints to stderr which records were lost and, as far as known, their size and when; `before` begins
 * the message. */
void lost_tell(const char *before, const struct mapring_record *lost,
               const struct loss_bounds *bounds);

/* Removes what precedes the number `first`. False: nothing is left. `result` is MAPRING_OK or
 * MAPRING_LOST and says which kind of record it is. */
bool record_since(int result, struct mapring_record *record, uint64_t first);

#endif
