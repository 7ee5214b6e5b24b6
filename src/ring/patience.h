/* SPDX-License-Identifier: MIT */
/* Waiting for processes that hold one of a ring's roles only for a moment. */
#ifndef MAPRING_PATIENCE_H
#define MAPRING_PATIENCE_H

#include "ring/ring.h"

/* Waits while another process creates the attached ring, even if it has not taken the role yet.
 * Returns MAPRING_OK once no process creates it any more, MAPRING_REMOVED if the ring was removed,
 * or a failure. */
int patience_with_creator(struct ring *ring);

/* Takes the creator's role, which others hold while they create or remove the ring, or open a
 * durable consumer. Returns MAPRING_OK, MAPRING_NOTHING after 2 s, or a failure. */
int patience_take_creator(struct ring *ring);

/* Whether to open the ring again after an attempt to take a role ended with `result`: because the
 * ring was removed in the meantime, or because the role may have been held by a process about to
 * remove the ring, which takes all roles for a moment. `refusals` is 0 at first. A second refusal
 * is final, unless another process is about to remove the ring at that time. */
bool ring_is_to_reopen(struct ring *ring, int result, unsigned *refusals);

#endif
