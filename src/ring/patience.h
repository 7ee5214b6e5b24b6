/* SPDX-License-Identifier: MIT */
/* Waiting for those who have a ring's roles for a moment only. */
#ifndef MAPRING_PATIENCE_H
#define MAPRING_PATIENCE_H

#include "ring/ring.h"

/* Waits for who creates the attached ring, also for one who has yet to say so: MAPRING_OK when nobody
 * does, any more; MAPRING_REMOVED when the creation was given up, or a failure. */
int patience_with_creator(struct ring *ring);

/* Takes the creator's role, which others have while they create the ring, name a consumer, or remove
 * it: MAPRING_OK, MAPRING_NOTHING after 2 s, or a failure. */
int patience_take_creator(struct ring *ring);

/* With what became of a role that is needed: whether to open the ring anew, since it was removed
 * meanwhile, or since the role may have been refused by one who was about to remove the ring and had
 * all of its roles for a moment. `refusals` is 0 at first; who is refused twice was refused in earnest,
 * unless somebody is about to remove the ring again. */
bool ring_is_to_reopen(struct ring *ring, int result, unsigned *refusals);

#endif
