/* SPDX-License-Identifier: MIT */
/* What a round of mapring stress does: chosen by the seed and the number of the round. */
#ifndef STRESS_PLAN_H
#define STRESS_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "mapring/mapring.h"

enum { PRODUCERS_MOST = 8, OBSERVERS_MOST = 8 };

enum stress_place { PLACE_ANY, PLACE_MEMORY, PLACE_FILE };
enum stress_waiting { WAITING_ANY, WAITING_SLEEP, WAITING_SPIN };

/* What the user has settled; 0 and "any" leave it to chance. */
struct stress_settings {
    int64_t duration_ns;
    uint64_t seed, first_round, rounds;
    unsigned producers, consumers;
    uint64_t largest_bytes;
    enum mapring_when_full when_full;
    enum stress_place place;
    enum stress_waiting waiting;
    const char *folder; /* for rings in files */
    bool spares_all;    /* nobody is killed */
};

struct plan {
    uint64_t seed, round;
    uint64_t capacity_bytes, largest_bytes;
    uint32_t slot_bytes;
    enum mapring_when_full when_full;
    bool times, in_file, sleeps;
    unsigned producers, consumers, observers; /* every other consumer is durable */
    unsigned pauses; /* a player pauses once in that many turns; 0: never */
    int64_t life_ns; /* the longest time between two kills */
    int64_t duration_ns;
};

void plan_make(struct plan *plan, const struct stress_settings *settings, uint64_t round);

/* Such as "a ring in memory of 64.0 KiB that blocks, ...". */
void plan_describe(const struct plan *plan, char *text, size_t bytes);

#endif
