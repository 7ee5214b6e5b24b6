/* SPDX-License-Identifier: MIT */
/* What a platform_object is on Linux: a file, in shared memory or on a disk. */
#ifndef MAPRING_LINUX_OBJECT_H
#define MAPRING_LINUX_OBJECT_H

#include <stdbool.h>

#include "platform.h"

struct platform_object {
    int descriptor;
    bool created; /* by this handle, so that it may undo it */
    struct ring_name name;
    char path[PATH_LIMIT];
    int *broken; /* set in a forked child, if not NULL */
    struct platform_object *next, *previous; /* those to be closed in a forked child */
};

/* Into the list of those that a fork closes. */
void object_watch_fork(struct platform_object *object);

/* Out of the list of those that a fork closes. */
void object_forget_fork(struct platform_object *object);

#endif
