/* SPDX-License-Identifier: MIT */
/* On Windows, a ring belongs to no group: the rights of its creator, of the system and of everybody
 * are all that its mode can express. */
#include "error.h"
#include "platform/windows/object.h"

int platform_check_group(const char *ring, const char *group)
{
    return fail(
        MAPRING_ERROR_ARGUMENT, ring,
        "ring '%s' cannot belong to the group '%s': on Windows, a ring has no group; create "
        "it in a file, and let the group read and write that file with icacls",
        ring, group);
}

/* not covered: platform_check_group() has refused the options before */
int platform_check_belongs(const struct platform_object *object, const char *group)
{
    /* not covered: the same */
    return platform_check_group(object->name.text, group);
}
