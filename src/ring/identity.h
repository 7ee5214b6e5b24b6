/* SPDX-License-Identifier: MIT */
#ifndef MAPRING_IDENTITY_H
#define MAPRING_IDENTITY_H

#include <stdbool.h>

#include "layout.h"

/* Refuses an identity that is no ring's, of another layout, or impossible; to be written to, or only
 * to be read. */
int identity_check(const struct ring_identity *is, bool writable, const char *name);

#endif
