/* SPDX-License-Identifier: MIT */
/* Which ring another one repeats. */
#include "error.h"
#include "ring/handle.h"

int mapring_origin(mapring_ring *ring, struct mapring_origin *origin)
{
    (void)ring, (void)origin;
    return fail(MAPRING_ERROR_SYSTEM, NULL, "not written yet");
}
