/* SPDX-License-Identifier: MIT */
#include "ring/patience.h"

#include "error.h"
#include "platform.h"
#include "ring/create.h"
#include "ring/ring.h"

enum {
    PATIENCE_NS = 2000000000,
    SHORT_PATIENCE_NS = 200000000, /* a creator takes its role within this time of creating
                                      the file */
    PAUSE_NS = 1000000,
};

static bool is_unready(struct ring *ring)
{
    bool blank;
    return ring_is_blank(ring, &blank) == MAPRING_OK && blank;
}

int patience_with_creator(struct ring *ring)
{
    int64_t begin = platform_now_ns(), last_seen = begin;
    while (is_unready(ring)) {
        int64_t now = platform_now_ns();
        /* not covered: somebody removes the ring while it is being created */
        if (platform_is_removed(ring->object, false))
            return MAPRING_REMOVED;
        if (platform_role_held(ring->object, ROLE_CREATOR))
            last_seen = now;
        if (now - last_seen > SHORT_PATIENCE_NS)
            return MAPRING_OK;
        if (now - begin > PATIENCE_NS)
            return fail(MAPRING_ERROR_BEING_CREATED, ring->name.text,
                        "ring '%s' is still being created by another process; try again later",
                        ring->name.text);
        platform_pause_ns(PAUSE_NS);
    }
    return MAPRING_OK;
}

int patience_take_creator(struct ring *ring)
{
    int64_t begin = platform_now_ns();
    int result;
    while ((result = platform_role_take(ring->object, ROLE_CREATOR)) == MAPRING_NOTHING &&
           platform_now_ns() - begin <= PATIENCE_NS)
        platform_pause_ns(PAUSE_NS);
    return result;
}

static bool is_refusal(int result)
{
    return result == MAPRING_ERROR_PRODUCER_TAKEN || result == MAPRING_ERROR_CONSUMERS_FULL ||
           result == MAPRING_ERROR_CONSUMER_TAKEN;
}

/* Waits for a process that removes the ring: it holds the creator's role throughout. False if it
 * takes too long. */
static bool await_remover(struct ring *ring)
{
    int64_t begin = platform_now_ns();
    while (platform_role_held(ring->object, ROLE_CREATOR)) {
        if (platform_now_ns() - begin > SHORT_PATIENCE_NS)
            return false;
        platform_pause_ns(PAUSE_NS);
    }
    return true;
}

bool ring_is_to_reopen(struct ring *ring, int result, unsigned *refusals)
{
    if (ring_is_removed(ring))
        return true;
    if (!is_refusal(result))
        return false;
    bool first = (*refusals)++ == 0;
    return (first || platform_role_held(ring->object, ROLE_CREATOR)) && await_remover(ring);
}
