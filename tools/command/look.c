/* SPDX-License-Identifier: MIT */
/* Reads the state of a ring without taking part in it. */
#include "look.h"

#include <stddef.h>

int look(const char *name, enum mapring_scope scope, struct mapring_stat *stat)
{
    struct mapring_options attach = {.how = MAPRING_ATTACH, .scope = scope};
    struct mapring_ring *ring = NULL;
    int result = mapring_open(&ring, name, &attach);
    if (result == MAPRING_OK)
        result = mapring_stat(ring, stat);
    mapring_close(ring);
    return result;
}
