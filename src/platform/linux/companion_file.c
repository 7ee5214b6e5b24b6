/* SPDX-License-Identifier: MIT */
/* The file of a companion: its path, whether a file is one, and its last bytes. */
#include "platform/linux/companion_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "error.h"

int companion_find_path(const struct ring_name *name, const char *path,
                        char companion[PATH_LIMIT + 1])
{
    char real[PATH_MAX];
    if (name->is_path && !realpath(path, real))
        return fail_system(errno, name->text, "cannot resolve the path of ring '%s'", name->text);
    snprintf(companion, PATH_LIMIT + 1, "%.*s+", PATH_LIMIT - 1, name->is_path ? real : path);
    return MAPRING_OK;
}

static int open_file(const char *path, int flags, mode_t mode)
{
    int descriptor;
    do
        descriptor = open(path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode);
    while (descriptor < 0 && errno == EINTR);
    return descriptor_raise(descriptor);
}

bool companion_open(struct platform_object *object, int flags)
{
    fork_forbid();
    object->companion = open_file(object->companion_path, flags, MODE_CLOSED);
    int native = errno;
    fork_allow();
    errno = native;
    return object->companion >= 0;
}

bool companion_read_bond(int descriptor, struct ring_bond *bond)
{
    ssize_t got;
    *bond = (struct ring_bond){0};
    do
        got = pread(descriptor, bond, sizeof *bond, BOND_OFFSET);
    while (got < 0 && errno == EINTR);
    return got >= 0;
}

/* ---- What is at its path ---- */

enum place { PLACE_EMPTY, PLACE_COMPANION, PLACE_OTHER };

static bool is_bonded(int descriptor, bool *bonded)
{
    struct ring_bond bond;
    bool known = descriptor >= 0 && companion_read_bond(descriptor, &bond);
    int native = errno;
    *bonded = known && bond.magic == COMPANION_MAGIC;
    if (descriptor >= 0)
        close(descriptor);
    errno = native;
    return known;
}

/* Returns false and sets errno on failure. A companion may be in the state in which a dead creator
 * left it. */
static bool look(const char *path, uid_t owner, enum place *place, uid_t *its_owner)
{
    struct stat status;
    *place = PLACE_EMPTY;
    if (lstat(path, &status) != 0)
        return errno == ENOENT;
    *place = PLACE_OTHER;
    *its_owner = status.st_uid;
    if (!S_ISREG(status.st_mode) || status.st_uid != owner)
        return true;
    /* not covered: somebody creates an empty file there, with another mode */
    bool bonded = status.st_size == 0 && (status.st_mode & ALL_MODES) == MODE_CLOSED;
    bool known = bonded || is_bonded(open_file(path, O_RDONLY, 0), &bonded);
    if (bonded)
        *place = PLACE_COMPANION;
    return known;
}

static int report_place(const struct ring_name *name, const char *path)
{
    return fail_system(errno, name->text, "cannot examine %s, the companion file of ring '%s'",
                       path, name->text);
}

static int remove_file(const struct ring_name *name, const char *path)
{
    if (unlink(path) != 0)
        return fail_system(errno, name->text, "cannot remove %s, the companion file of ring '%s'",
                           path, name->text);
    return MAPRING_OK;
}

int companion_clear_place(const struct ring_name *name, const char *path, uid_t owner)
{
    enum place place;
    uid_t its_owner;
    if (!look(path, owner, &place, &its_owner))
        return report_place(name, path);
    if (place == PLACE_COMPANION)
        return remove_file(name, path);
    if (place == PLACE_EMPTY)
        return MAPRING_OK;
    return fail(its_owner == owner ? MAPRING_ERROR_WRONG_KIND : MAPRING_ERROR_PERMISSION,
                name->text,
                "ring '%s' with that mode needs the companion file %s, but something else has "
                "that name (owner: user id %u); choose another name",
                name->text, path, (unsigned)its_owner);
}

/* If the ring's path is a link, only the link is removed, and the companion stays. */
int companion_remove(const struct ring_name *name, const char *path)
{
    char companion[PATH_LIMIT + 1];
    struct stat ring;
    enum place place;
    uid_t its_owner;
    if (lstat(path, &ring) != 0)
        return report_place(name, path);
    int result = companion_find_path(name, path, companion);
    if (result != MAPRING_OK || S_ISLNK(ring.st_mode))
        return result;
    if (!look(companion, ring.st_uid, &place, &its_owner))
        return report_place(name, companion);
    return place == PLACE_COMPANION ? remove_file(name, companion) : MAPRING_OK;
}

bool companion_is_left(const char *path, uid_t owner)
{
    char companion[PATH_LIMIT + 1];
    enum place place;
    uid_t its_owner;
    snprintf(companion, sizeof companion, "%.*s+", PATH_LIMIT - 1, path);
    look(companion, owner, &place, &its_owner); /* on failure, it is no companion */
    return place == PLACE_COMPANION;
}

bool companion_discard(struct platform_object *object)
{
    /* not covered: a file that was just created cannot be removed */
    bool gone = !object->companion_created || unlink(object->companion_path) == 0;
    object->companion_created = false;
    return gone;
}
