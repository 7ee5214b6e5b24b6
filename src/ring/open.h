/* SPDX-License-Identifier: MIT */
/* Opening a ring: creating it, or attaching one that is there. */
#ifndef MAPRING_RING_OPEN_H
#define MAPRING_RING_OPEN_H

#include "ring/ring.h"

/* Creates or attaches as the options say (NULL: all zero), and maps with the given access. Fills
 * in what the handle begins with, `hot`. ring_settle() must follow; ring_close()
 * instead removes what was created. */
int ring_open(struct ring *ring, struct mapring_hot *hot, const char *name,
              const struct mapring_options *options, enum platform_access access);

/* The same without mapping it: it may be truncated. */
int ring_find(struct ring *ring, struct mapring_hot *hot, const char *name,
              const struct mapring_options *options, enum platform_access access);

/* Declares a ring that was created ready for everybody, and prepares its pages as the options say
 * (NULL: not at all). After a failure ring_close() removes what was created. */
int ring_settle(struct ring *ring, const struct mapring_options *options,
                enum platform_access access);

/* Attaches an existing ring. */
int ring_attach(struct ring *ring, struct mapring_hot *hot, const char *name,
                enum mapring_scope scope, bool prefault, enum platform_access access);

#endif
