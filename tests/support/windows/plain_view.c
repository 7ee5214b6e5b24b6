/* SPDX-License-Identifier: MIT */
/* Named mappings, with plain Windows system calls. */
#include "plain_view.h"

#include <windows.h>
#include <string.h>

enum { NAME_CHARACTERS = 256 };

static const wchar_t *wide(const char *name)
{
    static wchar_t text[NAME_CHARACTERS];
    MultiByteToWideChar(CP_UTF8, 0, name, -1, text, NAME_CHARACTERS);
    return text;
}

unsigned char *plain_view_create(const char *name, size_t bytes)
{
    SetLastError(ERROR_SUCCESS);
    HANDLE mapping =
        CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, (DWORD)bytes, wide(name));
    if (!mapping || GetLastError() == ERROR_ALREADY_EXISTS)
        return NULL;
    return MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, bytes);
}

bool plain_view_exists(const char *name)
{
    HANDLE mapping = OpenFileMappingW(FILE_MAP_READ, FALSE, wide(name));
    if (mapping)
        CloseHandle(mapping);
    return mapping != NULL;
}

bool plain_view_has(const char *name, size_t offset, const void *data, size_t bytes)
{
    HANDLE mapping = OpenFileMappingW(FILE_MAP_READ, FALSE, wide(name));
    const unsigned char *view =
        mapping ? MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, offset + bytes) : NULL;
    bool same = view && memcmp(view + offset, data, bytes) == 0;
    if (view)
        UnmapViewOfFile(view);
    if (mapping)
        CloseHandle(mapping);
    return same;
}

bool plain_view_squat(const char *name)
{
    return CreateEventW(NULL, FALSE, FALSE, wide(name)) != NULL;
}

void plain_view_remove(const char *name)
{
    (void)name;
}
