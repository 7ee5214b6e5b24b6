/* SPDX-License-Identifier: MIT */
/* Files that the command makes. */
#include "command/disk.h"

#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <wchar.h>

enum { PATH_CHARACTERS = 32768, STEP_BYTES = 1 << 20 };

/* A FILETIME counts in 100 ns since 1601. */
#define UNITS_TO_1970 UINT64_C(116444736000000000)

static HANDLE handle_of(int file)
{
    return (HANDLE)_get_osfhandle(file);
}

/* Only the main thread names files, and a second path is the target of a renaming. */
static const wchar_t *wide_of(const char *path, int which)
{
    static wchar_t wide[2][PATH_CHARACTERS];
    if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide[which],
                            PATH_CHARACTERS) == 0)
        wide[which][0] = L'\0';
    return wide[which];
}

static int descriptor_of(HANDLE handle)
{
    return handle == INVALID_HANDLE_VALUE ? DISK_FAILED
                                          : _open_osfhandle((intptr_t)handle, _O_BINARY);
}

/* Whoever also wants to write is refused; others may read, rename and remove the file. */
int disk_open_end(const char *path)
{
    DWORD sharing = FILE_SHARE_READ | FILE_SHARE_DELETE;
    HANDLE handle = CreateFileW(wide_of(path, 0), GENERIC_READ | GENERIC_WRITE, sharing, NULL,
                                OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    LARGE_INTEGER end = {.QuadPart = 0};
    if (handle == INVALID_HANDLE_VALUE)
        return GetLastError() == ERROR_SHARING_VIOLATION ? DISK_IS_TAKEN : DISK_FAILED;
    if (GetFileType(handle) != FILE_TYPE_DISK || !SetFilePointerEx(handle, end, NULL, FILE_END)) {
        CloseHandle(handle);
        return DISK_IS_NO_FILE;
    }
    return descriptor_of(handle);
}

int disk_create(const char *path)
{
    DWORD sharing = FILE_SHARE_READ | FILE_SHARE_DELETE;
    return descriptor_of(CreateFileW(wide_of(path, 0), GENERIC_WRITE, sharing, NULL, CREATE_ALWAYS,
                                     FILE_ATTRIBUTE_NORMAL, NULL));
}

ptrdiff_t disk_read(int file, void *buffer, size_t bytes)
{
    DWORD got = 0, step = (DWORD)(bytes < STEP_BYTES ? bytes : STEP_BYTES);
    return ReadFile(handle_of(file), buffer, step, &got, NULL) ? (ptrdiff_t)got : -1;
}

bool disk_write(int file, const void *data, size_t bytes)
{
    for (const char *rest = data; bytes > 0;) {
        DWORD done = 0, step = (DWORD)(bytes < STEP_BYTES ? bytes : STEP_BYTES);
        if (!WriteFile(handle_of(file), rest, step, &done, NULL))
            return false;
        rest += done;
        bytes -= done;
    }
    return true;
}

uint64_t disk_bytes(int file)
{
    LARGE_INTEGER size;
    return GetFileSizeEx(handle_of(file), &size) ? (uint64_t)size.QuadPart : 0;
}

uint64_t disk_changed_ns(int file)
{
    FILETIME time;
    if (!GetFileTime(handle_of(file), NULL, NULL, &time))
        return 0;
    uint64_t units = (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;
    return units > UNITS_TO_1970 ? (units - UNITS_TO_1970) * 100 : 0;
}

bool disk_rewind(int file)
{
    LARGE_INTEGER beginning = {.QuadPart = 0};
    return SetFilePointerEx(handle_of(file), beginning, NULL, FILE_BEGIN);
}

bool disk_cut(int file, uint64_t bytes)
{
    LARGE_INTEGER end = {.QuadPart = (int64_t)bytes};
    return SetFilePointerEx(handle_of(file), end, NULL, FILE_BEGIN) &&
           SetEndOfFile(handle_of(file));
}

bool disk_sync(int file)
{
    return FlushFileBuffers(handle_of(file));
}

/* A new file has the permissions that its folder gives. */
void disk_permit_like(int file, int other)
{
    (void)file;
    (void)other;
}

bool disk_has_name(int file, const char *path)
{
    BY_HANDLE_FILE_INFORMATION open, named;
    DWORD sharing = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    HANDLE handle = CreateFileW(wide_of(path, 0), 0, sharing, NULL, OPEN_EXISTING,
                                FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (handle == INVALID_HANDLE_VALUE)
        return false;
    bool known = GetFileInformationByHandle(handle, &named) &&
                 GetFileInformationByHandle(handle_of(file), &open);
    CloseHandle(handle);
    return known && open.dwVolumeSerialNumber == named.dwVolumeSerialNumber &&
           open.nFileIndexHigh == named.nFileIndexHigh && open.nFileIndexLow == named.nFileIndexLow;
}

bool disk_exists(const char *path)
{
    return GetFileAttributesW(wide_of(path, 0)) != INVALID_FILE_ATTRIBUTES;
}

bool disk_rename(const char *from, const char *to)
{
    return MoveFileExW(wide_of(from, 0), wide_of(to, 1), MOVEFILE_REPLACE_EXISTING);
}

bool disk_remove(const char *path)
{
    return DeleteFileW(wide_of(path, 0));
}

static bool is_itself_or_above(const wchar_t *name)
{
    return wcscmp(name, L".") == 0 || wcscmp(name, L"..") == 0;
}

int disk_make_folder(const char *path)
{
    static char pattern[PATH_CHARACTERS];
    WIN32_FIND_DATAW entry;
    if (CreateDirectoryW(wide_of(path, 0), NULL))
        return DISK_IS_NEW;
    if (GetLastError() != ERROR_ALREADY_EXISTS)
        return DISK_FAILED;
    snprintf(pattern, sizeof pattern, "%s/*", path);
    HANDLE search = FindFirstFileW(wide_of(pattern, 0), &entry);
    if (search == INVALID_HANDLE_VALUE)
        return DISK_FAILED;
    bool is_empty = true;
    do
        is_empty = is_itself_or_above(entry.cFileName);
    while (is_empty && FindNextFileW(search, &entry));
    FindClose(search);
    return is_empty ? DISK_WAS_THERE : DISK_IS_NOT_EMPTY;
}

bool disk_remove_folder(const char *path)
{
    return RemoveDirectoryW(wide_of(path, 0));
}
