/* SPDX-License-Identifier: MIT */
/* What mapring stat --json writes. */
#ifndef TOOLS_STAT_JSON_H
#define TOOLS_STAT_JSON_H

#include "stat_table.h"

void stat_json(const char *name, const struct mapring_stat *stat, const struct stat_rate *rate);

#endif
