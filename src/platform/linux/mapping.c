/* SPDX-License-Identifier: MIT */
/* The views of a ring: regions 0 and 1, then the slots twice in a row, in one reserved range of
 * addresses. */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "error.h"
#include "platform/linux/object.h"

/* These constants are missing from the headers of older systems. */
enum { POPULATE_READ = 22, POPULATE_WRITE = 23, COLLAPSE = 25 };

/* A huge page can back part of a mapped file only where offset and address are multiples of
 * this. */
enum { HUGE_PAGE_BYTES = 1 << 21 };

enum { CELLS_OFFSET = REGION_BYTES, SLOTS_OFFSET = 2 * REGION_BYTES };

static bool view_file(int descriptor, unsigned char *at, uint64_t bytes, uint64_t offset,
                      bool writable)
{
    int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
    return mmap(at, (size_t)bytes, protection, MAP_SHARED | MAP_FIXED, descriptor, (off_t)offset) !=
           MAP_FAILED;
}

static bool view(const struct platform_object *object, unsigned char *at, uint64_t bytes,
                 uint64_t offset, bool writable)
{
    return view_file(object->descriptor, at, bytes, offset, writable);
}

static bool view_cells(const struct platform_object *object, unsigned char *at, bool writable)
{
    if (object->companion >= 0)
        return view_file(object->companion, at, REGION_BYTES, 0, writable);
    return view(object, at, REGION_BYTES, CELLS_OFFSET, writable);
}

static uint64_t range_bytes(uint64_t capacity)
{
    return SLOTS_OFFSET + 2 * capacity;
}

static bool fits_address_space(uint64_t capacity)
{
    return range_bytes(capacity) <= SIZE_MAX / 2;
}

static bool view_all(const struct platform_object *object, enum platform_access access,
                     uint64_t capacity, unsigned char *base)
{
    bool produce = access == ACCESS_PRODUCE;
    if (!view(object, base, REGION_BYTES, 0, produce) ||
        !view_cells(object, base + CELLS_OFFSET, access != ACCESS_READ))
        return false;
    unsigned char *slots = base + SLOTS_OFFSET;
    return capacity == 0 || (view(object, slots, capacity, SLOTS_OFFSET, produce) &&
                             view(object, slots + capacity, capacity, SLOTS_OFFSET, produce));
}

/* Keeps the views out of forked children: a view keeps the file open, and with it the parent's
 * roles. */
static bool view_unforked(const struct platform_object *object, enum platform_access access,
                          uint64_t capacity, unsigned char *base)
{
    fork_forbid();
    bool done = view_all(object, access, capacity, base) &&
                madvise(base, (size_t)range_bytes(capacity), MADV_DONTFORK) == 0;
    int native = errno;
    fork_allow();
    errno = native;
    return done;
}

static unsigned char *reserve(size_t bytes)
{
    void *range = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return range == MAP_FAILED ? NULL : range;
}

/* Reserves a range in which huge pages fit: any process may ask for them. */
static unsigned char *reserve_aligned(size_t bytes)
{
    unsigned char *range = reserve(bytes + HUGE_PAGE_BYTES);
    if (!range)
        return reserve(bytes);
    size_t skip = -(uintptr_t)range % HUGE_PAGE_BYTES;
    munmap(range, skip); /* if it is 0, munmap() refuses and does nothing */
    munmap(range + skip + bytes, HUGE_PAGE_BYTES - skip);
    return range + skip;
}

int platform_map(struct platform_object *object, enum platform_access access, uint64_t capacity,
                 unsigned char **base)
{
    const char *name = object->name.text;
    if (!fits_address_space(capacity))
        return fail(MAPRING_ERROR_NO_MEMORY, name,
                    "ring '%s' does not fit into the address space of this process", name);
    size_t bytes = (size_t)range_bytes(capacity);
    unsigned char *range = capacity < HUGE_PAGE_BYTES ? reserve(bytes) : reserve_aligned(bytes);
    if (!range)
        return fail_system(errno, name, "cannot reserve address space for ring '%s'", name);
    if (!view_unforked(object, access, capacity, range)) {
        int native = errno;
        munmap(range, bytes);
        return fail_system(native, name, "cannot map ring '%s'", name);
    }
    *base = range;
    return MAPRING_OK;
}

