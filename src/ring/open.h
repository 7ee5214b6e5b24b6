/* SPDX-License-Identifier: MIT */
/* Opening a ring: creating it, or attaching an existing one. */
#ifndef MAPRING_RING_OPEN_H
#define MAPRING_RING_OPEN_H

#include "ring/ring.h"

/* Creates or attaches a ring as the options say (NULL: all zero), and maps it with the given
 * access. Fills in *hot, with which the handle begins. Either ring_settle() must follow, or
 * ring_close(), which then removes a ring that was created. */
int ring_open(struct ring *ring, struct mapring_hot *hot, const char *name,
              const struct mapring_options *options, enum platform_access access);

/* The same without mapping the ring, which may be truncated. */
int ring_find(struct ring *ring, struct mapring_hot *hot, const char *name,
              const struct mapring_options *options, enum platform_access access);

/* Declares a ring that was created ready for use, and prepares its pages as the options say (NULL:
 * not at all). After a failure, ring_close() removes a ring that was created. */
int ring_settle(struct ring *ring, const struct mapring_options *options,
                enum platform_access access);

/* Attaches an existing ring. */
int ring_attach(struct ring *ring, struct mapring_hot *hot, const char *name,
                enum mapring_scope scope, bool prefault, enum platform_access access);

#endif
