/* SPDX-License-Identifier: MIT */
/* Which options a ring can be opened with. */
#ifndef MAPRING_RING_OPTIONS_H
#define MAPRING_RING_OPTIONS_H

#include "mapring/mapring.h"
#include "name.h"

/* Whether what is reserved for later versions, in any of the option structures, is zero. */
#define OPTIONS_CHECK_RESERVED(options, name) \
    options_check_reserved((options)->reserved, sizeof(options)->reserved / sizeof(uint64_t), name)
int options_check_reserved(const uint64_t *reserved, size_t count, const char *name);

/* Whether the options name something that can be made or found. */
int options_check(const struct mapring_options *options, const struct ring_name *name);

#endif
