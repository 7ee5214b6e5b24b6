/* SPDX-License-Identifier: MIT */
/* Checking the options for opening a ring. */
#ifndef MAPRING_RING_OPTIONS_H
#define MAPRING_RING_OPTIONS_H

#include "mapring/mapring.h"
#include "name.h"

/* Checks that the words reserved for later versions, in any of the option structures, are zero. */
#define OPTIONS_CHECK_RESERVED(options, name) \
    options_check_reserved((options)->reserved, sizeof(options)->reserved / sizeof(uint64_t), name)
int options_check_reserved(const uint64_t *reserved, size_t count, const char *name);

/* Which ring is to be repeated; NULL: none. */
const char *options_origin(const struct mapring_options *options);

/* The group that a ring is to belong to; NULL: none. */
const char *options_group(const struct mapring_options *options);

/* Checks that the options describe a ring that can be created or found. */
int options_check(const struct mapring_options *options, const struct ring_name *name);

#endif
