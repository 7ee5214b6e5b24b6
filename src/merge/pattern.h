/* SPDX-License-Identifier: MIT */
/* Patterns for the names of rings. */
#ifndef MAPRING_MERGE_PATTERN_H
#define MAPRING_MERGE_PATTERN_H

#include <stdbool.h>

/* Whether the text is a pattern rather than a name or a path. */
bool pattern_is_one(const char *text);

/* MAPRING_ERROR_NAME if no name of a ring can match it. */
int pattern_check(const char *pattern);

#endif
