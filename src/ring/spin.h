/* SPDX-License-Identifier: MIT */
/* How long to look before sleeping. */
#ifndef MAPRING_SPIN_H
#define MAPRING_SPIN_H

#include <stdbool.h>
#include <stdint.h>

/* How often to look before sleeping. Who has waited for long the last times will do so again, and
 * looks only a few times; after Karlin, Li, Manasse and Owicki, "Empirical studies of competitive
 * spinning for a shared-memory multiprocessor", SOSP 1991. */
struct spin {
    unsigned vain; /* times in a row that it did not pay */
};
unsigned spin_limit(const struct spin *spin);
void spin_ends(struct spin *spin, bool paid);

/* After a sleep since then: had it been a short one, looking on would have paid. */
void spin_ends_asleep(struct spin *spin, int64_t since_ns);

#endif
