/* SPDX-License-Identifier: MIT */
#include "reader/space.h"

#include <stdlib.h>

#include "error.h"

int space_grow(struct space *space, size_t bytes, const char *ring, const char *what)
{
    if (bytes <= space->bytes)
        return MAPRING_OK;
    unsigned char *larger = realloc(space->at, bytes);
    if (!larger)
        return fail_memory(ring, what);
    space->at = larger;
    space->bytes = bytes;
    return MAPRING_OK;
}
