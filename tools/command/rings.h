/* SPDX-License-Identifier: MIT */
/* The rings that a command is to work on: those of a scope or of all users, by names and
 * patterns. */
#ifndef TOOLS_RINGS_H
#define TOOLS_RINGS_H

#include "mapring/mapring.h"
#include "os_rings.h"

struct rings_wanted {
    bool all; /* of every scope and user */
    enum mapring_scope scope;
    int count; /* of names, patterns and paths; 0: any name */
    char **names;
};

struct rings {
    struct os_ring *ring;
    size_t count;
    bool no_memory; /* the list is not complete */
};

/* Finds them, sorted by name. A name that nothing has is in the list, too, and so is a path: it is
 * for the library to say what is wrong with it. Returns false after it has printed why it cannot. */
bool rings_find(struct rings *rings, const struct rings_wanted *wanted);
void rings_free(struct rings *rings);

/* What the library is to be given for a ring. */
const char *ring_path(const struct os_ring *ring);
enum mapring_scope ring_scope(const struct os_ring *ring);

/* "local", "global", "directory" or "file". */
const char *ring_place(const struct os_ring *ring);

#endif
