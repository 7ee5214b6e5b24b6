/* SPDX-License-Identifier: MIT */
/* Whether a ring is a log. */
#ifndef TOOLS_LOG_KIND_H
#define TOOLS_LOG_KIND_H

#include <stdbool.h>

#include "mapring/mapring.h"

bool stat_is_log(const struct mapring_stat *stat);

/* Prints why a ring could not be used as a log, according to the result of a call that has just
 * failed, and what can be done. Returns an exit status. */
int log_failure(int result, const char *name, enum mapring_scope scope);

#endif