void platform_unmap(unsigned char *base, uint64_t capacity)
{
    munmap(base, (size_t)range_bytes(capacity));
}

int platform_map_dictionary(struct platform_object *object, uint64_t offset, uint64_t bytes,
                            unsigned char **base)
{
    const char *name = object->name.text;
    unsigned char *range = reserve((size_t)bytes);
    if (!range)
        return fail_system(errno, name, "cannot reserve address space for the dictionary of '%s'",
                           name);
    fork_forbid();
    bool done = view(object, range, bytes, offset, true) &&
                madvise(range, (size_t)bytes, MADV_DONTFORK) == 0;
    int native = errno;
    fork_allow();
    if (!done) {
        munmap(range, (size_t)bytes);
        return fail_system(native, name, "cannot map the dictionary of ring '%s'", name);
    }
    *base = range;
    return MAPRING_OK;
}

void platform_unmap_dictionary(unsigned char *base, uint64_t bytes)
{
    munmap(base, (size_t)bytes);
}

/* At once where the system can (Linux 6.1, whatever its settings, unless they deny it), otherwise
 * in the background and as they say. The regions and the first view of the slots may form a single
 * mapping for the kernel, or not, so both are tried. */
void platform_enlarge_pages(unsigned char *base, uint64_t capacity)
{
    unsigned char *first = base + SLOTS_OFFSET, *second = first + capacity;
    madvise(base, (size_t)range_bytes(capacity), MADV_HUGEPAGE);
    if (madvise(base, (size_t)(SLOTS_OFFSET + capacity), COLLAPSE) != 0)
        madvise(first, (size_t)capacity, COLLAPSE);
    madvise(second, (size_t)capacity, COLLAPSE);
}

/* Reading is enough: it maps a page of shared memory for writing as well. */
static void touch(const unsigned char *at, size_t bytes)
{
    size_t step = (size_t)sysconf(_SC_PAGESIZE);
    for (size_t done = 0; done < bytes; done += step)
        (void)*(const volatile unsigned char *)(at + done);
}

/* Linux before 5.14 refuses these requests. After any other failure, touching the pages would be
 * worse. */
static void populate(unsigned char *at, uint64_t bytes, bool writable)
{
    if (madvise(at, (size_t)bytes, writable ? POPULATE_WRITE : POPULATE_READ) != 0 &&
        errno == EINVAL)
        touch(at, (size_t)bytes);
}

void platform_prefault(unsigned char *base, enum platform_access access, uint64_t capacity)
{
    bool produce = access == ACCESS_PRODUCE;
    populate(base, REGION_BYTES, produce);
    populate(base + CELLS_OFFSET, REGION_BYTES, access != ACCESS_READ);
    populate(base + SLOTS_OFFSET, 2 * capacity, produce);
}

static int sync_file(int descriptor)
{
    int result;
    do
        result = fdatasync(descriptor);
    while (result != 0 && errno == EINTR);
    return result;
}

/* fdatasync() includes the pages that were dirtied through the mapping. */
int platform_sync(struct platform_object *object, unsigned char *base, uint64_t capacity,
                  const unsigned char *dictionary, uint64_t dictionary_bytes)
{
    (void)base;
    (void)capacity;
    (void)dictionary;
    (void)dictionary_bytes;
    if (sync_file(object->descriptor) != 0 ||
        (object->companion >= 0 && sync_file(object->companion) != 0))
        return fail_system(errno, object->name.text, "cannot write ring '%s' to its disk",
                           object->name.text);
    return MAPRING_OK;
}
