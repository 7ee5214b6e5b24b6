/* SPDX-License-Identifier: MIT */
/* The file of a companion: beside the ring's own file, with '+' appended to its name, which no
 * ring's name contains, and with the same owner. */
#ifndef MAPRING_LINUX_COMPANION_FILE_H
#define MAPRING_LINUX_COMPANION_FILE_H

#include "platform/linux/object.h"

enum { ALL_MODES = 07777 };

/* Finds the companion's path. If the ring is a path, follows its links first. */
int companion_find_path(const struct ring_name *name, const char *path,
                        char companion[PATH_LIMIT + 1]);

/* Opens the object's companion_path, as a descriptor that forked children close. Returns false and
 * sets errno on failure. */
bool companion_open(struct platform_object *object, int flags);

/* Reads the file's bond, all zero if it has none. Returns false and sets errno on failure. */
bool companion_read_bond(int descriptor, struct ring_bond *bond);

/* Whether there is a companion, of that owner, of a ring at that path, which is gone. */
bool companion_is_left(const char *path, uid_t owner);

/* Removes the companion that an earlier ring of that owner left, to make way for a new one. Fails
 * if anything else is in its place. */
int companion_clear_place(const struct ring_name *name, const char *path, uid_t owner);

#endif
