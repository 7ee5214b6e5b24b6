/* SPDX-License-Identifier: MIT */
/* What mapring stat --json writes. */
#ifndef TOOLS_STAT_JSON_H
#define TOOLS_STAT_JSON_H

#include "stat_table.h"

struct status;

void stat_json(const char *name, const struct mapring_stat *stat, const struct stat_rate *rate,
               const struct status *bridges, unsigned bridge_count);

/* Writes what that object contains except for the name, the consumers and the bridges, into one that has
 * begun. */
void stat_json_members(const struct mapring_stat *stat, const struct stat_rate *rate);

/* Writes null if nothing was measured. */
void stat_json_rate(const char *key, const struct stat_rate *rate);

#endif
