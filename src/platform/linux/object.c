/* SPDX-License-Identifier: MIT */
/* The file behind a ring: creating, attaching, sizing and removing it. */
#include "platform/linux/object.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "error.h"

enum { RETRY_NS = 1000000, RESERVE_BYTES = 1 << 24, STAT_BLOCK_BYTES = 512 };

/* Returns NULL after it has reported MAPRING_ERROR_NO_MEMORY. */
static struct platform_object *object_new(const struct ring_name *name)
{
    struct platform_object *object = calloc(1, sizeof *object);
    if (object) {
        *object = (struct platform_object){.descriptor = -1, .companion = -1, .name = *name};
        name_path(name, object->path);
    }
    if (object && object_watch_fork(object))
        return object;
    free(object);
    fail_system(ENOMEM, name->text, "cannot open ring '%s'", name->text);
    return NULL;
}

/* A copy-on-write file system would need new storage for every overwrite. Most file systems are not
 * of that kind, and do not know this flag. */
static void forbid_copying(const struct platform_object *object)
{
    int flags = 0;
    ioctl(object->descriptor, FS_IOC_GETFLAGS, &flags);
    flags |= FS_NOCOW_FL;
    ioctl(object->descriptor, FS_IOC_SETFLAGS, &flags);
}

/* Tries without O_CREAT first: with it, Linux refuses to open files of other users in /dev/shm. */
static int open_or_create(struct platform_object *object, uint32_t mode)
{
    if (mode == 0)
        mode = 0600;
    if (mode_needs_companion(mode))
        mode = MODE_CLOSED;
    object->created = false;
    file_open(object, O_RDWR, 0);
    if (object->descriptor < 0 && errno == ENOENT) {
        file_open(object, O_RDWR | O_CREAT | O_EXCL, mode);
        object->created = object->descriptor >= 0;
        if (object->descriptor < 0)
            return file_report_creation(object);
        forbid_copying(object);
    }
    if (object->descriptor < 0) {
        int result = file_report(object);
        return result == MAPRING_ERROR_BEING_CREATED ? MAPRING_NOTHING : result;
    }
    if (object->created && fchmod(object->descriptor, mode) != 0)
        return fail_system(errno, object->name.text, "cannot set the mode of ring '%s'",
                           object->name.text);
    return file_check_kind(object);
}

/* With MAPRING_NOTHING, somebody else is using the file, so it is not removed. */
static void give_up(struct platform_object *object, int result)
{
    if (result != MAPRING_NOTHING)
        platform_discard(object);
    descriptor_close(&object->descriptor);
}

static int try_create(struct platform_object *object, uint32_t mode)
{
    int result = open_or_create(object, mode);
    if (result == MAPRING_OK)
        result = platform_role_take(object, ROLE_CREATOR);
    if (result == MAPRING_OK)
        result = platform_check_place(object);
    if (result != MAPRING_OK)
        give_up(object, result);
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
    file_open(object, writable ? O_RDWR : O_RDONLY, 0);
    int result = object->descriptor < 0 ? file_report(object) : file_check_kind(object);
    if (result == MAPRING_OK)
        *out = object;
    else
        platform_detach(object);
    return result;
}

int platform_size(const struct platform_object *object, uint64_t *bytes)
{
    struct stat status;
    if (fstat(object->descriptor, &status) != 0)
        return fail_system(errno, object->name.text, "cannot get the size of ring '%s'",
                           object->name.text);
    *bytes = (uint64_t)status.st_size;
    return MAPRING_OK;
}

