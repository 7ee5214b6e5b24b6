/* SPDX-License-Identifier: MIT */
/* Shortens a script that fails: leaves out parts of it and makes numbers smaller, as long as it
 * still fails. After Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input",
 * 2002. */
#include <string.h>

#include "calls.h"

enum { TRIES_MOST = 3000 };

static struct script candidate;
static unsigned tries;
static char wrong[2048]; /* with the shortest script so far */

/* Whether the candidate fails, too. If so, it is cut behind the failure. */
static bool still_fails(void)
{
    size_t at;
    const char *said = tries++ < TRIES_MOST ? play(&candidate, &at) : NULL;
    if (!said)
        return false;
    snprintf(wrong, sizeof wrong, "%s", said);
    candidate.count = at + 1;
    return true;
}

static void leave_out(size_t at, size_t count)
{
    size_t behind = candidate.count - at - count;
    memmove(&candidate.call[at], &candidate.call[at + count], behind * sizeof candidate.call[0]);
    candidate.count -= count;
}

static bool shrink_calls(struct script *script)
{
    bool shorter = false;
    for (size_t part = script->count / 2; part > 0; part /= 2)
        for (size_t at = script->count; at > 0;) {
            at = at > part ? at - part : 0;
            if (at + part > script->count)
                continue;
            candidate = *script;
            leave_out(at, part);
            if (still_fails()) {
                *script = candidate;
                shorter = true;
            }
        }
    return shorter;
}

static bool shrink_number(struct script *script, size_t at, size_t i)
{
    bool smaller = false;
    uint64_t number = script->call[at].argument[i];
    for (uint64_t less = number; less > 0; less /= 2) {
        if (at >= script->count)
            break;
        candidate = *script;
        candidate.call[at].argument[i] -= less;
        if (candidate.call[at].argument[i] > script->call[at].argument[i] || !still_fails())
            continue;
        *script = candidate;
        smaller = true;
        less = script->call[at].argument[i] + 1;
    }
    return smaller;
}

static void shrink_numbers(struct script *script)
{
    for (size_t at = script->count; at > 0; at--)
        for (size_t i = 0; i < ARGUMENTS && at <= script->count; i++)
            shrink_number(script, at - 1, i);
}

static void shrink_ring(struct script *script)
{
    candidate = *script;
    candidate.position = candidate.sequence = 0;
    if (still_fails())
        *script = candidate;
}

const char *shrink(struct script *script, size_t at, const char *said)
{
    snprintf(wrong, sizeof wrong, "%s", said);
    script->count = at + 1;
    tries = 0;
    while (shrink_calls(script))
        ;
    shrink_ring(script);
    shrink_numbers(script);
    shrink_calls(script);
    return wrong;
}
