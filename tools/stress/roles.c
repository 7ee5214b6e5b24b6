/* SPDX-License-Identifier: MIT */
/* Which player has which role. */
#include "roles.h"

unsigned roles_count(const struct plan *plan)
{
    return plan->producers + plan->consumers + plan->observers;
}

enum role role_of(const struct plan *plan, unsigned number)
{
    if (number < plan->producers)
        return ROLE_PRODUCER;
    if (number >= plan->producers + plan->consumers)
        return ROLE_OBSERVER;
    return (number - plan->producers) % 2 == 0 ? ROLE_DURABLE : ROLE_EPHEMERAL;
}

const char *role_name(enum role role)
{
    static const char *const names[] = {"producer", "durable consumer", "consumer", "observer"};
    return names[role];
}