int platform_mode(const struct platform_object *object, uint32_t *mode)
{
    struct stat status;
    if (fstat(object->descriptor, &status) != 0)
        return fail_system(errno, object->name.text, "cannot get the mode of ring '%s'",
                           object->name.text);
    *mode = status.st_mode & 0777;
    return MAPRING_OK;
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

/* Beyond this limit, the system would send SIGXFSZ, which ends the program. */
static int check_limit(const struct platform_object *object, uint64_t bytes)
{
    struct rlimit limit = {.rlim_cur = RLIM_INFINITY};
    getrlimit(RLIMIT_FSIZE, &limit);
    if (limit.rlim_cur == RLIM_INFINITY || bytes <= limit.rlim_cur)
        return MAPRING_OK;
    return fail(MAPRING_ERROR_NO_SPACE, object->name.text,
                "ring '%s' needs a file of %llu bytes, but this process may only write files of "
                "up to %llu bytes; raise that limit (ulimit -f, RLIMIT_FSIZE) or choose a smaller "
                "capacity",
                object->name.text, (unsigned long long)bytes, (unsigned long long)limit.rlim_cur);
}

int platform_stamp(struct platform_object *object, const void *buffer, size_t bytes)
{
    ssize_t done;
    int result = check_limit(object, bytes);
    if (result != MAPRING_OK)
        return result;
    do
        done = pwrite(object->descriptor, buffer, bytes, 0);
    while (done < 0 && errno == EINTR);
    if (done != (ssize_t)bytes)
        return fail_system(done < 0 ? errno : ENOSPC, object->name.text, "cannot create ring '%s'",
                           object->name.text);
    return MAPRING_OK;
}

static int reserve_part(const struct platform_object *object, uint64_t offset, uint64_t bytes)
{
    int native;
    do
        native = posix_fallocate(object->descriptor, (off_t)offset, (off_t)bytes);
    while (native == EINTR);
    return native;
}

static uint64_t bytes_held(const struct platform_object *object)
{
    struct stat status = {0};
    fstat(object->descriptor, &status);
    return (uint64_t)status.st_blocks * STAT_BLOCK_BYTES;
}

/* Checks the space beforehand: finding out part by part would fill the machine's memory. A file
 * system without a limit, such as that of memfd_create(), reports that it has no blocks at all. */
static int check_space(const struct platform_object *object, uint64_t bytes)
{
    struct statvfs space;
    int result;
    do
        result = fstatvfs(object->descriptor, &space);
    while (result != 0 && errno == EINTR);
    if (result != 0)
        return errno;
    uint64_t held = bytes_held(object), wanted = bytes > held ? bytes - held : 0;
    uint64_t blocks = (wanted + space.f_frsize - 1) / space.f_frsize;
    bool has_room = space.f_blocks == 0 || blocks <= space.f_bavail;
    return has_room ? 0 : ENOSPC;
}

/* ftruncate() would succeed on a full file system, and the first access would then raise SIGBUS.
 * The storage is reserved in parts, since a signal undoes what the interrupted call has done. */
int platform_reserve(struct platform_object *object, uint64_t bytes)
{
    int result = check_limit(object, bytes);
    if (result != MAPRING_OK)
        return result;
    int native = check_space(object, bytes);
    for (uint64_t done = 0; done < bytes && native == 0; done += RESERVE_BYTES) {
        uint64_t rest = bytes - done;
        native = reserve_part(object, done, rest < RESERVE_BYTES ? rest : RESERVE_BYTES);
    }
    if (native != 0)
        return fail_system(native, object->name.text,
                           "cannot reserve %llu bytes for ring '%s' (%s); make room or choose a "
                           "smaller capacity",
                           (unsigned long long)bytes, object->name.text, object->path);
    return MAPRING_OK;
}

void platform_discard(struct platform_object *object)
{
    /* Both or neither: nothing would ever remove a companion without its ring. */
    /* not covered: the companion cannot be removed, or somebody removes the ring at this moment */
    if (companion_discard(object) && object->created &&
        platform_check_place(object) != MAPRING_NOTHING)
        unlink(object->path);
}

void platform_detach(struct platform_object *object)
{
    object_forget_fork(object);
    descriptor_close(&object->descriptor);
    descriptor_close(&object->companion);
    free(object);
}

int platform_check_removable(const struct ring_name *name)
{
    (void)name;
    return MAPRING_OK;
}

int platform_remove(const struct ring_name *name)
{
    char path[PATH_LIMIT];
    name_path(name, path);
    int result = companion_remove(name, path);
    if (result != MAPRING_OK)
        return result;
    if (unlink(path) != 0)
        return fail_system(errno, name->text, "cannot remove ring '%s' (%s)", name->text, path);
    return MAPRING_OK;
}
