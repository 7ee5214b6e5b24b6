/* SPDX-License-Identifier: MIT */
/* Losses of which nobody knows when they happened, as in a ring that overwrites, lie between the
 * records that were read before and after them: they are kept until that is known. */
#ifndef TOOLS_LOSSES_H
#define TOOLS_LOSSES_H

#include "lost.h"

struct ring_losses {
    struct ring_losses *next;
    char *ring;
    struct mapring_record lost; /* is kept; without lost_records: none */
    struct loss_bounds bounds;  /* of that one or, if there is none, of the next one */
};

struct losses {
    struct ring_losses *first, *current;
};

/* What is known of the losses of that ring. NULL is a name, too. */
struct ring_losses *losses_of(struct losses *losses, const char *ring);

#endif
