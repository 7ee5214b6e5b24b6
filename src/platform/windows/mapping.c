/* SPDX-License-Identifier: MIT */
/* The views of a ring: regions 0 and 1, then the slots twice in a row, in one range of
 * addresses. */
#include "error.h"
#include "platform/windows/object.h"

/* These constants are missing from the headers of mingw-w64 10. */
enum { RESERVE_PLACEHOLDER = 0x40000, REPLACE_PLACEHOLDER = 0x4000, KEEP_PLACEHOLDER = 2 };

enum { CELLS_OFFSET = REGION_BYTES, SLOTS_OFFSET = 2 * REGION_BYTES, PIECES = 4, PLACE_TRIES = 64 };

typedef PVOID(WINAPI *virtual_alloc)(HANDLE process, PVOID at, SIZE_T bytes, ULONG type,
                                     ULONG protection, void *parameters, ULONG count);
typedef PVOID(WINAPI *map_view)(HANDLE section, HANDLE process, PVOID at, ULONG64 offset,
                                SIZE_T bytes, ULONG type, ULONG protection, void *parameters,
                                ULONG count);

/* NULL where the system does not have them. */
struct placeholder_calls {
    virtual_alloc allocate;
    map_view map;
};

struct piece {
    size_t at; /* from the base */
    uint64_t offset;
    size_t bytes;
    bool writable;
};

struct plan {
    struct piece piece[PIECES];
    unsigned pieces;
    size_t bytes;
};

static struct placeholder_calls find_calls(void)
{
    struct placeholder_calls calls = {NULL, NULL};
    HMODULE base = GetModuleHandleW(L"kernelbase.dll");
    if (base) {
        calls.allocate = (virtual_alloc)(void (*)(void))GetProcAddress(base, "VirtualAlloc2");
        calls.map = (map_view)(void (*)(void))GetProcAddress(base, "MapViewOfFile3");
    }
    return calls;
}

static struct plan plan_of(enum platform_access access, uint64_t capacity)
{
    bool produce = access == ACCESS_PRODUCE;
    size_t bytes = (size_t)capacity;
    return (struct plan){
        .piece = {{0, 0, REGION_BYTES, produce},
                  {CELLS_OFFSET, CELLS_OFFSET, REGION_BYTES, access != ACCESS_READ},
                  {SLOTS_OFFSET, SLOTS_OFFSET, bytes, produce},
                  {SLOTS_OFFSET + bytes, SLOTS_OFFSET, bytes, produce}},
        .pieces = capacity ? PIECES : PIECES - 2,
        .bytes = SLOTS_OFFSET + 2 * bytes,
    };
}

static void *view(HANDLE section, void *at, const struct piece *piece)
{
    return MapViewOfFileEx(section, piece->writable ? FILE_MAP_WRITE : FILE_MAP_READ,
                           (DWORD)(piece->offset >> 32), (DWORD)piece->offset, piece->bytes, at);
}

static void unmap_pieces(unsigned char *base, const struct plan *plan, unsigned count)
{
    DWORD native = GetLastError();
    for (unsigned i = 0; i < count; i++)
        UnmapViewOfFile(base + plan->piece[i].at);
    SetLastError(native);
}

/* The range has been split, so each piece is released separately. */
static void release_placeholders(unsigned char *base, const struct plan *plan, unsigned from)
{
    DWORD native = GetLastError();
    for (unsigned i = from; i < plan->pieces; i++)
        VirtualFree(base + plan->piece[i].at, 0, MEM_RELEASE);
    SetLastError(native);
}

/* Returns NULL if the system has no placeholders. MapViewOfFile3() must not be used then, either:
 * it would ignore the flag and place the view anywhere. */
static unsigned char *reserve_placeholders(const struct placeholder_calls *calls,
                                           const struct plan *plan)
{
    if (!calls->allocate || !calls->map)
        return NULL;
    unsigned char *base =
        calls->allocate(GetCurrentProcess(), NULL, plan->bytes, MEM_RESERVE | RESERVE_PLACEHOLDER,
                        PAGE_NOACCESS, NULL, 0);
    if (!base)
        return NULL;
    for (unsigned i = 0; i + 1 < plan->pieces; i++)
        VirtualFree(base + plan->piece[i].at, plan->piece[i].bytes, MEM_RELEASE | KEEP_PLACEHOLDER);
    return base;
}

static bool fill_placeholders(const struct placeholder_calls *calls, HANDLE section,
                              unsigned char *base, const struct plan *plan)
{
    for (unsigned i = 0; i < plan->pieces; i++) {
        const struct piece *piece = &plan->piece[i];
        ULONG protection = piece->writable ? PAGE_READWRITE : PAGE_READONLY;
        if (!calls->map(section, GetCurrentProcess(), base + piece->at, piece->offset, piece->bytes,
                        REPLACE_PLACEHOLDER, protection, NULL, 0)) {
            unmap_pieces(base, plan, i);
            release_placeholders(base, plan, i);
            return false;
        }
    }
    return true;
}

