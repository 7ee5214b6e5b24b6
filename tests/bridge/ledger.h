/* SPDX-License-Identifier: MIT */
/* What a process of the load tells the harness: lines of a file, which are in it when a call
 * returns. */
#ifndef BRIDGE_LEDGER_H
#define BRIDGE_LEDGER_H

#include <stdint.h>

#include "mapring/mapring.h"

void ledger_open(const char *path); /* one for the process; ends it on failure */
void ledger_gap(const struct mapring_record *gap);
void ledger_run_end(uint64_t run, uint64_t next, const char *how);
void ledger_mark(uint64_t number, uint64_t times); /* the sum of all times so far */

#endif
