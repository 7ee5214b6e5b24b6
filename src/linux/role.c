/* SPDX-License-Identifier: MIT */
/* Roles are open-file-description locks on single bytes: the kernel drops them when their process
 * dies, whatever namespace it is in, and no reused process id can be taken for it. */
#include <errno.h>
#include <fcntl.h>

#include "error.h"
#include "object.h"

static struct flock role_lock(unsigned role, short type)
{
    return (struct flock){
        .l_type = type, .l_whence = SEEK_SET, .l_start = ROLE_OFFSET + role, .l_len = 1};
}

static int control(const struct platform_object *object, int command, struct flock *lock)
{
    int result;
    do
        result = fcntl(object->descriptor, command, lock);
    while (result != 0 && errno == EINTR);
    return result;
}

int platform_role_take(struct platform_object *object, unsigned role)
{
    struct flock lock = role_lock(role, F_WRLCK);
    if (control(object, F_OFD_SETLK, &lock) == 0)
        return MAPRING_OK;
    if (errno == EAGAIN)
        return MAPRING_NOTHING;
    return fail_system(errno, object->name.text, "cannot lock ring '%s' (%s)", object->name.text,
                       object->path);
}

void platform_role_drop(struct platform_object *object, unsigned role)
{
    struct flock lock = role_lock(role, F_UNLCK);
    control(object, F_OFD_SETLK, &lock);
}

bool platform_role_held(struct platform_object *object, unsigned role)
{
    struct flock lock = role_lock(role, F_WRLCK);
    return control(object, F_OFD_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
}
