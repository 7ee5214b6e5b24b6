/* SPDX-License-Identifier: MIT */
/* Wraps the library's platform_map() with the linker's --wrap: the views of the one mapping that is
 * fuzzed are made only once for each kind of access, since making them takes longer than everything
 * else. */
#include "hostile.h"
#include "platform.h"

static unsigned char *views[ACCESS_PRODUCE + 1], *dictionary;

int __real_platform_map(struct platform_object *object, enum platform_access access,
                        uint64_t capacity, unsigned char **base);
void __real_platform_unmap(unsigned char *base, uint64_t capacity);
int __wrap_platform_map(struct platform_object *object, enum platform_access access,
                        uint64_t capacity, unsigned char **base);
void __wrap_platform_unmap(unsigned char *base, uint64_t capacity);
int __real_platform_map_dictionary(struct platform_object *object, uint64_t offset, uint64_t bytes,
                                   unsigned char **base);
void __real_platform_unmap_dictionary(unsigned char *base, uint64_t bytes);
int __wrap_platform_map_dictionary(struct platform_object *object, uint64_t offset, uint64_t bytes,
                                   unsigned char **base);
void __wrap_platform_unmap_dictionary(unsigned char *base, uint64_t bytes);

/* Uses an object of its own, because a view keeps its file open, and with it the roles taken
 * there. */
void views_make(const struct ring_name *name)
{
    static struct platform_object *object;
    must(platform_attach(&object, name, true) == MAPRING_OK);
    for (int access = ACCESS_READ; access <= ACCESS_PRODUCE; access++)
        must(__real_platform_map(object, (enum platform_access)access, CAPACITY, &views[access]) ==
             MAPRING_OK);
    must(__real_platform_map_dictionary(object, DICTIONARY_OFFSET, DICTIONARY, &dictionary) ==
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

int __wrap_platform_map_dictionary(struct platform_object *object, uint64_t offset, uint64_t bytes,
                                   unsigned char **base)
{
    if (offset != DICTIONARY_OFFSET || bytes != DICTIONARY)
        return __real_platform_map_dictionary(object, offset, bytes, base);
    *base = dictionary;
    return MAPRING_OK;
}

void __wrap_platform_unmap_dictionary(unsigned char *base, uint64_t bytes)
{
    if (base != dictionary)
        __real_platform_unmap_dictionary(base, bytes);
}