static bool view_all(HANDLE section, unsigned char *base, const struct plan *plan)
{
    for (unsigned i = 0; i < plan->pieces; i++)
        if (!view(section, base + plan->piece[i].at, &plan->piece[i])) {
            unmap_pieces(base, plan, i);
            return false;
        }
    return true;
}

/* Another thread may take a part of the range between its release and its mapping. */
static unsigned char *view_somewhere(HANDLE section, const struct plan *plan)
{
    unsigned char *base;
    int tries = 0;
    do {
        base = VirtualAlloc(NULL, plan->bytes, MEM_RESERVE, PAGE_NOACCESS);
        if (!base)
            return NULL;
        VirtualFree(base, 0, MEM_RELEASE);
        if (view_all(section, base, plan))
            return base;
        /* not covered: another thread does so at each attempt */
    } while (GetLastError() == ERROR_INVALID_ADDRESS && ++tries < PLACE_TRIES);
    return NULL;
}

static unsigned char *view_plan(HANDLE section, const struct plan *plan)
{
    struct placeholder_calls calls = find_calls();
    unsigned char *base = reserve_placeholders(&calls, plan);
    if (base && fill_placeholders(&calls, section, base, plan))
        return base;
    return view_somewhere(section, plan);
}

/* For a file, creates a new section for each mapping: an older one would not reflect that the file
 * has grown. */
static HANDLE section_to_map(const struct platform_object *object, enum platform_access access)
{
    if (!object->name.is_path)
        return object->section;
    DWORD protection = access == ACCESS_READ ? PAGE_READONLY : PAGE_READWRITE;
    return CreateFileMappingW(object->file, NULL, protection, 0, 0, NULL);
}

static bool fits_address_space(uint64_t capacity)
{
    return capacity <= (SIZE_MAX / 2 - SLOTS_OFFSET) / 2;
}

int platform_map(struct platform_object *object, enum platform_access access, uint64_t capacity,
                 unsigned char **base)
{
    const char *name = object->name.text;
    if (!fits_address_space(capacity))
        return fail(MAPRING_ERROR_NO_MEMORY, name,
                    "ring '%s' does not fit into the address space of this process", name);
    HANDLE section = section_to_map(object, access);
    if (!section)
        return fail_system((long)GetLastError(), name, "cannot map ring '%s'", name);
    struct plan plan = plan_of(access, capacity);
    *base = view_plan(section, &plan);
    DWORD native = GetLastError();
    if (object->name.is_path)
        CloseHandle(section); /* the views keep it alive */
    if (!*base)
        return fail_system((long)native, name,
                           "cannot map ring '%s' into %llu bytes of contiguous address space", name,
                           (unsigned long long)plan.bytes);
    return MAPRING_OK;
}

void platform_unmap(unsigned char *base, uint64_t capacity)
{
    struct plan plan = plan_of(ACCESS_READ, capacity);
    unmap_pieces(base, &plan, plan.pieces);
}

int platform_map_dictionary(struct platform_object *object, uint64_t offset, uint64_t bytes,
                            unsigned char **base)
{
    const char *name = object->name.text;
    HANDLE section = section_to_map(object, ACCESS_PRODUCE);
    const struct piece piece = {0, offset, (size_t)bytes, true};
    *base = section ? view(section, NULL, &piece) : NULL;
    DWORD native = GetLastError();
    if (section && object->name.is_path)
        CloseHandle(section);
    if (!*base)
        return fail_system((long)native, name, "cannot map the dictionary of ring '%s'", name);
    return MAPRING_OK;
}

void platform_unmap_dictionary(unsigned char *base, uint64_t bytes)
{
    (void)bytes;
    UnmapViewOfFile(base);
}

/* Does nothing: only a section that was created with large pages can have them, they never leave
 * memory, and they need a privilege. */
void platform_enlarge_pages(unsigned char *base, uint64_t capacity)
{
    (void)base;
    (void)capacity;
}

/* Reading is enough: a page that was read can be written without another fault. */
void platform_prefault(unsigned char *base, enum platform_access access, uint64_t capacity)
{
    (void)access;
    SYSTEM_INFO system;
    GetSystemInfo(&system);
    size_t bytes = plan_of(ACCESS_READ, capacity).bytes;
    for (size_t at = 0; at < bytes; at += system.dwPageSize)
        (void)*(const volatile unsigned char *)(base + at);
}

/* Writes the views to the file, then the file to its disk. */
int platform_sync(struct platform_object *object, unsigned char *base, uint64_t capacity,
                  const unsigned char *dictionary, uint64_t dictionary_bytes)
{
    const unsigned char *slots = base + SLOTS_OFFSET;
    if (!FlushViewOfFile(base, REGION_BYTES) ||
        !FlushViewOfFile(base + REGION_BYTES, REGION_BYTES) ||
        !FlushViewOfFile(slots, (SIZE_T)capacity) ||
        (dictionary && !FlushViewOfFile(dictionary, (SIZE_T)dictionary_bytes)) ||
        !FlushFileBuffers(object->file))
        return fail_system((long)GetLastError(), object->name.text,
                           "cannot write ring '%s' to its disk", object->name.text);
    return MAPRING_OK;
}
