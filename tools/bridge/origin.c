/* SPDX-License-Identifier: MIT */
/* What a stream says of the ring that it repeats. */
#include "origin.h"

#include <inttypes.h>
#include <stdio.h>

#include "beside.h"

bool origin_of(struct batch_origin *origin, struct mapring_repetition *repetition,
               mapring_ring *ring, const char *name, const struct mapring_stat *stat,
               struct trouble *trouble)
{
    if (mapring_repetition(ring, repetition) != MAPRING_OK)
        return trouble_ring(trouble);
    *origin = (struct batch_origin){.capacity_bytes = stat->capacity_bytes,
                                    .slot_bytes = stat->slot_bytes,
                                    .times = stat->times,
                                    .dictionary_bytes = stat->dictionary_bytes};
    if (repetition->origin[0] != '\0')
        snprintf(origin->id, sizeof origin->id, "%s", repetition->origin);
    else
        snprintf(origin->id, sizeof origin->id, "%016" PRIx64 "-%016" PRIx64, beside_machine(),
                 stat->created_ns);
    snprintf(origin->name, sizeof origin->name, "%s", name);
    snprintf(origin->content, sizeof origin->content, "%s", stat->content);
    return true;
}
