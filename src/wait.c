/* SPDX-License-Identifier: MIT */
/* How long to look, and how long to sleep. */
#include <inttypes.h>

#include "ring.h"

enum {
    SPINS = 1500, /* at 18 ns a pause, about */
    SPINS_NS = 30000,
    SPINS_FEW = 16,      /* when they have been in vain */
    VAIN_MOST = 3,       /* times in a row, */
    VAIN_PER_TRIAL = 32, /* but for once in so many times: a change shows */
    LIVENESS_TICK_NS = 100000000,
    POLL_TICK_NS = 1000000, /* for peers of another operating system */
};

static bool is_alone(void)
{
    static shared_u32 cpus; /* 0: not yet known */
    if (load_relaxed(&cpus) == 0)
        store_relaxed(&cpus, platform_cpus());
    return load_relaxed(&cpus) == 1;
}

unsigned spin_limit(const struct spin *spin)
{
    if (is_alone())
        return 1;
    bool pays = spin->vain < VAIN_MOST || spin->vain % VAIN_PER_TRIAL == 0;
    return pays ? SPINS : SPINS_FEW;
}

void spin_ends(struct spin *spin, bool paid)
{
    spin->vain = paid ? 0 : spin->vain + 1;
}

void spin_ends_asleep(struct spin *spin, int64_t since_ns)
{
    if (platform_now_ns() - since_ns < SPINS_NS)
        spin->vain = 0;
}

int check_timeout(const struct ring *ring, int64_t timeout_ns)
{
    if (timeout_ns >= MAPRING_FOREVER)
        return MAPRING_OK;
    return fail(MAPRING_ERROR_ARGUMENT, ring->name.text,
                "invalid timeout_ns for ring '%s': %" PRId64
                "; it is 0, MAPRING_FOREVER, or a number of nanoseconds",
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
