/* SPDX-License-Identifier: MIT */
/* The named section behind a ring. It vanishes with its last handle. */
#include <string.h>

#include "error.h"
#include "platform/windows/object.h"

enum { CLEAR_STEP = 256 * REGION_BYTES };

static int report_open(const struct platform_object *object, DWORD native, const wchar_t *name)
{
    const char *ring = object->name.text;
    switch (native) {
    case ERROR_FILE_NOT_FOUND:
        return fail(MAPRING_ERROR_NOT_THERE, ring, "there is no ring '%s'", ring);
    case ERROR_INVALID_HANDLE: return object_wrong_kind(object, name);
    case ERROR_ACCESS_DENIED:
        return fail_system((long)native, ring,
                           "this user may not open ring '%s': the scope and the mode with which it "
                           "was created do not allow it",
                           ring);
    default: return fail_system((long)native, ring, "cannot open ring '%s'", ring);
    }
}

/* Gets the size, rounded up to whole pages; the system does not report it more exactly. */
static int measure(struct platform_object *object)
{
    MEMORY_BASIC_INFORMATION region;
    void *whole = MapViewOfFile(object->section, FILE_MAP_READ, 0, 0, 0);
    if (!whole)
        return fail_system((long)GetLastError(), object->name.text,
                           "cannot map ring '%s' to get its size", object->name.text);
    bool known = VirtualQuery(whole, &region, sizeof region);
    DWORD native = GetLastError();
    UnmapViewOfFile(whole);
    if (!known)
        return fail_system((long)native, object->name.text, "cannot get the size of ring '%s'",
                           object->name.text);
    object->bytes = region.RegionSize;
    return MAPRING_OK;
}

static DWORD try_open(struct platform_object *object, bool writable,
                      wchar_t name[OBJECT_NAME_LIMIT])
{
    object_name(object, SECTION_KIND, NO_NUMBER, name);
    DWORD access = writable ? FILE_MAP_READ | FILE_MAP_WRITE | READ_CONTROL : FILE_MAP_READ;
    object->section = OpenFileMappingW(access, FALSE, name);
    return object->section ? ERROR_SUCCESS : GetLastError();
}

int section_open(struct platform_object *object, bool writable)
{
    wchar_t name[OBJECT_NAME_LIMIT];
    DWORD native = try_open(object, writable, name);
    return native == ERROR_SUCCESS ? measure(object) : report_open(object, native, name);
}

int section_open_if_there(struct platform_object *object)
{
    wchar_t name[OBJECT_NAME_LIMIT];
    DWORD native = try_open(object, true, name);
    if (native == ERROR_FILE_NOT_FOUND)
        return MAPRING_OK;
    return native == ERROR_SUCCESS ? measure(object) : report_open(object, native, name);
}

bool section_read(const struct platform_object *object, uint64_t offset, void *buffer, size_t bytes)
{
    size_t skip = (size_t)(offset % REGION_BYTES);
    uint64_t start = offset - skip;
    const unsigned char *view = MapViewOfFile(object->section, FILE_MAP_READ, (DWORD)(start >> 32),
                                              (DWORD)start, skip + bytes);
    if (!view)
        return false;
    memcpy(buffer, view + skip, bytes);
    UnmapViewOfFile(view);
    return true;
}

/* A section that its creator has not written to yet counts as empty. */
bool section_size(const struct platform_object *object, uint64_t *bytes)
{
    uint64_t magic = 0;
    if (object->section && !section_read(object, 0, &magic, sizeof magic))
        return false;
    *bytes = magic == 0 ? 0 : object->bytes;
    return true;
}

static bool clear(HANDLE section, uint64_t bytes)
{
    for (uint64_t at = 0; at < bytes; at += CLEAR_STEP) {
        size_t step = bytes - at < CLEAR_STEP ? (size_t)(bytes - at) : CLEAR_STEP;
        void *view = MapViewOfFile(section, FILE_MAP_WRITE, (DWORD)(at >> 32), (DWORD)at, step);
        if (!view)
            return false;
        memset(view, 0, step);
        UnmapViewOfFile(view);
    }
    return true;
}

/* Reuses the section of a dead creator that another process's handle keeps alive. */
static int recycle(const struct platform_object *object, uint64_t bytes)
{
    const char *name = object->name.text;
    if (object->bytes < bytes)
        return fail(MAPRING_ERROR_DAMAGED, name,
                    "ring '%s' was left half-made with %llu bytes, and another process keeps it "
                    "open; end that process, or choose another name",
                    name, (unsigned long long)object->bytes);
    if (!clear(object->section, bytes))
        return fail_system((long)GetLastError(), name, "cannot clear ring '%s'", name);
    return MAPRING_OK;
}

static int report_create(const struct platform_object *object, DWORD native, uint64_t bytes)
{
    const char *name = object->name.text;
    if (native == ERROR_ACCESS_DENIED && object->name.global)
        return fail_system(
            (long)native, name,
            "cannot create ring '%s': in the global scope, only services and users with "
            "the privilege SeCreateGlobalPrivilege (administrators) can create rings; have one "
            "of them create it, or use the local scope or a file",
            name);
    if (platform_error_code((long)native) == MAPRING_ERROR_NO_MEMORY)
        return fail(MAPRING_ERROR_NO_SPACE, name,
                    "cannot reserve %llu bytes for ring '%s': memory and the page file have no "
                    "room for it; choose a smaller capacity",
                    (unsigned long long)bytes, name);
    return fail_system((long)native, name, "cannot reserve %llu bytes for ring '%s'",
                       (unsigned long long)bytes, name);
}

/* If it returns a section and ERROR_ALREADY_EXISTS, another process created it without taking the
 * role. */
static DWORD create(struct platform_object *object, SECURITY_ATTRIBUTES *security,
                    const wchar_t *name, uint64_t bytes)
{
    SetLastError(ERROR_SUCCESS);
    object->section =
        CreateFileMappingNumaW(INVALID_HANDLE_VALUE, security, PAGE_READWRITE, (DWORD)(bytes >> 32),
                               (DWORD)bytes, name, object->numa_node);
    DWORD native = GetLastError();
    LocalFree(security->lpSecurityDescriptor);
    object->bytes = bytes;
    return native;
}

int section_reserve(struct platform_object *object, uint64_t bytes)
{
    if (object->section)
        return recycle(object, bytes);
    SECURITY_ATTRIBUTES security;
    int result = object_security(object, object_rights_of_others(object), &security);
    if (result != MAPRING_OK)
        return result;
    wchar_t name[OBJECT_NAME_LIMIT];
    object_name(object, SECTION_KIND, NO_NUMBER, name);
    DWORD native = create(object, &security, name, bytes);
    if (!object->section && native == ERROR_INVALID_HANDLE)
        return object_wrong_kind(object, name);
    if (!object->section)
        return report_create(object, native, bytes);
    if (native == ERROR_ALREADY_EXISTS)
        result = measure(object);
    if (native == ERROR_ALREADY_EXISTS && result == MAPRING_OK)
        result = recycle(object, bytes);
    return result;
}

int section_remove(struct platform_object *object)
{
    int result = section_open(object, false);
    if (result != MAPRING_OK && result != MAPRING_ERROR_PERMISSION)
        return result;
    return fail(MAPRING_ERROR_IN_USE, object->name.text,
                "ring '%s' cannot be removed: on Windows, a named ring vanishes with its last "
                "handle; end the processes that have it open",
                object->name.text);
}
