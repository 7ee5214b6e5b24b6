/* SPDX-License-Identifier: MIT */
/* Lets the hostile process act before each read call of the library, with the linker's --wrap. */
#include "hostile_atomic.h"
#include "platform.h"

int __real_platform_read(struct platform_object *object, uint64_t offset, void *buffer,
                         size_t bytes);
int __wrap_platform_read(struct platform_object *object, uint64_t offset, void *buffer,
                         size_t bytes);

int __wrap_platform_read(struct platform_object *object, uint64_t offset, void *buffer,
                         size_t bytes)
{
    hostile_look();
    return __real_platform_read(object, offset, buffer, bytes);
}
