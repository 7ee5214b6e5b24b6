/* SPDX-License-Identifier: MIT */
/* What a ring is called: a name in a scope, or the path of a file. */
#ifndef MAPRING_NAME_H
#define MAPRING_NAME_H

#include <stdbool.h>

#include "mapring/mapring.h"

enum { NAME_LIMIT = 100, PATH_LIMIT = 4096 };

struct ring_name {
    bool is_path;
    bool global;
    char text[PATH_LIMIT]; /* UTF-8, checked */
};

/* MAPRING_ERROR_NAME when no ring can be called so. */
int ring_name_parse(struct ring_name *name, const char *text, enum mapring_scope scope);

/* Whether a named ring can have the name: whoever lists them must not trust what is there. */
bool ring_name_is_valid(const char *text);

#endif
