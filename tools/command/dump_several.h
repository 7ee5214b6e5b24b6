/* SPDX-License-Identifier: MIT */
/* Writes what several rings hold, in the order of their times. */
#ifndef TOOLS_DUMP_SEVERAL_H
#define TOOLS_DUMP_SEVERAL_H

#include "filter.h"
#include "mapring/mapring.h"
#include "output.h"

/* Each is a name, a path or a pattern. Returns the exit status. */
int dump_several(char **names, int count, enum mapring_scope scope, struct output *output,
                 struct filter *filter);

#endif
