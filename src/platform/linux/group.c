/* SPDX-License-Identifier: MIT */
/* The group that a ring's files belong to. */
#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "platform/linux/object.h"

enum { MEMBERS_BYTES = 1 << 16 }; /* the names of a group's members */

static bool read_number(const char *text, gid_t *group)
{
    unsigned long number = strtoul(text, NULL, 10);
    *group = (gid_t)number;
    return strspn(text, "0123456789") == strlen(text) && number < (gid_t)-1;
}

/* Finds the group by its name or, if it has none, by its number. */
static int find_group(const char *ring, const char *text, gid_t *group)
{
    struct group found, *is = NULL;
    char *members = malloc(MEMBERS_BYTES);
    if (!members)
        return fail_memory(ring, "the members of a group");
    int native = getgrnam_r(text, &found, members, MEMBERS_BYTES, &is);
    if (is)
        *group = found.gr_gid;
    free(members);
    if (is || read_number(text, group))
        return MAPRING_OK;
    if (native != 0)
        return fail_system(native, ring, "cannot find the group '%s' for ring '%s'", text, ring);
    return fail(MAPRING_ERROR_ARGUMENT, ring, "there is no group '%s' for ring '%s'", text, ring);
}

int platform_check_group(const char *ring, const char *group)
{
    gid_t found;
    return find_group(ring, group, &found);
}

int group_give(struct platform_object *object, const char *group)
{
    const char *name = object->name.text;
    gid_t found;
    int result = find_group(name, group, &found);
    if (result != MAPRING_OK)
        return result;
    object->given = fchown(object->descriptor, (uid_t)-1, found) == 0;
    if (object->given)
        return MAPRING_OK;
    if (errno == EPERM)
        return fail_system(EPERM, name,
                           "cannot give ring '%s' to the group '%s', because this user is not a "
                           "member of it",
                           name, group);
    return fail_system(errno, name, "cannot give ring '%s' to the group '%s'", name, group);
}

int platform_check_belongs(const struct platform_object *object, const char *group)
{
    const char *name = object->name.text;
    struct stat status;
    gid_t found;
    int result = find_group(name, group, &found);
    if (result != MAPRING_OK)
        return result;
    if (fstat(object->descriptor, &status) != 0)
        return fail_system(errno, name, "cannot examine ring '%s'", name);
    if (status.st_gid == found)
        return MAPRING_OK;
    return fail(MAPRING_ERROR_GEOMETRY_DIFFERS, name,
                "ring '%s' exists and belongs to another group (id %u); ask for that group or "
                "none, change it with chgrp, or remove the ring first",
                name, (unsigned)status.st_gid);
}
