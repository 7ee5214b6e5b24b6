/* SPDX-License-Identifier: MIT */
/* What the operating system shows of rings beyond the library: those of all users, and who owns
 * them. linux/rings.c and windows/rings.c implement it. */
#ifndef TOOLS_OS_RINGS_H
#define TOOLS_OS_RINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a ring is: in a scope, in the directory of MAPRING_DIR, or in a file with a path. */
enum os_place { OS_LOCAL, OS_GLOBAL, OS_BASE, OS_FILE };

struct os_ring {
    const char *name;
    const char *path;  /* opens it where the name does not: another user's; NULL: the name does */
    const char *owner; /* the user's name or id; empty: not known */
    enum os_place place;
    bool remainder; /* only the second file of a ring that is gone */
    bool named;     /* somebody asked for it, and the system shows none */
};

/* Calls `found` with each ring that the system shows, in no order, until it returns false: those of
 * the directory of MAPRING_DIR or, without it, of all scopes and users. Returns false after it has
 * printed why they cannot be listed. */
bool os_rings(bool (*found)(const struct os_ring *ring, void *context), void *context);

/* Writes the name of the program that a process runs; empty if the system does not say. */
void os_program(uint64_t process, char *name, size_t bytes);

#endif
