/* SPDX-License-Identifier: MIT */
/* On Windows, rings that some users may read but not write have no companion: a handle for reading
 * is enough to lock bytes of a file, and the roles of a named ring cannot be locked. Rings that
 * were created with a companion on Linux can be observed. */
#include "platform/windows/object.h"

bool platform_supports_companions(void)
{
    return false;
}

int platform_choose_mode(struct platform_object *object, uint32_t mode, const char *group,
                         bool *guarded)
{
    (void)object;
    (void)group;
    (void)mode;
    *guarded = false;
    return MAPRING_OK;
}

bool platform_is_closed(const struct platform_object *object)
{
    (void)object;
    return false;
}

int platform_publish(struct platform_object *object)
{
    (void)object;
    return MAPRING_OK;
}

int platform_companion_make(struct platform_object *object, uint64_t created_ns)
{
    (void)object;
    (void)created_ns;
    return MAPRING_OK;
}

int platform_companion_attach(struct platform_object *object, uint64_t created_ns, bool needed)
{
    (void)object;
    (void)created_ns;
    (void)needed;
    return MAPRING_OK;
}

bool platform_companion_is_left(const struct ring_name *name)
{
    (void)name;
    return false;
}

bool platform_has_companion(const struct platform_object *object)
{
    (void)object;
    return false;
}
