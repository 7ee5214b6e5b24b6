/* SPDX-License-Identifier: MIT */
/* Writes what several rings hold, in the order of their times. */
#ifndef TOOLS_DUMP_SEVERAL_H
#define TOOLS_DUMP_SEVERAL_H

#include <stdint.h>

#include "filter.h"
#include "mapring/mapring.h"
#include "names.h"
#include "output.h"

/* Each is a name, a path or a pattern. `last`: how many records of those that pass the filter are
 * written, the last ones; 0: all. Returns the exit status. */
int dump_several(const struct names *names, enum mapring_scope scope, uint64_t last,
                 struct output *output, struct filter *filter);

#endif
