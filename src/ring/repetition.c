/* SPDX-License-Identifier: MIT */
/* The end of the origin's last run is in the header, or a walk comes past it: its producer may have
 * died before it could store it there. */
#include "ring/repetition.h"

#include <string.h>

#include "error.h"
#include "ring/find_end.h"
#include "ring/handle.h"

/* The position is loaded second, and may belong to a later run end than the run. */
struct end_of_run repetition_last_end(const struct ring *ring)
{
    uint32_t run = load_acquire(&ring->header->origin_run);
    return (struct end_of_run){run,
                               load_acquire(&ring->header->origin_run_position) &
                                   ~(uint64_t)(ring_slot_bytes(ring) - 1),
                               load_acquire(&ring->header->run_sequence)};
}

struct end_of_run repetition_later_end(const struct ring *ring, const struct ring_place *tail)
{
    struct end_of_run known = repetition_last_end(ring), found = tail->end;
    /* not covered: a bridge died between writing the end of a later run and noting it */
    bool is_later = !known.run || (run_is_later(run_epoch(found.run), run_epoch(known.run)) &&
                                   ahead(found.position, known.position) >= 0);
    return found.run && is_later ? found : known;
}

static int find_repetition(const struct ring *ring, struct mapring_repetition *repetition)
{
    struct ring_place end;
    int result = find_end(ring, find_producer_state(ring), &end);
    /* not covered: the ring was damaged after it had been opened */
    if (result != MAPRING_OK)
        return result;
    memcpy(repetition->origin, ring->origin.text, sizeof repetition->origin);
    repetition->first_sequence = ring->origin.first_sequence;
    repetition->sequence = end.sequence;
    repetition->run = run_epoch(repetition_later_end(ring, &end).run);
    return MAPRING_OK;
}

int mapring_repetition(mapring_ring *handle, struct mapring_repetition *repetition)
{
    if (!handle)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "the ring is a null pointer");
    const struct ring *ring = &handle->ring;
    if (!repetition)
        return fail(MAPRING_ERROR_ARGUMENT, ring->name.text,
                    "the argument that receives which ring '%s' repeats is a null pointer",
                    ring->name.text);
    /* not covered: called by a forked child */
    if (ring->hot->broken)
        return ring_broken(ring);
    *repetition = (struct mapring_repetition){0};
    return ring_repeats(ring) ? find_repetition(ring, repetition) : MAPRING_OK;
}
