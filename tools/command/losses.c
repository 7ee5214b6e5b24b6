/* SPDX-License-Identifier: MIT */
#include "losses.h"

#include <stdlib.h>
#include <string.h>

#include "shared/message.h"

static struct ring_losses *add(struct losses *losses, const char *ring)
{
    struct ring_losses *added = calloc(1, sizeof *added);
    if (!added || !(added->ring = strdup(ring))) {
        complain("not enough memory for the names of rings");
        exit(EXIT_FAILED);
    }
    added->next = losses->first;
    return losses->first = added;
}

static struct ring_losses *find(const struct losses *losses, const char *ring)
{
    struct ring_losses *found = losses->first;
    while (found && strcmp(found->ring, ring) != 0)
        found = found->next;
    return found;
}

struct ring_losses *losses_of(struct losses *losses, const char *ring)
{
    const char *name = ring ? ring : "";
    if (losses->current && strcmp(losses->current->ring, name) == 0)
        return losses->current;
    struct ring_losses *found = find(losses, name);
    return losses->current = found ? found : add(losses, name);
}
