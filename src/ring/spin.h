/* SPDX-License-Identifier: MIT */
/* How long to spin before sleeping. */
#ifndef MAPRING_SPIN_H
#define MAPRING_SPIN_H

#include <stdbool.h>
#include <stdint.h>

/* A process that had to wait for long the last few times will probably do so again, and spins only
 * briefly; after Karlin, Li, Manasse and Owicki, "Empirical studies of competitive spinning for a
 * shared-memory multiprocessor", SOSP 1991. */
struct spin {
    unsigned vain; /* times in a row that spinning failed */
};
unsigned spin_limit(const struct spin *spin);
void spin_ends(struct spin *spin, bool paid);

/* After a sleep that began at `since_ns`: if it was short, spinning on would have succeeded. */
void spin_ends_asleep(struct spin *spin, int64_t since_ns);

#endif
