/* SPDX-License-Identifier: MIT */
/* Named mappings with plain system calls, as any other program uses them. On Linux "Local\Name" is
 * the object "/Name". On failure, a function returns false or NULL. */
#ifndef MAPRING_TESTS_PLAIN_VIEW_H
#define MAPRING_TESTS_PLAIN_VIEW_H

#include <stdbool.h>
#include <stddef.h>

/* The mapping stays open until the process ends. */
unsigned char *plain_view_create(const char *name, size_t bytes);

/* Whether there is such a mapping and it holds these bytes. Leaves nothing open. */
bool plain_view_has(const char *name, size_t offset, const void *data, size_t bytes);
bool plain_view_exists(const char *name);

/* Makes an object of that name that is not a mapping: an event on Windows, a directory on Linux. */
bool plain_view_squat(const char *name);

/* Removes a name that outlives its users. */
void plain_view_remove(const char *name);

#endif
