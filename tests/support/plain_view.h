/* SPDX-License-Identifier: MIT */
/* A named mapping by the plain calls of the system, as any other program has it. On Linux
 * "Local\Name" is the object "/Name". Whatever fails returns false or NULL. */
#ifndef MAPRING_TESTS_PLAIN_VIEW_H
#define MAPRING_TESTS_PLAIN_VIEW_H

#include <stdbool.h>
#include <stddef.h>

/* Stays mapped, and the mapping open, until the process ends. */
unsigned char *plain_view_create(const char *name, size_t bytes);

/* Whether there is such a mapping with these bytes in it. Leaves nothing open. */
bool plain_view_has(const char *name, size_t offset, const void *data, size_t bytes);
bool plain_view_exists(const char *name);

/* Something of that name that is no mapping: an event on Windows, a directory on Linux. */
bool plain_view_squat(const char *name);

/* Where a name outlives its users. */
void plain_view_remove(const char *name);

#endif
