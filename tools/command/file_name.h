/* SPDX-License-Identifier: MIT */
/* Recognizes ring names that look like file names. */
#ifndef TOOLS_FILE_NAME_H
#define TOOLS_FILE_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the name ends in a suffix that is usual for files, as in "flight.ring", and is not a
 * path. */
bool file_name_is_likely(const char *name);

/* Whether it is a path rather than a name. */
bool file_name_is_path(const char *name);

/* Whether the ring of that name is in a file: it is a path, or MAPRING_DIR is set. */
bool file_name_is_one(const char *name);

/* The length of the name without ".ring", if it ends in that. */
size_t file_name_stem(const char *name);

/* Prints that the new ring of that name is not in a file. */
void file_name_tell(const char *name);

#endif
