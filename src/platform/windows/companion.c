/* SPDX-License-Identifier: MIT */
/* Rings that some may read and not write have no companion here: with a handle for reading a file's
 * bytes can be locked, and a named ring's roles cannot be. Those with a companion, made on Linux, can
 * be observed. */
#include "platform/windows/object.h"

bool platform_supports_companions(void)
{
    return false;
}

int platform_choose_mode(struct platform_object *object, uint32_t mode, bool *guarded)
{
    (void)object;
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

bool platform_has_companion(const struct platform_object *object)
{
    (void)object;
    return false;
}
