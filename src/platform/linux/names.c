/* SPDX-License-Identifier: MIT */
/* The path of a ring's file: for a named ring in /dev/shm, with the user id in the name if the
 * scope is local; for a path, the path itself. */
#include <stdio.h>
#include <unistd.h>

#include "platform/linux/object.h"

void name_prefix(bool global, char *prefix, size_t bytes)
{
    if (global)
        snprintf(prefix, bytes, "mapring+");
    else
        snprintf(prefix, bytes, "mapring-%u+", (unsigned)geteuid());
}

void name_path(const struct ring_name *name, char path[PATH_LIMIT])
{
    char prefix[PREFIX_LIMIT];
    name_prefix(name->global, prefix, sizeof prefix);
    if (name->is_path)
        snprintf(path, PATH_LIMIT, "%s", name->text);
    else
        snprintf(path, PATH_LIMIT, SHARED_MEMORY "%s%.*s", prefix, NAME_LIMIT, name->text);
}
