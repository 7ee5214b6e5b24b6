/* SPDX-License-Identifier: MIT */
/* Which options a ring can be opened with. */
#ifndef MAPRING_RING_OPTIONS_H
#define MAPRING_RING_OPTIONS_H

#include "mapring/mapring.h"
#include "name.h"

/* Whether the options name something that can be made or found. */
int options_check(const struct mapring_options *options, const struct ring_name *name);

#endif
