/* SPDX-License-Identifier: MIT */
/* Replaces a file's contents at once. linux/ and windows/ implement it. */
#ifndef TOOLS_REPLACE_FILE_H
#define TOOLS_REPLACE_FILE_H

#include <stddef.h>

/* Whoever opens the file finds the old contents or the new ones, whatever happens meanwhile. They
 * are written to PATH.tmp first, and a file of that name that a killed process left is used again.
 * Only a regular file is replaced. Returns NULL, or why the old contents stay; valid until the next
 * call. */
const char *replace_file(const char *path, const void *data, size_t bytes);

#endif
