/* SPDX-License-Identifier: MIT */
#ifndef MAPRING_TRUST_H
#define MAPRING_TRUST_H

#include "ring/ring.h"

/* Refuses to create a ring in a file that another user, even root, has left there: the ring would
 * belong to that user. */
int trust_check_blank(const struct ring *ring);

/* Refuses to become the producer of a ring that belongs to another user, unless that is root or the
 * options (NULL: none) trust the owner. */
int trust_check_owner(const struct ring *ring, const struct mapring_options *options);

#endif
