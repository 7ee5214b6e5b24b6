/* SPDX-License-Identifier: MIT */
/* Windows has no fork(), and child processes do not inherit the handles of a ring. */
#include "platform/windows/object.h"

void platform_break_on_fork(struct platform_object *object, int *broken)
{
    (void)object;
    (void)broken;
}

bool platform_at_fork(void (*before)(void), void (*in_parent)(void), void (*in_child)(void))
{
    (void)before;
    (void)in_parent;
    (void)in_child;
    return true;
}
