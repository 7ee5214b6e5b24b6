/* SPDX-License-Identifier: MIT */
/* Wraps the library's mmap() and munmap() with the linker's --wrap: an inaccessible page lies
 * before and behind each range that it reserves, so that an access outside crashes. */
#include <stddef.h>
#include <sys/mman.h>

enum { GUARD_BYTES = 4096, RANGES = 64 };

void *__real_mmap(void *at, size_t bytes, int protection, int flags, int file, off_t offset);
int __real_munmap(void *at, size_t bytes);
void *__wrap_mmap(void *at, size_t bytes, int protection, int flags, int file, off_t offset);
int __wrap_munmap(void *at, size_t bytes);

static char *guarded[RANGES];

static char **slot_of(const char *range)
{
    for (int i = 0; i < RANGES; i++)
        if (guarded[i] == range)
            return &guarded[i];
    return NULL;
}

void *__wrap_mmap(void *at, size_t bytes, int protection, int flags, int file, off_t offset)
{
    char **slot = slot_of(NULL);
    if (protection != PROT_NONE || !slot)
        return __real_mmap(at, bytes, protection, flags, file, offset);
    char *range = __real_mmap(NULL, bytes + 2 * GUARD_BYTES, protection, flags, file, offset);
    if (range == MAP_FAILED)
        return range;
    *slot = range + GUARD_BYTES;
    return *slot;
}

int __wrap_munmap(void *at, size_t bytes)
{
    char **slot = slot_of(at);
    if (!slot)
        return __real_munmap(at, bytes);
    *slot = NULL;
    return __real_munmap((char *)at - GUARD_BYTES, bytes + 2 * GUARD_BYTES);
}
