/* SPDX-License-Identifier: MIT */
/* What mapring stat --prometheus writes. */
#ifndef TOOLS_STAT_PROMETHEUS_H
#define TOOLS_STAT_PROMETHEUS_H

#include "mapring/mapring.h"

/* Writes the metrics of these rings, or of all, and complains about those that it cannot look at.
 * Returns the exit status. */
int stat_prometheus(enum mapring_scope scope, int count, char **names);

#endif
