/* SPDX-License-Identifier: MIT */
#include "moments.h"

#include <stddef.h>

static _Thread_local struct {
    void (*act)(void *context); /* NULL: no test is counting moments */
    void *context;
    long number, count;
} plan;

void moments_start(long number, void (*act)(void *context), void *context)
{
    plan.act = act;
    plan.context = context;
    plan.number = number;
    plan.count = 0;
}

long moments_stop(void)
{
    plan.act = NULL;
    return plan.count;
}

/* While act() runs, it has no moments of its own. */
void moment(void)
{
    void (*act)(void *context) = plan.act;
    if (!act)
        return;
    long number = plan.count++;
    plan.act = NULL;
    if (number == plan.number || plan.number == MOMENT_EACH)
        act(plan.context);
    plan.act = act;
}
