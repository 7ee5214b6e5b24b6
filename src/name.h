/* SPDX-License-Identifier: MIT */
/* The name of a ring: a name in a scope, or the path of a file. */
#ifndef MAPRING_NAME_H
#define MAPRING_NAME_H

#include <stdbool.h>

#include "mapring/mapring.h"

enum { NAME_LIMIT = 100, PATH_LIMIT = 4096 };

struct ring_name {
    bool is_path;
    bool in_base; /* a path, of a name in the directory of MAPRING_DIR */
    bool global;
    char text[PATH_LIMIT]; /* checked UTF-8 */
};

/* Checks and takes over a name as the caller gave it. MAPRING_ERROR_NAME if no ring can have that
 * name. */
int ring_name_parse(struct ring_name *name, const char *text, enum mapring_scope scope);

/* Turns a name into the path of its file in that directory. */
int ring_name_move(struct ring_name *name, const char *directory);

#define RING_SUFFIX ".ring" /* of the files in that directory */

/* Whether a named ring can have the name. For listing rings, since anything may be among them. */
bool ring_name_is_valid(const char *text);

#endif
