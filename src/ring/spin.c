/* SPDX-License-Identifier: MIT */
/* How long to spin before sleeping. */
#include "ring/spin.h"

#include "platform.h"

enum {
    SPIN_NS = 30000, /* about what being woken takes */
    LOOKS_FEW = 16,  /* when spinning does not pay */
    LOOK_LEAST_NS = 10,
    LOOK_MOST_NS = 100, /* whatever disturbs the measurement */
    PAUSES_MEASURED = 64,
    MEASUREMENTS = 4,
    VAIN_ENOUGH = 3,      /* from here on, spinning does not pay; */
    VAIN_MOST = 8,        /* this is as sure as it gets; */
    VAIN_LESS = 2,        /* so much less when it has paid; */
    WAITS_PER_TRIAL = 128 /* and once in this many waits it is tried, to notice a change */
};

static int64_t measure_pauses(void)
{
    int64_t begin = platform_now_ns();
    for (unsigned i = 0; i < PAUSES_MEASURED; i++)
        spin_pause();
    return platform_now_ns() - begin;
}

/* A pause takes 10 to 50 ns, depending on the processor. An interruption makes a measurement too
 * long, and never too short. */
static unsigned looks_in_time(void)
{
    int64_t least = measure_pauses();
    for (unsigned i = 1; i < MEASUREMENTS; i++) {
        int64_t ns = measure_pauses();
        least = ns < least ? ns : least;
    }
    int64_t look_ns = least / PAUSES_MEASURED;
    look_ns = look_ns < LOOK_LEAST_NS ? LOOK_LEAST_NS : look_ns;
    return (unsigned)(SPIN_NS / (look_ns > LOOK_MOST_NS ? LOOK_MOST_NS : look_ns)) + 1;
}

/* With one CPU, looking on would only keep the other side from running. */
static unsigned looks_most(void)
{
    static shared_u32 known; /* 0: not yet */
    if (load_relaxed(&known) == 0)
        store_relaxed(&known, platform_cpus() == 1 ? 1 : looks_in_time());
    return load_relaxed(&known);
}

static bool pays(const struct spin *spin)
{
    return spin->vain < VAIN_ENOUGH || spin->waits >= WAITS_PER_TRIAL;
}

unsigned spin_limit(const struct spin *spin)
{
    unsigned most = looks_most();
    return most < LOOKS_FEW || pays(spin) ? most : LOOKS_FEW;
}

static void has_paid(struct spin *spin)
{
    spin->vain -= spin->vain < VAIN_LESS ? spin->vain : VAIN_LESS;
}

/* After a trial that paid, the next wait is one, too. */
void spin_ends(struct spin *spin, bool paid)
{
    spin->was_long = pays(spin);
    if (paid) {
        has_paid(spin);
        return;
    }
    spin->vain += spin->vain < VAIN_MOST;
    spin->waits = spin->was_long ? 0 : spin->waits + 1;
}

void spin_ends_asleep(struct spin *spin, int64_t since_ns)
{
    if (!spin->was_long && platform_now_ns() - since_ns < SPIN_NS)
        has_paid(spin);
}
