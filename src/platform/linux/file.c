/* SPDX-License-Identifier: MIT */
/* Opening a ring's file, and what may be found in its place. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "platform/linux/object.h"

/* If the call created the file but cannot get a descriptor for it, removes it again. */
static void keep(struct platform_object *object, int descriptor, int flags)
{
    object->descriptor = descriptor_raise(descriptor);
    /* not covered: the new file has the number of a standard descriptor, and cannot get another */
    if (object->descriptor >= 0 || descriptor < 0 || !(flags & O_CREAT))
        return;
    int native = errno;   /* not covered: the same */
    unlink(object->path); /* not covered: the same */
    errno = native;       /* not covered: the same */
}

void file_open(struct platform_object *object, int flags, mode_t mode)
{
    int descriptor;
    /* In the shared directory, another user could place a link to one of our files. */
    if (!object->name.is_path || object->name.in_base)
        flags |= O_NOFOLLOW;
    fork_forbid();
    do
        descriptor = open(object->path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode);
    while (descriptor < 0 && errno == EINTR);
    keep(object, descriptor, flags);
    fork_allow();
}

static int report_link(const struct platform_object *object, const char *how)
{
    return fail(MAPRING_ERROR_WRONG_KIND, object->name.text,
                "'%s' is a symbolic link%s; remove %s or choose another name", object->name.text,
                how, object->path);
}

static bool is_link(const char *path)
{
    struct stat status;
    /* not covered: somebody removes it at this moment */
    return lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
}

/* Names the owner of the file, who can help. */
static int report_permission(const struct platform_object *object, int native)
{
    const char *name = object->name.text;
    struct stat status;
    bool known = stat(object->path, &status) == 0 && status.st_uid != geteuid();
    if (known && (status.st_mode & 07777) == MODE_CLOSED)
        return fail(
            MAPRING_ERROR_BEING_CREATED, name,
            "ring '%s' (%s) is still being created by another user (id %u); try again later", name,
            object->path, (unsigned)status.st_uid);
    if (known)
        return fail_system(native, name, "cannot open ring '%s' (%s) of another user (id %u)", name,
                           object->path, (unsigned)status.st_uid);
    return fail_system(native, name, "cannot open ring '%s' (%s)", name, object->path);
}

int file_report(const struct platform_object *object)
{
    const char *name = object->name.text;
    int native = errno;
    switch (native) {
    case ENOENT:
        if (object->name.is_path)
            return fail_system(ENOENT, name, "there is no ring file '%s'", name);
        return fail(MAPRING_ERROR_NOT_THERE, name, "there is no ring '%s'", name);
    case ELOOP:
        return report_link(object, object->name.is_path && !object->name.in_base
                                       ? " that leads back to itself"
                                       : "");
    case EISDIR:
        return fail(MAPRING_ERROR_WRONG_KIND, name, "'%s' is a directory, not a ring: %s", name,
                    object->path);
    case ENXIO:
    case ENODEV:
        return fail(MAPRING_ERROR_WRONG_KIND, name, "'%s' is a device or a socket, not a ring: %s",
                    name, object->path);
    default: return report_permission(object, native);
    }
}

/* EEXIST: somebody else was faster, or a link leads to a file that does not exist, which is not for
 * us to create. */
int file_report_creation(const struct platform_object *object)
{
    const char *name = object->name.text;
    int native = errno;
    if (native == EEXIST && is_link(object->path))
        return report_link(object, " to a file that does not exist");
    if (native == EEXIST)
        return MAPRING_NOTHING;
    if (object->name.in_base)
        return fail_system(native, name,
                           "cannot create ring '%s'; MAPRING_DIR must name a directory in which "
                           "this user may create files",
                           name);
    return fail_system(native, name, "cannot create ring '%s' (%s)%s", name, object->path,
                       native == ENOENT ? ", the folder does not exist" : "");
}

int file_check_kind(const struct platform_object *object)
{
    struct stat status;
    const char *name = object->name.text;
    if (fstat(object->descriptor, &status) != 0)
        return fail_system(errno, name, "cannot examine ring '%s'", name);
    if (!S_ISREG(status.st_mode))
        return fail(MAPRING_ERROR_WRONG_KIND, name,
                    "'%s' is a directory, a pipe, a socket or a device, not a ring: %s", name,
                    object->path);
    if (!object->name.is_path && !object->name.global && status.st_uid != geteuid())
        return fail(MAPRING_ERROR_PERMISSION, name,
                    "the name of ring '%s' is taken by a file of another user (id %u), %s; choose "
                    "another name",
                    name, (unsigned)status.st_uid, object->path);
    return MAPRING_OK;
}

static bool are_same(const struct stat *one, const struct stat *other)
{
    return (one->st_ino == other->st_ino) & (one->st_dev == other->st_dev);
}

int platform_check_place(const struct platform_object *object)
{
    const char *name = object->name.text;
    struct stat here, there = {0};
    bool known = fstat(object->descriptor, &here) == 0 && stat(object->path, &there) == 0;
    if (!known && errno != ENOENT)
        return fail_system(errno, name, "cannot examine ring '%s'", name);
    return are_same(&here, &there) ? MAPRING_OK : MAPRING_NOTHING;
}

/* A file of memfd_create() never has a name: it is found through a descriptor. */
bool platform_is_removed(const struct platform_object *object, bool told)
{
    struct stat here, there;
    (void)told;
    if (fstat(object->descriptor, &here) != 0 || here.st_nlink > 0)
        return false;
    return stat(object->path, &there) != 0 || !are_same(&here, &there);
}
