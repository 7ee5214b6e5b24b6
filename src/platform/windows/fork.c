/* SPDX-License-Identifier: MIT */
/* Windows has no fork(), and child processes do not inherit the handles of a ring. */
#include "platform/windows/object.h"

void platform_break_on_fork(struct platform_object *object, int *broken)
{
    (void)object;
    (void)broken;
}
