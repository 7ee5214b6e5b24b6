/* SPDX-License-Identifier: MIT */
/* The file behind a ring: in /dev/shm for a named one, with the user in the name where the scope
 * is local, or anywhere for a path. */
#include "object.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"

#define SHARED_MEMORY "/dev/shm/"
enum { RETRY_NS = 1000000 };

static void name_prefix(bool global, char *prefix, size_t bytes)
{
    if (global)
        snprintf(prefix, bytes, "mapring+");
    else
        snprintf(prefix, bytes, "mapring-%u+", (unsigned)geteuid());
}

static void file_path(const struct ring_name *name, char *path)
{
    char prefix[32];
    name_prefix(name->global, prefix, sizeof prefix);
    if (name->is_path)
        snprintf(path, PATH_LIMIT, "%s", name->text);
    else
        snprintf(path, PATH_LIMIT, SHARED_MEMORY "%s%.*s", prefix, NAME_LIMIT, name->text);
}

static struct platform_object *object_new(const struct ring_name *name)
{
    struct platform_object *object = calloc(1, sizeof *object);
    if (!object) {
        fail_system(ENOMEM, name->text, "cannot open ring '%s'", name->text);
        return NULL;
    }
    object->descriptor = -1;
    object->name = *name;
    file_path(name, object->path);
    object_watch_fork(object);
    return object;
}

static int open_file(const struct platform_object *object, int flags, mode_t mode)
{
    int descriptor;
    /* A link in the shared directory could lead into a file of ours that another user chose. */
    if (!object->name.is_path)
        flags |= O_NOFOLLOW;
    do
        descriptor = open(object->path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode);
    while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

static int report_open(const struct platform_object *object)
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
    default:
        return fail_system(errno, name, "cannot open ring '%s' (%s)", name, object->path);
    }
}

static int check_kind(const struct platform_object *object)
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

/* Without O_CREAT first: with it, Linux refuses files of other users in /dev/shm. */
static int open_or_create(struct platform_object *object, uint32_t mode)
{
    if (mode == 0)
        mode = 0600;
    object->created = false;
    object->descriptor = open_file(object, O_RDWR, 0);
    if (object->descriptor < 0 && errno == ENOENT) {
        object->descriptor = open_file(object, O_RDWR | O_CREAT | O_EXCL, mode);
        object->created = object->descriptor >= 0;
        if (object->descriptor < 0 && errno == EEXIST)
            return MAPRING_NOTHING;
    }
    if (object->descriptor < 0)
        return report_open(object);
    if (object->created && fchmod(object->descriptor, mode) != 0)
        return fail_system(errno, object->name.text, "cannot set the mode of ring '%s'",
                           object->name.text);
    return check_kind(object);
}

/* The file may have been removed between opening and locking it. */
static bool is_still_there(const struct platform_object *object)
{
    struct stat here, there;
    return fstat(object->descriptor, &here) == 0 && stat(object->path, &there) == 0 &&
           here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}

static int try_create(struct platform_object *object, uint32_t mode)
{
    int result = open_or_create(object, mode);
    if (result == MAPRING_OK)
        result = platform_role_take(object, ROLE_CREATOR);
    if (result == MAPRING_OK && !is_still_there(object))
        result = MAPRING_NOTHING;
    if (result != MAPRING_OK && object->descriptor >= 0) {
        close(object->descriptor);
        object->descriptor = -1;
    }
    return result;
}

int platform_create(struct platform_object **out, const struct ring_name *name, uint32_t mode,
                    int64_t deadline)
{
    struct platform_object *object = object_new(name);
    if (!object)
        return MAPRING_ERROR_NO_MEMORY;
    int result;
    while ((result = try_create(object, mode)) == MAPRING_NOTHING) {
        if (platform_now_ns() > deadline) {
            result = fail(MAPRING_ERROR_BEING_CREATED, name->text,
                          "ring '%s' is still being created by another process; try again later",
                          name->text);
            break;
        }
        platform_pause_ns(RETRY_NS);
    }
    if (result == MAPRING_OK)
        *out = object;
    else
        platform_detach(object);
    return result;
}

int platform_attach(struct platform_object **out, const struct ring_name *name, bool writable)
{
    struct platform_object *object = object_new(name);
    if (!object)
        return MAPRING_ERROR_NO_MEMORY;
    object->descriptor = open_file(object, writable ? O_RDWR : O_RDONLY, 0);
    int result = object->descriptor < 0 ? report_open(object) : check_kind(object);
    if (result == MAPRING_OK)
        *out = object;
    else
        platform_detach(object);
    return result;
}

uint64_t platform_size(const struct platform_object *object)
{
    struct stat status;
    return fstat(object->descriptor, &status) == 0 ? (uint64_t)status.st_size : 0;
}

int platform_read(struct platform_object *object, uint64_t offset, void *buffer, size_t bytes)
{
    ssize_t got;
    do
        got = pread(object->descriptor, buffer, bytes, (off_t)offset);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return fail_system(errno, object->name.text, "cannot read ring '%s'", object->name.text);
    if ((size_t)got < bytes)
        return fail(MAPRING_ERROR_DAMAGED, object->name.text, "ring '%s' is truncated",
                    object->name.text);
    return MAPRING_OK;
}

int platform_stamp(struct platform_object *object, const void *buffer, size_t bytes)
{
    ssize_t done;
    do
        done = pwrite(object->descriptor, buffer, bytes, 0);
    while (done < 0 && errno == EINTR);
    if (done != (ssize_t)bytes)
        return fail_system(done < 0 ? errno : ENOSPC, object->name.text, "cannot create ring '%s'",
                           object->name.text);
    return MAPRING_OK;
}

/* Not ftruncate(): it succeeds on a full file system, and the first touch is then a SIGBUS. */
int platform_reserve(struct platform_object *object, uint64_t bytes)
{
    int native;
    do
        native = posix_fallocate(object->descriptor, 0, (off_t)bytes);
    while (native == EINTR);
    if (native != 0)
        return fail_system(native, object->name.text,
                           "cannot reserve %llu bytes for ring '%s' (%s)",
                           (unsigned long long)bytes, object->name.text, object->path);
    return MAPRING_OK;
}

void platform_discard(struct platform_object *object)
{
    if (object->created)
        unlink(object->path);
}

void platform_detach(struct platform_object *object)
{
    object_forget_fork(object);
    if (object->descriptor >= 0)
        close(object->descriptor);
    free(object);
}

int platform_remove(const struct ring_name *name)
{
    char path[PATH_LIMIT];
    file_path(name, path);
    if (unlink(path) != 0)
        return fail_system(errno, name->text, "cannot remove ring '%s' (%s)", name->text, path);
    return MAPRING_OK;
}

int platform_list(bool global, bool (*found)(const char *name, void *context), void *context)
{
    char prefix[32];
    name_prefix(global, prefix, sizeof prefix);
    DIR *directory = opendir(SHARED_MEMORY);
    if (!directory)
        return fail_system(errno, NULL, "cannot list the rings in " SHARED_MEMORY);
    bool more = true;
    struct dirent *entry;
    while (more && (entry = readdir(directory)) != NULL)
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
            more = found(entry->d_name + strlen(prefix), context);
    closedir(directory);
    return MAPRING_OK;
}
