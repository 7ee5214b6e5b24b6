/* SPDX-License-Identifier: MIT */
/* Describes the bridges of a ring for mapring stat and mapring top. */
#ifndef TOOLS_BRIDGE_ROW_H
#define TOOLS_BRIDGE_ROW_H

#include "bridge/status.h"
#include "shared/json.h"

/* For people. */
void bridges_print(const struct status *status, unsigned count, bool verbose);

/* Writes all of a ring's as the member "bridges" of the object that has begun. */
void bridges_json(const struct status *status, unsigned count, enum json_layout layout);

#endif
