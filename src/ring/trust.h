/* SPDX-License-Identifier: MIT */
#ifndef MAPRING_TRUST_H
#define MAPRING_TRUST_H

#include "ring/ring.h"

/* Refuses to make a ring in what another user, root too, has left to be found: it would be his. */
int trust_check_blank(const struct ring *ring);

/* Refuses a producer of another user's ring, unless he is root or the options (NULL: none) trust
 * him. */
int trust_check_owner(const struct ring *ring, const struct mapring_options *options);

#endif
