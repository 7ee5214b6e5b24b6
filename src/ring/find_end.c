/* SPDX-License-Identifier: MIT */
#include "ring/find_end.h"

#include "error.h"
#include "layout.h"
#include "platform.h"

enum { FIND_TRIES = 1000 };

enum mapring_producer_state find_producer_state(const struct ring *ring)
{
    uint32_t run = producer_run(ring);
    switch (run_state(run)) {
    case WRITER_NEVER: return MAPRING_PRODUCER_NEVER;
    case WRITER_CLOSED: return MAPRING_PRODUCER_HAS_CLOSED;
    case WRITER_DIED: return MAPRING_PRODUCER_HAS_DIED;
    default: break;
    }
    if (platform_role_held(ring->object, ROLE_PRODUCER))
        return MAPRING_PRODUCER_IS_OPEN;
    uint32_t now = producer_run(ring); /* it may just have closed, or the next one come */
    if (run_state(now) == WRITER_CLOSED)
        return MAPRING_PRODUCER_HAS_CLOSED;
    /* not covered: the next producer opens the ring just then */
    return now == run ? MAPRING_PRODUCER_HAS_DIED : MAPRING_PRODUCER_IS_OPEN;
}

static bool is_in_reach(const struct ring *ring, uint64_t position)
{
    return load_acquire(&ring->header->horizon) - position <= ring_capacity(ring);
}

static int damaged(const struct ring *ring)
{
    return fail(MAPRING_ERROR_DAMAGED, ring->name.text,
                "ring '%s' is damaged: its records make no sense after its newest mark",
                ring->name.text);
}

/* Counts the records after the newest mark. The result is void if the producer laps it meanwhile.
 * Checks the horizon before the walk as well: with a damaged one, it would walk through a large
 * ring a thousand times. */
int find_end(const struct ring *ring, enum mapring_producer_state state, struct ring_place *end)
{
    for (int tries = FIND_TRIES; tries > 0; tries--) {
        if (!mark_newest(ring, end) || !is_in_reach(ring, end->position))
            continue;
        uint64_t start = end->position;
        uint64_t stop = state == MAPRING_PRODUCER_IS_OPEN ? load_acquire(&ring->header->tail)
                                                          : WALK_TO_END(end);
        int result = walk(ring, end, stop);
        if (is_in_reach(ring, start))
            return result == MAPRING_OK ? MAPRING_OK : damaged(ring);
    }
    return damaged(ring);
}
