/* SPDX-License-Identifier: MIT */
/* Named mappings as any program creates them: with CreateFileMapping(), backed by the page file. */
#include <windows.h>

#include <inttypes.h>
#include <stdio.h>

#include "shared/message.h"
#include "shared/os.h"

enum { NAME_CHARACTERS = 512 };

enum text_encoding os_view_encoding(void)
{
    return TEXT_UTF_16;
}

bool os_names_outlive_processes(void)
{
    return false;
}

static bool set_name(struct os_view *view, const char *name, wchar_t *wide)
{
    snprintf(view->name, sizeof view->name, "%s", name);
    if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, name, -1, wide, NAME_CHARACTERS) > 1)
        return true;
    complain("invalid mapping name '%s': it must be valid UTF-8 of 1 to 511 characters", name);
    return false;
}

static bool failed(const struct os_view *view, const char *what)
{
    if (GetLastError() == ERROR_INVALID_HANDLE)
        complain("the name '%s' belongs to an object of another kind, such as an event or a mutex",
                 view->name);
    else
        complain("cannot %s the mapping '%s': %s", what, view->name, os_error());
    return false;
}

/* Maps `bytes` bytes from the offset on, or everything if `bytes` is 0. */
static bool map(struct os_view *view, DWORD access, uint64_t bytes, uint64_t offset)
{
    SYSTEM_INFO system;
    GetSystemInfo(&system);
    uint64_t before = offset % system.dwAllocationGranularity, aligned = offset - before;
    view->base_bytes = bytes > 0 ? (size_t)(bytes + before) : 0;
    view->base = MapViewOfFile((HANDLE)view->handle, access, (DWORD)(aligned >> 32), (DWORD)aligned,
                               view->base_bytes);
    view->data = (unsigned char *)view->base + before;
    return view->base != NULL;
}

/* The size of the mapping in whole pages; 0: it cannot be determined. */
static uint64_t measure(const struct os_view *view)
{
    MEMORY_BASIC_INFORMATION region = {.RegionSize = 0};
    void *whole = MapViewOfFile((HANDLE)view->handle, FILE_MAP_READ, 0, 0, 0);
    if (!whole || VirtualQuery(whole, &region, sizeof region) == 0)
        region.RegionSize = 0;
    if (whole)
        UnmapViewOfFile(whole);
    return region.RegionSize;
}

/* A mapping that another program created may be smaller than the requested size. */
static bool map_for_writing(struct os_view *view, uint64_t size, uint64_t offset)
{
    view->bytes = size - offset;
    if (map(view, FILE_MAP_WRITE, view->bytes, offset))
        return true;
    DWORD error = GetLastError();
    uint64_t bytes = view->created ? 0 : measure(view);
    SetLastError(error);
    if (bytes == 0 || bytes >= size)
        return failed(view, "map");
    complain("the mapping '%s' already exists and has only %" PRIu64 " bytes", view->name, bytes);
    return false;
}

bool os_view_write(struct os_view *view, const char *name, uint64_t size, uint64_t offset)
{
    wchar_t wide[NAME_CHARACTERS];
    if (!set_name(view, name, wide))
        return false;
    SetLastError(ERROR_SUCCESS);
    HANDLE section = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE,
                                        (DWORD)(size >> 32), (DWORD)size, wide);
    if (!section)
        return failed(view, "create");
    view->created = GetLastError() != ERROR_ALREADY_EXISTS;
    view->handle = (intptr_t)section;
    if (!map_for_writing(view, size, offset)) {
        CloseHandle(section);
        return false;
    }
    return true;
}

static bool ends_before(const struct os_view *view, uint64_t bytes, uint64_t offset)
{
    complain("offset %" PRIu64 " is not inside the mapping '%s', which has %" PRIu64 " bytes",
             offset, view->name, bytes);
    return false;
}

static bool map_failed(const struct os_view *view, uint64_t offset)
{
    DWORD error = GetLastError();
    uint64_t bytes = measure(view);
    SetLastError(error);
    return bytes > 0 && bytes <= offset ? ends_before(view, bytes, offset) : failed(view, "map");
}

static bool map_for_reading(struct os_view *view, uint64_t offset)
{
    MEMORY_BASIC_INFORMATION region;
    if (!map(view, FILE_MAP_READ, 0, offset) ||
        VirtualQuery(view->base, &region, sizeof region) == 0)
        return map_failed(view, offset);
    size_t before = (size_t)(view->data - (unsigned char *)view->base);
    if (region.RegionSize <= before) {
        UnmapViewOfFile(view->base);
        return ends_before(view, offset - before + region.RegionSize, offset);
    }
    view->bytes = region.RegionSize - before;
    return true;
}

bool os_view_read(struct os_view *view, const char *name, uint64_t offset)
{
    wchar_t wide[NAME_CHARACTERS];
    if (!set_name(view, name, wide))
        return false;
    HANDLE section = OpenFileMappingW(FILE_MAP_READ, FALSE, wide);
    if (!section)
        return failed(view, "open");
    view->handle = (intptr_t)section;
    if (!map_for_reading(view, offset)) {
        CloseHandle(section);
        return false;
    }
    return true;
}

void os_view_close(struct os_view *view)
{
    UnmapViewOfFile(view->base);
    CloseHandle((HANDLE)view->handle);
}

void os_view_remove(struct os_view *view)
{
    (void)view;
}

bool os_view_remove_name(const char *name)
{
    complain("cannot remove '%s': on Windows a mapping disappears with the last process that has "
             "it open",
             name);
    return false;
}
