/* SPDX-License-Identifier: MIT */
/* What mapring ls --long and --all show. */
#ifndef TOOLS_LS_LONG_H
#define TOOLS_LS_LONG_H

#include "rings.h"

/* For people, in columns, and as JSON. Return whether every ring that was named is there. */
bool ls_print(const struct rings *rings);
bool ls_json(const struct rings *rings);

#endif
