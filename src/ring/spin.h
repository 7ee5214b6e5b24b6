/* SPDX-License-Identifier: MIT */
/* How long to spin before sleeping. */
#ifndef MAPRING_SPIN_H
#define MAPRING_SPIN_H

#include <stdbool.h>
#include <stdint.h>

/* A process that had to wait for long the last few times will probably do so again, and spins only
 * briefly; after Karlin, Li, Manasse and Owicki, "Empirical studies of competitive spinning for a
 * shared-memory multiprocessor", SOSP 1991. One wait that is different changes nothing. */
struct spin {
    unsigned vain;  /* grows when spinning is in vain, and shrinks when it pays */
    unsigned waits; /* since it was last tried for long */
    bool was_long;  /* the last time */
};

/* How often to look, with a pause before each look. */
unsigned spin_limit(const struct spin *spin);
void spin_ends(struct spin *spin, bool paid);

/* After a sleep that began at `since_ns`: if it was short, spinning in its place would have
 * succeeded. But not if spinning for long had been in vain just before. */
void spin_ends_asleep(struct spin *spin, int64_t since_ns);

#endif
