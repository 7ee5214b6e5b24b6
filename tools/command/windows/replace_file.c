/* SPDX-License-Identifier: MIT */
/* Replaces a file's contents at once. */
#include <windows.h>

#include <stdbool.h>
#include <string.h>

#include "command/replace_file.h"
#include "shared/os.h"

enum { PATH_CHARACTERS = 32768, TRIES = 100, PAUSE_MS = 10 };

/* Nobody else can open it meanwhile. */
static bool write_new(const wchar_t *path, const void *data, DWORD bytes)
{
    DWORD done = 0;
    HANDLE file =
        CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return false;
    bool written = WriteFile(file, data, bytes, &done, NULL) && done == bytes;
    DWORD problem = GetLastError();
    CloseHandle(file);
    if (!written)
        DeleteFileW(path);
    SetLastError(problem);
    return written;
}

static bool is_replaceable(const wchar_t *path)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes == INVALID_FILE_ATTRIBUTES ||
           (attributes & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_DEVICE)) == 0;
}

/* Whoever reads the file may keep it from being replaced until it is closed. */
static bool move(const wchar_t *from, const wchar_t *to)
{
    for (int tries = TRIES; tries > 0; tries--) {
        if (MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING))
            return true;
        if (GetLastError() != ERROR_ACCESS_DENIED && GetLastError() != ERROR_SHARING_VIOLATION)
            return false;
        Sleep(PAUSE_MS);
    }
    return false;
}

static bool replace(const wchar_t *path, const wchar_t *temporary, const void *data, size_t bytes)
{
    if (!write_new(temporary, data, (DWORD)bytes))
        return false;
    if (move(temporary, path))
        return true;
    DWORD problem = GetLastError();
    DeleteFileW(temporary);
    SetLastError(problem);
    return false;
}

const char *replace_file(const char *path, const void *data, size_t bytes)
{
    static wchar_t wide[PATH_CHARACTERS], temporary[PATH_CHARACTERS];
    int length =
        MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, PATH_CHARACTERS - 4);
    if (length == 0)
        return os_error();
    if (!is_replaceable(wide))
        return "it is not a regular file";
    memcpy(temporary, wide, (size_t)length * sizeof *wide);
    memcpy(temporary + length - 1, L".tmp", sizeof L".tmp");
    return replace(wide, temporary, data, bytes) ? NULL : os_error();
}
