/* SPDX-License-Identifier: MIT */
/* Files that the command makes, by name: what it needs of the system, in OS_DIR/disk.c. Those that
 * can fail leave the reason for os_error(). Paths are UTF-8. */
#ifndef TOOLS_DISK_H
#define TOOLS_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DISK_FAILED = -1, DISK_IS_TAKEN = -2, DISK_IS_NO_FILE = -3, DISK_IS_NOT_EMPTY = -4 };
enum disk_folder { DISK_WAS_THERE, DISK_IS_NEW };

/* Opens a regular file to append to it and to read it, after making it if there is none. Until it
 * is closed, others can rename and remove it, but not open it in this way: DISK_IS_TAKEN. */
int disk_open_end(const char *path);

int disk_create(const char *path); /* for writing; what was there is gone. -1: failed */

/* Both may be used by any thread. Reads whatever is there; 0: the end; -1: failed. */
ptrdiff_t disk_read(int file, void *buffer, size_t bytes);
bool disk_write(int file, const void *data, size_t bytes);

uint64_t disk_bytes(int file);
uint64_t disk_changed_ns(int file); /* when it was last written to: nanoseconds since 1970 */

bool disk_rewind(int file);                 /* the next read begins at the beginning */
bool disk_cut(int file, uint64_t bytes);    /* truncates it; the next write goes to its end */
bool disk_sync(int file);                   /* writes it to its disk */
void disk_permit_like(int file, int other); /* gives it the owner and the permissions of another */

bool disk_has_name(int file, const char *path); /* whether the path still leads to this file */
bool disk_exists(const char *path);
bool disk_rename(const char *from, const char *to);
bool disk_remove(const char *path);

/* Makes a folder, or finds an empty one. Returns an enum disk_folder, DISK_FAILED or
 * DISK_IS_NOT_EMPTY. */
int disk_make_folder(const char *path);
bool disk_remove_folder(const char *path); /* an empty one */

#endif
