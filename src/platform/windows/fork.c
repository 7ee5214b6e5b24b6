/* SPDX-License-Identifier: MIT */
/* There is no fork() on Windows, and no handle of a ring is inherited. */
#include "platform/windows/object.h"

void platform_break_on_fork(struct platform_object *object, int *broken)
{
    (void)object;
    (void)broken;
}
