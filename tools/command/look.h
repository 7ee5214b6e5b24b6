/* SPDX-License-Identifier: MIT */
/* What a ring holds and who uses it, from the outside. */
#ifndef TOOLS_LOOK_H
#define TOOLS_LOOK_H

#include "mapring/mapring.h"

/* As mapring_open() and mapring_stat(). */
int look(const char *name, enum mapring_scope scope, struct mapring_stat *stat);

#endif
