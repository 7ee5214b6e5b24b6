/* SPDX-License-Identifier: MIT */
/* A round of mapring stress: starts the players, kills some of them again and again, and checks at
 * the end that nothing is missing. */
#ifndef STRESS_STAGE_H
#define STRESS_STAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "plan.h"

struct stage_sums {
    uint64_t rounds, kills, sent, dropped, read, lost;
};

/* How a round ended: as it should, on a signal, or because `problem` was found. */
enum stage_end { STAGE_HELD, STAGE_INTERRUPTED, STAGE_FAILED };

/* Plays one round and adds to the sums. `show` is called every now and then. */
enum stage_end stage_run(const struct plan *plan, const char *folder, struct stage_sums *sums,
                         void (*show)(const struct stage_sums *sums), char *problem, size_t bytes);

#endif
