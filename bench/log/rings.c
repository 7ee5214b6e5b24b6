/* SPDX-License-Identifier: MIT */
/* Opens and closes the rings of loggers that have some, but are no logs. */
#include "rings.h"

#include <stdlib.h>

#include "shared/message.h"

struct rings {
    mapring_producer *producer[LOGGER_THREADS];
};

void *rings_open(const struct logger_setup *setup)
{
    const struct mapring_options options = {.when_full = setup->when_full, .prefault = true};
    struct rings *rings = calloc(1, sizeof *rings);
    for (unsigned i = 0; rings && i < setup->threads; i++) {
        char name[LOGGER_RING_BYTES];
        logger_ring(setup->ring, i, name);
        if (mapring_producer_open(&rings->producer[i], name, &options) == MAPRING_OK)
            continue;
        ring_failure();
        rings_close(rings);
        return NULL;
    }
    return rings;
}

void rings_close(void *rings)
{
    for (unsigned i = 0; i < LOGGER_THREADS; i++)
        mapring_producer_close(((struct rings *)rings)->producer[i]);
    free(rings);
}

void *rings_enter(void *rings, unsigned thread)
{
    return ((struct rings *)rings)->producer[thread];
}
