/* SPDX-License-Identifier: MIT */
/*
 * A ring that overwrites waits for nobody, so a bridge that must be able to send again carries a copy
 * of it: a ring beside it that repeats it and blocks. A thread reads the one as an observer and
 * writes the other. What the ring has overwritten before that, or while the copy is full, is a loss
 * in the copy. The copy lives as long as the ring does, and says where to go on.
 */
#ifndef BRIDGE_COPY_H
#define BRIDGE_COPY_H

#include <stdbool.h>

#include "batch.h"
#include "mapring/mapring.h"
#include "trouble.h"

struct copy;

struct copy_settings {
    const char *ring, *stream;
    enum mapring_scope scope;
    const struct batch_origin *origin; /* of the ring */
    uint64_t first_sequence;           /* of the first record that the ring ever had */
};

/* Opens the copy of a ring for a stream, makes it if there is none, and begins to copy. NULL:
 * failed. Only one process at a time. */
struct copy *copy_begin(const struct copy_settings *settings, struct trouble *trouble);

/* The name under which the copy can be opened, as long as the ring is not removed. */
const char *copy_name(const struct copy *copy);

/* Whether it goes on, or has ended since the ring was removed: then the copy is removed, too, and
 * consumers get what it still has. */
bool copy_is_well(const struct copy *copy, struct trouble *trouble);

void copy_end(struct copy *copy); /* NULL is accepted */

#endif
