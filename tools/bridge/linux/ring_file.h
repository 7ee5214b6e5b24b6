/* SPDX-License-Identifier: MIT */
/* The file of a ring, beside which bridges keep theirs. */
#ifndef BRIDGE_LINUX_RING_FILE_H
#define BRIDGE_LINUX_RING_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "mapring/mapring.h"

/* As the library finds it: a path, in the directory of MAPRING_DIR, or in shared memory. Returns the
 * length of what is in `path`. */
size_t ring_file_path(char *path, size_t bytes, const char *ring, enum mapring_scope scope);

/* Locks a file until it is closed, also by the end of the process. False: errno says why. */
bool ring_file_lock(int file);

#endif
