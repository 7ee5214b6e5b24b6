/* SPDX-License-Identifier: MIT */
/* How long to look, and how long to sleep. */
#include "ring.h"

enum {
    SPINS = 1500, /* about 30 us at 18 ns a pause */
    LIVENESS_TICK_NS = 100000000,
    POLL_TICK_NS = 1000000, /* for peers of another operating system */
};

unsigned spin_limit(void)
{
    static shared_u32 known; /* 0: not yet */
    uint32_t limit = load_relaxed(&known);
    if (limit == 0) {
        limit = platform_cpus() > 1 ? SPINS : 1;
        store_relaxed(&known, limit);
    }
    return limit;
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
