/* SPDX-License-Identifier: MIT */
/* Roles are open-file-description locks on single bytes. The kernel drops them when their process
 * dies, whatever namespace it is in, and a reused process id cannot be mistaken for it. */
#include <errno.h>
#include <fcntl.h>

#include "error.h"
#include "platform/linux/object.h"

static struct flock role_lock(unsigned role, short type)
{
    return (struct flock){
        .l_type = type, .l_whence = SEEK_SET, .l_start = ROLE_OFFSET + role, .l_len = 1};
}

static int control(int descriptor, int command, struct flock *lock)
{
    int result;
    do
        result = fcntl(descriptor, command, lock);
    while (result != 0 && errno == EINTR);
    return result;
}

static int file_of_roles(const struct platform_object *object)
{
    return object->companion >= 0 ? object->companion : object->descriptor;
}

/* For those who see no companion; somebody who may only read can keep it from being known to them. */
static void show_producer(const struct platform_object *object, unsigned role)
{
    struct flock lock = role_lock(role, F_WRLCK);
    if (object->companion >= 0 && role == ROLE_PRODUCER)
        control(object->descriptor, F_OFD_SETLK, &lock);
}

int platform_role_take(struct platform_object *object, unsigned role)
{
    struct flock lock = role_lock(role, F_WRLCK);
    if (control(file_of_roles(object), F_OFD_SETLK, &lock) == 0) {
        show_producer(object, role);
        return MAPRING_OK;
    }
    if (errno == EAGAIN)
        return MAPRING_NOTHING;
    return fail_system(errno, object->name.text, "cannot lock ring '%s' (%s)", object->name.text,
                       object->path);
}

/* In both files, whichever it is in. */
void platform_role_drop(struct platform_object *object, unsigned role)
{
    struct flock lock = role_lock(role, F_UNLCK);
    control(object->descriptor, F_OFD_SETLK, &lock);
    if (object->companion >= 0)
        control(object->companion, F_OFD_SETLK, &lock);
}

/* Only a write lock stands in the way of a read lock, and only a process that may write can take
 * one. */
bool platform_role_held(struct platform_object *object, unsigned role)
{
    struct flock lock = role_lock(role, F_RDLCK);
    return control(file_of_roles(object), F_OFD_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
}
