/* SPDX-License-Identifier: MIT */
/* A file that another program writes, renames, truncates and replaces. */
#include "command/watched.h"

#include <windows.h>

#include <io.h>
#include <stdio.h>
#include <string.h>

#include "command/rotated_name.h"
#include "shared/os.h"

enum { PATH_BYTES = 32768, NAME_BYTES = 4 * MAX_PATH };

static HANDLE handle_of(int file)
{
    return (HANDLE)_get_osfhandle(file);
}

static bool identify(int file, struct watched_identity *identity)
{
    BY_HANDLE_FILE_INFORMATION information;
    if (!GetFileInformationByHandle(handle_of(file), &information))
        return false;
    *identity = (struct watched_identity){information.dwVolumeSerialNumber,
                                          (uint64_t)information.nFileIndexHigh << 32 |
                                              information.nFileIndexLow};
    return true;
}

/* A file that was deleted while somebody has it open keeps its name until then, and refuses
 * access. */
static bool is_missing(DWORD problem)
{
    return problem == ERROR_FILE_NOT_FOUND || problem == ERROR_PATH_NOT_FOUND ||
           problem == ERROR_DELETE_PENDING;
}

enum watched_opened watched_open(const char *path, int *file, struct watched_identity *identity)
{
    *file = os_open(path);
    if (*file < 0)
        return is_missing(GetLastError()) ? WATCHED_MISSING : WATCHED_NOT_OPENED;
    if (GetFileType(handle_of(*file)) != FILE_TYPE_DISK || !identify(*file, identity)) {
        os_close(*file);
        return WATCHED_NO_FILE;
    }
    return WATCHED_OPENED;
}

bool watched_is_at(const char *path, const struct watched_identity *identity)
{
    struct watched_identity there;
    int file;
    if (watched_open(path, &file, &there) != WATCHED_OPENED)
        return false;
    os_close(file);
    return there.volume == identity->volume && there.file == identity->file;
}

static int folder_bytes_of(const char *path)
{
    const char *name = path;
    for (const char *at = path; (at = strpbrk(at, "/\\:")) != NULL;)
        name = ++at;
    return (int)(name - path);
}

static HANDLE find_first(const char *path, int folder_bytes, WIN32_FIND_DATAW *entry)
{
    static char pattern[PATH_BYTES];
    static wchar_t wide[PATH_BYTES];
    snprintf(pattern, sizeof pattern, "%.*s*", folder_bytes, path);
    if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, pattern, -1, wide, PATH_BYTES) == 0)
        return INVALID_HANDLE_VALUE;
    return FindFirstFileW(wide, entry);
}

void watched_rotated(const char *path, void (*found)(const char *rotated, void *context),
                     void *context)
{
    static char rotated[PATH_BYTES];
    char name[NAME_BYTES];
    WIN32_FIND_DATAW entry;
    int folder_bytes = folder_bytes_of(path);
    HANDLE search = find_first(path, folder_bytes, &entry);
    if (search == INVALID_HANDLE_VALUE)
        return;
    do {
        if (WideCharToMultiByte(CP_UTF8, 0, entry.cFileName, -1, name, NAME_BYTES, NULL, NULL) ==
                0 ||
            !rotated_name_is_of(name, path + folder_bytes))
            continue;
        snprintf(rotated, sizeof rotated, "%.*s%s", folder_bytes, path, name);
        found(rotated, context);
    } while (FindNextFileW(search, &entry));
    FindClose(search);
}

int64_t watched_bytes(int file)
{
    LARGE_INTEGER size;
    return GetFileSizeEx(handle_of(file), &size) ? size.QuadPart : -1;
}

ptrdiff_t watched_read(int file, uint64_t offset, void *buffer, size_t bytes)
{
    OVERLAPPED place = {.Offset = (DWORD)offset, .OffsetHigh = (DWORD)(offset >> 32)};
    DWORD got = 0, most = bytes < 1 << 20 ? (DWORD)bytes : 1 << 20;
    if (ReadFile(handle_of(file), buffer, most, &got, &place))
        return (ptrdiff_t)got;
    return GetLastError() == ERROR_HANDLE_EOF ? 0 : -1;
}

/* The name of a deleted file may be taken until nobody has it open, so it counts as left. */
static bool is_deleted(HANDLE file)
{
    FILE_STANDARD_INFO information;
    return GetFileInformationByHandleEx(file, FileStandardInfo, &information, sizeof information) &&
           (information.DeletePending || information.NumberOfLinks == 0);
}

/* A handle that does not share writing is refused while anybody may write. Wine does not find a
 * file that was renamed. */
enum watched_writers watched_writers(int file)
{
    DWORD sharing = FILE_SHARE_READ | FILE_SHARE_DELETE;
    if (is_deleted(handle_of(file)))
        return WATCHED_NO_WRITERS;
    HANDLE again = ReOpenFile(handle_of(file), GENERIC_READ, sharing, 0);
    if (again != INVALID_HANDLE_VALUE) {
        CloseHandle(again);
        return WATCHED_NO_WRITERS;
    }
    return GetLastError() == ERROR_SHARING_VIOLATION ? WATCHED_WRITERS : WATCHED_WRITERS_UNKNOWN;
}
