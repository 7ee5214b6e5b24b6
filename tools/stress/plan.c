/* SPDX-License-Identifier: MIT */
/* What a round of mapring stress does: chosen by the seed and the number of the round. */
#include "plan.h"

#include <stdio.h>

#include "choices.h"
#include "shared/quantity.h"

#define MS_NS INT64_C(1000000)

enum { CONSUMERS_USUAL = 4, CAPACITY_LEAST = 65536, RECORDS_PER_RING = 4 };

static void choose_ring(struct plan *plan, const struct stress_settings *settings,
                        struct choices *choices)
{
    static const uint64_t largest[] = {64, 1500, 9000};
    plan->largest_bytes = largest[choose_below(choices, 3)];
    plan->capacity_bytes = (uint64_t)CAPACITY_LEAST << choose_below(choices, 5);
    plan->slot_bytes = 8u << choose_below(choices, 6);
    plan->when_full = (enum mapring_when_full)(MAPRING_BLOCK + choose_below(choices, 3));
    plan->times = choose_one_in(choices, 2);
    plan->in_file = choose_one_in(choices, 2);
    if (settings->largest_bytes > 0)
        plan->largest_bytes = settings->largest_bytes;
    while (plan->capacity_bytes / RECORDS_PER_RING < plan->largest_bytes)
        plan->capacity_bytes *= 2;
    if (settings->when_full != MAPRING_UNSPECIFIED)
        plan->when_full = settings->when_full;
    if (settings->place != PLACE_ANY)
        plan->in_file = settings->place == PLACE_FILE;
}

static void choose_players(struct plan *plan, const struct stress_settings *settings,
                           struct choices *choices)
{
    plan->producers = 1 + (unsigned)choose_below(choices, 2);
    plan->consumers = 1 + (unsigned)choose_below(choices, CONSUMERS_USUAL);
    plan->observers = (unsigned)choose_below(choices, 3);
    plan->sleeps = !choose_one_in(choices, 3);
    if (settings->producers > 0)
        plan->producers = settings->producers;
    if (settings->consumers > 0)
        plan->consumers = settings->consumers;
    if (settings->waiting != WAITING_ANY)
        plan->sleeps = settings->waiting == WAITING_SLEEP;
    if (plan->when_full == MAPRING_OVERWRITE) {
        plan->observers += plan->consumers;
        plan->observers = plan->observers < OBSERVERS_MOST ? plan->observers : OBSERVERS_MOST;
        plan->consumers = 0;
    }
}

static void choose_pace(struct plan *plan, const struct stress_settings *settings,
                        struct choices *choices)
{
    static const unsigned pauses[] = {0, 10, 1000};
    static const int64_t lives_ns[] = {3 * MS_NS, 30 * MS_NS, 200 * MS_NS};
    plan->pauses = pauses[choose_below(choices, 3)];
    plan->life_ns = lives_ns[choose_below(choices, 3)];
    plan->duration_ns = (200 + (int64_t)choose_below(choices, 1800)) * MS_NS;
    if (settings->spares_all)
        plan->life_ns = 0;
}

void plan_make(struct plan *plan, const struct stress_settings *settings, uint64_t round)
{
    struct choices choices = {choices_mix(settings->seed) + round};
    *plan = (struct plan){.seed = settings->seed, .round = round};
    choose_ring(plan, settings, &choices);
    choose_players(plan, settings, &choices);
    choose_pace(plan, settings, &choices);
}

void plan_describe(const struct plan *plan, char *text, size_t bytes)
{
    static const char *const policies[] = {"", "blocks", "drops", "overwrites"};
    char kills[64] = "nobody killed";
    if (plan->life_ns > 0)
        snprintf(kills, sizeof kills, "kills within %s",
                 quantity_duration((uint64_t)plan->life_ns).text);
    snprintf(
        text, bytes,
        "a ring in %s of %s that %s, %s times, records up to %s; %u to send, %u to consume and "
        "%u to observe, which %s; %s, for %s",
        plan->in_file ? "a file" : "memory", quantity_bytes(plan->capacity_bytes).text,
        policies[plan->when_full], plan->times ? "with" : "without",
        quantity_bytes(plan->largest_bytes).text, plan->producers, plan->consumers, plan->observers,
        plan->sleeps ? "sleep" : "spin", kills,
        quantity_duration((uint64_t)plan->duration_ns).text);
}
