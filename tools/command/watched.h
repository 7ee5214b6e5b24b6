/* SPDX-License-Identifier: MIT */
/* A file that another program writes, renames, truncates and replaces; in OS_DIR/watched.c. */
#ifndef TOOLS_WATCHED_H
#define TOOLS_WATCHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Two files that exist at the same time differ in this, wherever they are renamed to. */
struct watched_identity {
    uint64_t volume, file;
};

enum watched_opened { WATCHED_OPENED, WATCHED_MISSING, WATCHED_NOT_OPENED, WATCHED_NO_FILE };

/* Opens a file so that others may do with it what they want. WATCHED_NOT_OPENED: os_error() says
 * why; WATCHED_NO_FILE: a directory, a pipe and the like. */
enum watched_opened watched_open(const char *path, int *file, struct watched_identity *identity);

/* Whether the path leads to that file. */
bool watched_is_at(const char *path, const struct watched_identity *identity);

/* Calls `found` with the path of each file in the folder of `path` that has such a name as rotation
 * gives to the older files of that one: see rotated_name.h. */
void watched_rotated(const char *path, void (*found)(const char *rotated, void *context),
                     void *context);

int64_t watched_bytes(int file); /* its present size; -1: failed */

/* Reads at an offset. 0: the file has no bytes there; -1: failed, see os_error(). */
ptrdiff_t watched_read(int file, uint64_t offset, void *buffer, size_t bytes);

/* Whether any process has the file open for writing. */
enum watched_writers { WATCHED_NO_WRITERS, WATCHED_WRITERS, WATCHED_WRITERS_UNKNOWN };
enum watched_writers watched_writers(int file);

#endif
