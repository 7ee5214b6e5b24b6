/* SPDX-License-Identifier: MIT */
/* Writes what several rings hold, in the order of their times. */
#ifndef TOOLS_DUMP_SEVERAL_H
#define TOOLS_DUMP_SEVERAL_H

#include "mapring/mapring.h"
#include "output.h"

/* Whether a record is to be written, or a loss, which it may cut. */
typedef bool is_wanted_function(int result, struct mapring_record *record);

/* Each is a name, a path or a pattern. Returns the exit status. */
int dump_several(char **names, int count, enum mapring_scope scope, struct output *output,
                 is_wanted_function *is_wanted);

#endif
