/* SPDX-License-Identifier: MIT */
/* The file of a companion: beside the ring's own, with '+' behind its name, which no ring's name has,
 * and of the same owner. */
#ifndef MAPRING_LINUX_COMPANION_FILE_H
#define MAPRING_LINUX_COMPANION_FILE_H

#include "platform/linux/object.h"

enum { ALL_MODES = 07777 };

/* Its path; a path's links are followed. */
int companion_find_path(const struct ring_name *name, const char *path,
                        char companion[PATH_LIMIT + 1]);

/* open() for the object's companion_path, into a descriptor that a fork closes. False: errno. */
bool companion_open(struct platform_object *object, int flags);

/* The file's bond, all zero if it has none. False: errno. */
bool companion_read_bond(int descriptor, struct ring_bond *bond);

/* Removes the companion of an earlier ring, which cannot be there any more, for a new one of that
 * owner. Anything else in its place is a failure. */
int companion_clear_place(const struct ring_name *name, const char *path, uid_t owner);

#endif
