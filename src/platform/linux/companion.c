/* SPDX-License-Identifier: MIT */
/* The companion of a ring that some users may read but not write. Only those who may write to the
 * ring may open it. Until it exists and is filled in, the ring is closed to all other users. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "platform/linux/companion_file.h"

enum {
    READERS = 0444,
    WRITERS = 0222,
    ATTACH_TRIES = 100, /* a ring is removed shortly after its companion */
    ATTACH_PAUSE_NS = 1000000,
};

/* ---- Modes ---- */

bool platform_supports_companions(void)
{
    return true;
}

bool mode_needs_companion(uint32_t mode)
{
    return (mode & READERS & ~((mode & WRITERS) << 1)) != 0;
}

static mode_t companion_mode(mode_t mode)
{
    return (mode & WRITERS) | (mode & WRITERS) << 1;
}

int platform_choose_mode(struct platform_object *object, uint32_t mode, const char *group,
                         bool *guarded)
{
    const char *name = object->name.text;
    struct stat status;
    if (fstat(object->descriptor, &status) != 0)
        return fail_system(errno, name, "cannot examine ring '%s'", name);
    if (mode == 0 && group)
        mode = 0660;
    if (mode == 0)
        mode = object->created ? 0600 : status.st_mode & 0777;
    object->mode = (mode_t)mode;
    object->guarded = *guarded = mode_needs_companion(mode);
    object->closed = object->guarded || group;
    mode_t now = object->closed ? MODE_CLOSED : object->mode;
    /* not covered: a half-made ring has another mode, and its mode cannot be set */
    if ((status.st_mode & ALL_MODES) != now && fchmod(object->descriptor, now) != 0)
        return fail_system(errno, name, "cannot set the mode of ring '%s'", name);
    return group ? group_give(object, group) : MAPRING_OK;
}

bool platform_is_closed(const struct platform_object *object)
{
    struct stat status;
    return fstat(object->descriptor, &status) == 0 && (status.st_mode & ALL_MODES) == MODE_CLOSED;
}

int platform_publish(struct platform_object *object)
{
    const char *name = object->name.text;
    if (object->closed && fchmod(object->descriptor, object->mode) != 0)
        return fail_system(errno, name, "cannot set the mode of ring '%s'", name);
    return MAPRING_OK;
}

/* ---- Creating the companion ---- */

static int write_bond(int descriptor, uint64_t created_ns)
{
    const struct ring_bond bond = {COMPANION_MAGIC, created_ns};
    ssize_t done;
    do
        done = pwrite(descriptor, &bond, sizeof bond, BOND_OFFSET);
    while (done < 0 && errno == EINTR);
    if (done < 0)
        return errno;
    return done == sizeof bond ? 0 : ENOSPC;
}

static int reserve(int descriptor)
{
    int native;
    do
        native = posix_fallocate(descriptor, 0, REGION_BYTES);
    while (native == EINTR);
    return native;
}

static int fill(const struct platform_object *object, gid_t group, uint64_t created_ns)
{
    int native = write_bond(object->companion, created_ns);
    if (native == 0 && object->given && fchown(object->companion, (uid_t)-1, group) != 0)
        native = errno;
    if (native == 0)
        native = reserve(object->companion);
    if (native == 0 && fchmod(object->companion, companion_mode(object->mode)) != 0)
        native = errno;
    return native;
}

int platform_companion_make(struct platform_object *object, uint64_t created_ns)
{
    const char *name = object->name.text;
    struct stat ring;
    if (!object->guarded)
        return MAPRING_OK;
    if (fstat(object->descriptor, &ring) != 0)
        return fail_system(errno, name, "cannot examine ring '%s'", name);
    int result = companion_find_path(&object->name, object->path, object->companion_path);
    if (result == MAPRING_OK)
        result = companion_clear_place(&object->name, object->companion_path, ring.st_uid);
    if (result != MAPRING_OK)
        return result;
    object->companion_created = companion_open(object, O_RDWR | O_CREAT | O_EXCL);
    int native = object->companion_created ? fill(object, ring.st_gid, created_ns) : errno;
    if (native != 0)
        return fail_system(native, name, "cannot create %s, the companion file of ring '%s'",
                           object->companion_path, name);
    return MAPRING_OK;
}

/* ---- Opening the companion ---- */

static int report_opening(const struct platform_object *object)
{
    const char *name = object->name.text;
    if (errno == ENOENT)
        return fail(
            MAPRING_ERROR_DAMAGED, name,
            "ring '%s' can only be observed: its companion file %s, which holds the consumers, "
            "is missing",
            name, object->companion_path);
    return fail_system(errno, name,
                       "ring '%s' can only be observed: cannot open its companion file %s, which "
                       "holds the consumers",
                       name, object->companion_path);
}

static int check(const struct platform_object *object, uint64_t created_ns)
{
    struct stat ring, status;
    struct ring_bond bond;
    if (fstat(object->descriptor, &ring) != 0 || fstat(object->companion, &status) != 0 ||
        !companion_read_bond(object->companion, &bond))
        return fail_system(errno, object->name.text, "cannot examine ring '%s'", object->name.text);
    bool belongs = (status.st_uid == ring.st_uid) & (status.st_size == REGION_BYTES) &
                   (bond.magic == COMPANION_MAGIC) & (bond.created_ns == created_ns);
    if (belongs)
        return MAPRING_OK;
    return fail(MAPRING_ERROR_DAMAGED, object->name.text,
                "ring '%s' can only be observed: its companion file %s belongs to another ring, "
                "or to another user",
                object->name.text, object->companion_path);
}

static int try_attach(struct platform_object *object, uint64_t created_ns)
{
    if (!companion_open(object, O_RDWR))
        return report_opening(object);
    int result = check(object, created_ns);
    if (result != MAPRING_OK)
        descriptor_close(&object->companion);
    return result;
}

/* A companion that is missing or wrong can mean that the ring is just being removed. */
static int attach_patiently(struct platform_object *object, uint64_t created_ns)
{
    const char *name = object->name.text;
    int result = try_attach(object, created_ns);
    for (int tries = ATTACH_TRIES; result == MAPRING_ERROR_DAMAGED && tries > 0; tries--) {
        if (platform_check_place(object) == MAPRING_NOTHING)
            return fail(MAPRING_ERROR_NOT_THERE, name, "ring '%s' has just been removed", name);
        platform_pause_ns(ATTACH_PAUSE_NS);
        result = try_attach(object, created_ns);
    }
    return result;
}

static bool is_for_others(int result)
{
    return result == MAPRING_ERROR_PERMISSION || result == MAPRING_ERROR_DAMAGED ||
           result == MAPRING_ERROR_NOT_THERE || result == MAPRING_ERROR_WRONG_KIND;
}

int platform_companion_attach(struct platform_object *object, uint64_t created_ns, bool needed)
{
    struct mapring_error before = *mapring_last_error();
    int result = companion_find_path(&object->name, object->path, object->companion_path);
    if (result == MAPRING_OK)
        result = needed ? attach_patiently(object, created_ns) : try_attach(object, created_ns);
    if (needed || !is_for_others(result))
        return result;
    error_restore(&before);
    return MAPRING_OK;
}

bool platform_has_companion(const struct platform_object *object)
{
    return object->companion >= 0;
}

bool platform_companion_is_left(const struct ring_name *name)
{
    char path[PATH_LIMIT];
    name_path(name, path);
    return companion_is_left(path, geteuid());
}
