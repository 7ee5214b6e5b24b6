/* SPDX-License-Identifier: MIT */
/* A list of names of rings. */
#ifndef TOOLS_NAMES_H
#define TOOLS_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "mapring/mapring.h"

struct names {
    char **name;
    size_t count;
    bool no_memory; /* the list is not complete */
};

void names_add(struct names *names, const char *name);

/* Adds all named rings that match the pattern, sorted; NULL: all that there are. Returns what
 * mapring_list() returns. */
int names_find(struct names *names, enum mapring_scope scope, const char *pattern);

void names_free(struct names *names);

/* Whether the text is a pattern rather than a name or a path. */
bool name_is_pattern(const char *text);

#endif
