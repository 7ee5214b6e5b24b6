/* SPDX-License-Identifier: MIT */
/* Named mappings as any program makes them: CreateFileMapping() on the page file. */
#include <windows.h>

#include <inttypes.h>
#include <stdio.h>

#include "message.h"
#include "os.h"

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
    complain("'%s' is not a name that a mapping can have", name);
    return false;
}

static bool failed(const struct os_view *view, const char *what)
{
    complain("cannot %s the mapping '%s': %s", what, view->name, os_error());
    return false;
}

/* Maps what follows the offset: `bytes` of it, or all when that is 0. */
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

/* Another program's mapping may be smaller than what is wanted of it. */
static bool map_for_writing(struct os_view *view, uint64_t size, uint64_t offset)
{
    view->bytes = size - offset;
    if (map(view, FILE_MAP_WRITE, view->bytes, offset))
        return true;
    if (view->created)
        return failed(view, "map");
    complain("cannot map the mapping '%s', which is there already: is it smaller than %" PRIu64
             " bytes? (%s)",
             view->name, size, os_error());
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
    if (section == NULL)
        return failed(view, "make");
    view->created = GetLastError() != ERROR_ALREADY_EXISTS;
    view->handle = (intptr_t)section;
    if (!map_for_writing(view, size, offset)) {
        CloseHandle(section);
        return false;
    }
    return true;
}

static bool map_for_reading(struct os_view *view, uint64_t offset)
{
    MEMORY_BASIC_INFORMATION region;
    if (!map(view, FILE_MAP_READ, 0, offset) ||
        VirtualQuery(view->base, &region, sizeof region) == 0)
        return failed(view, "map");
    size_t before = (size_t)(view->data - (unsigned char *)view->base);
    if (region.RegionSize <= before) {
        complain("the mapping '%s' ends before offset %" PRIu64, view->name, offset);
        UnmapViewOfFile(view->base);
        return false;
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
    if (section == NULL)
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
