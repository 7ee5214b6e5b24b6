/* SPDX-License-Identifier: MIT */
#ifndef MAPRING_IDENTITY_H
#define MAPRING_IDENTITY_H

#include <stdbool.h>

#include "layout.h"

/* Refuses an identity that does not belong to a ring, has another layout, or is invalid.
 * `writable`: whether the ring is to be written to. */
int identity_check(const struct ring_identity *is, bool writable, const char *name);

/* Refuses an origin that is invalid, for a ring of that identity. */
int identity_check_origin(const struct ring_identity *is, const struct ring_origin *origin,
                          const char *name);

#endif
