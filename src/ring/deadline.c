/* SPDX-License-Identifier: MIT */
/* Time limits of calls and of the sleeps in them. */
#include "ring/deadline.h"

#include <inttypes.h>

#include "error.h"
#include "platform.h"

enum {
    LIVENESS_TICK_NS = 100000000,
    POLL_TICK_NS = 1000000, /* for peers of another operating system */
};

int check_timeout(const struct ring *ring, int64_t timeout_ns)
{
    if (timeout_ns >= MAPRING_FOREVER)
        return MAPRING_OK;
    return fail(MAPRING_ERROR_ARGUMENT, ring->name.text,
                "invalid timeout_ns for ring '%s': %" PRId64
                "; it must be 0, MAPRING_FOREVER, or a number of nanoseconds",
                ring->name.text, timeout_ns);
}

int64_t deadline_after(int64_t timeout_ns)
{
    if (timeout_ns <= 0)
        return timeout_ns;
    int64_t now = platform_now_ns();
    return timeout_ns < INT64_MAX - now ? now + timeout_ns : MAPRING_FOREVER;
}

int64_t sleep_limit(int64_t deadline, uint32_t peer_system)
{
    bool is_foreign = peer_system != SYSTEM_NONE && peer_system != platform_system();
    int64_t limit = is_foreign ? POLL_TICK_NS : LIVENESS_TICK_NS;
    if (deadline < 0)
        return limit;
    int64_t left = deadline - platform_now_ns();
    if (left <= 0)
        return 0;
    return left < limit ? left : limit;
}
