/* SPDX-License-Identifier: MIT */
/* How long to spin before sleeping. */
#include "ring/spin.h"

#include "platform.h"

enum {
    SPINS = 1500, /* about 18 ns each */
    SPINS_NS = 30000,
    SPINS_FEW = 16,       /* after spinning has failed */
    VAIN_MOST = 3,        /* times in a row, */
    VAIN_PER_TRIAL = 128, /* except once in this many waits, to notice a change */
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
