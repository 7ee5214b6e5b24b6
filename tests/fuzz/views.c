/* SPDX-License-Identifier: MIT */
/* Wraps the library's platform_map() with the linker's --wrap: the views of the one mapping that is
 * fuzzed are made only once for each kind of access, since making them takes longer than everything
 * else. */
#include "hostile.h"
#include "platform.h"

static unsigned char *views[ACCESS_PRODUCE + 1];

int __real_platform_map(struct platform_object *object, enum platform_access access,
                        uint64_t capacity, unsigned char **base);
void __real_platform_unmap(unsigned char *base, uint64_t capacity);
int __wrap_platform_map(struct platform_object *object, enum platform_access access,
                        uint64_t capacity, unsigned char **base);
void __wrap_platform_unmap(unsigned char *base, uint64_t capacity);

/* Uses an object of its own, because a view keeps its file open, and with it the roles taken
 * there. */
void views_make(const struct ring_name *name)
{
    static struct platform_object *object;
    must(platform_attach(&object, name, true) == MAPRING_OK);
    for (int access = ACCESS_READ; access <= ACCESS_PRODUCE; access++)
        must(__real_platform_map(object, (enum platform_access)access, CAPACITY, &views[access]) ==
             MAPRING_OK);
}

int __wrap_platform_map(struct platform_object *object, enum platform_access access,
                        uint64_t capacity, unsigned char **base)
{
    if (capacity != CAPACITY)
        return __real_platform_map(object, access, capacity, base);
    *base = views[access];
    return MAPRING_OK;
}

void __wrap_platform_unmap(unsigned char *base, uint64_t capacity)
{
    if (capacity != CAPACITY)
        __real_platform_unmap(base, capacity);
}
