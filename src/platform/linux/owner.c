/* SPDX-License-Identifier: MIT */
/* The owner of a ring's file. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/linux/object.h"

enum platform_owner platform_owner(const struct platform_object *object, char name[OWNER_BYTES])
{
    struct stat status;
    snprintf(name, OWNER_BYTES, "who is not known");
    if (fstat(object->descriptor, &status) != 0)
        return OWNER_OTHER;
    snprintf(name, OWNER_BYTES, "id %u", (unsigned)status.st_uid);
    if (object->created || status.st_uid == geteuid())
        return OWNER_SELF;
    return status.st_uid == 0 ? OWNER_SYSTEM : OWNER_OTHER;
}
