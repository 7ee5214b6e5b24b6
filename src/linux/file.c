/* SPDX-License-Identifier: MIT */
/* Opening a ring's file, and what may be found in its place. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "object.h"

void file_open(struct platform_object *object, int flags, mode_t mode)
{
    /* A link in the shared directory could lead into a file of ours that another user chose. */
    if (!object->name.is_path)
        flags |= O_NOFOLLOW;
    fork_forbid();
    do
        object->descriptor = open(object->path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode);
    while (object->descriptor < 0 && errno == EINTR);
    fork_allow();
}

int file_report(const struct platform_object *object)
{
    const char *name = object->name.text;
    switch (errno) {
    case ENOENT:
        if (object->name.is_path)
            return fail_system(ENOENT, name, "there is no ring file '%s'", name);
        return fail(MAPRING_ERROR_NOT_THERE, name, "there is no ring '%s' in the %s scope", name,
                    object->name.global ? "global" : "local");
    case ELOOP:
        return fail(MAPRING_ERROR_WRONG_KIND, name, "'%s' is a symbolic link, not a ring: %s", name,
                    object->path);
    case EISDIR:
        return fail(MAPRING_ERROR_WRONG_KIND, name, "'%s' is a directory, not a ring", name);
    case ENXIO:
    case ENODEV:
        return fail(MAPRING_ERROR_WRONG_KIND, name, "'%s' is a device or a socket, not a ring",
                    name);
    default: return fail_system(errno, name, "cannot open ring '%s' (%s)", name, object->path);
    }
}

int file_check_kind(const struct platform_object *object)
{
    struct stat status;
    const char *name = object->name.text;
    if (fstat(object->descriptor, &status) != 0)
        return fail_system(errno, name, "cannot look at ring '%s'", name);
    if (!S_ISREG(status.st_mode))
        return fail(MAPRING_ERROR_WRONG_KIND, name,
                    "'%s' is a directory, a pipe, a socket or a device, not a ring", name);
    if (!object->name.is_path && !object->name.global && status.st_uid != geteuid())
        return fail(MAPRING_ERROR_PERMISSION, name,
                    "the name of ring '%s' is taken by a file of another user (id %u): %s", name,
                    (unsigned)status.st_uid, object->path);
    return MAPRING_OK;
}

bool file_is_still_there(const struct platform_object *object)
{
    struct stat here, there;
    return fstat(object->descriptor, &here) == 0 && stat(object->path, &there) == 0 &&
           here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}
