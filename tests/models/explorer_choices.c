/* SPDX-License-Identifier: MIT */
/*
 * How the explorer goes through executions. An execution is the list of its choices, most of which
 * are 0; see explorer_run.h. The systematic search is that of Emmi, Qadeer, Rakamaric,
 * "Delay-bounded scheduling" (POPL 2011), with stale loads as further delays.
 */
#include <stdio.h>
#include <stdlib.h>

#include "explorer_run.h"

enum { CHOICES_AT_MOST = 65536, STALE_LOADS_AT_MOST = 200 };

static struct {
    uint8_t options, chosen;
} choices[CHOICES_AT_MOST];

static unsigned made;  /* choices in this execution */
static unsigned given; /* how many of them are taken from the last execution */
static unsigned deviations_at_most;
static bool is_random;

/* ---- Random executions ---- */

static uint64_t random_state;
static unsigned one_switch_in, one_stale_load_in, stale_loads;

static unsigned random_below(unsigned limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (unsigned)((random_state * UINT64_C(0x2545f4914f6cdd1d)) >> 32) % limit;
}

/* Each execution has its own temper, since some bugs need many switches and others few. */
static void choose_temper(void)
{
    static const unsigned rarities[] = {1, 2, 4, 10, 30, 100};
    one_switch_in = rarities[1 + random_below(5)];
    one_stale_load_in = rarities[random_below(6)];
    stale_loads = 0;
}

/* The oldest message reveals most. Stale loads are limited, since every store becomes visible at
 * last. */
static unsigned choose_at_random(enum choice kind, unsigned options)
{
    unsigned rarity = kind == CHOOSE_THREAD ? one_switch_in : one_stale_load_in;
    if (random_below(rarity) != 0 ||
        (kind == CHOOSE_MESSAGE && ++stale_loads > STALE_LOADS_AT_MOST))
        return 0;
    return kind == CHOOSE_MESSAGE && random_below(2) ? options - 1 : random_below(options);
}

void choices_start_random(uint64_t seed)
{
    random_state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15);
    is_random = true;
    made = given = 0;
    choose_temper();
}

/* ---- All executions ---- */

void choices_start_systematic(unsigned deviations)
{
    deviations_at_most = deviations;
    is_random = false;
    made = given = 0;
}

static unsigned deviations_before(unsigned end)
{
    unsigned count = 0;
    for (unsigned i = 0; i < end; i++)
        count += choices[i].chosen != 0;
    return count;
}

/* Moves to the next execution in the order of a depth-first search. */
static bool next_systematic(void)
{
    unsigned before = deviations_before(made);
    while (made > 0) {
        made--;
        before -= choices[made].chosen != 0;
        if (choices[made].chosen + 1 < choices[made].options && before < deviations_at_most) {
            choices[made].chosen++;
            given = made + 1;
            made = 0;
            return true;
        }
    }
    return false;
}

bool choices_next(void)
{
    if (!is_random)
        return next_systematic();
    made = 0;
    choose_temper();
    return true;
}

/* ---- One choice ---- */

unsigned choose(enum choice kind, unsigned options)
{
    if (options < 2)
        return 0;
    if (made == CHOICES_AT_MOST)
        explorer_fail(__FILE__, "too many choices for the explorer");
    unsigned chosen = 0;
    if (options > UINT8_MAX)
        options = UINT8_MAX;
    if (made < given)
        chosen = choices[made].chosen < options ? choices[made].chosen : 0;
    else if (is_random)
        chosen = choose_at_random(kind, options);
    choices[made].options = (uint8_t)options;
    choices[made].chosen = (uint8_t)chosen;
    made++;
    return chosen;
}

/* ---- Running an execution again ---- */

static void start_again(void)
{
    is_random = false;
    given = made;
    made = 0;
}

void choices_start_replay(const char *text)
{
    choices_start_systematic(0);
    for (char *end; *text; text = *end ? end + 1 : end) {
        unsigned number = (unsigned)strtoul(text, &end, 10);
        if (*end != ':' || number >= CHOICES_AT_MOST)
            break;
        choices[number].chosen = (uint8_t)strtoul(end + 1, &end, 10);
        given = given > number ? given : number + 1;
    }
}

void choices_print(void)
{
    const char *between = "";
    for (unsigned i = 0; i < made; i++)
        if (choices[i].chosen) {
            printf("%s%u:%u", between, i, choices[i].chosen);
            between = ",";
        }
    printf("%s\n", *between ? "" : "0:0");
}

void choices_shrink(bool (*is_bad)(void))
{
    static unsigned char kept[CHOICES_AT_MOST];
    unsigned count = made;
    for (unsigned i = 0; i < count; i++)
        kept[i] = choices[i].chosen;
    for (unsigned without = count; without-- > 0;) {
        if (!kept[without])
            continue;
        for (unsigned i = 0; i < count; i++)
            choices[i].chosen = i == without ? 0 : kept[i];
        made = count;
        start_again();
        if (is_bad())
            kept[without] = 0;
    }
    for (unsigned i = 0; i < count; i++)
        choices[i].chosen = kept[i];
    made = count;
    start_again();
}
