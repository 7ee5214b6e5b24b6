/* SPDX-License-Identifier: MIT */
/* Which ring another one repeats. */
#include "error.h"
#include "ring/handle.h"

int mapring_repetition(mapring_ring *ring, struct mapring_repetition *repetition)
{
    (void)ring, (void)repetition;
    return fail(MAPRING_ERROR_SYSTEM, NULL, "not written yet");
}
