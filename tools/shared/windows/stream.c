/* SPDX-License-Identifier: MIT */
/* Unbuffered reading and writing. */
#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>

#include "reader.h"
#include "shared/os.h"

enum { STEP_BYTES = 1 << 20, CONSOLE_BYTES = 1 << 14, PATH_CHARACTERS = 32768 };

const char *os_error(void)
{
    static char text[512];
    static wchar_t wide[256];
    DWORD code = GetLastError();
    DWORD flags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;
    DWORD length = FormatMessageW(flags, NULL, code, 0, wide, 256, NULL);
    while (length > 0 && (wide[length - 1] <= L' ' || wide[length - 1] == L'.'))
        wide[--length] = L'\0';
    if (WideCharToMultiByte(CP_UTF8, 0, wide, (int)length + 1, text, sizeof text, NULL, NULL) <=
        1) {
        strcpy(text, "error ");
        _ultoa(code, text + strlen(text), 10);
    }
    return text;
}

int os_open(const char *path)
{
    static wchar_t wide[PATH_CHARACTERS];
    if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, PATH_CHARACTERS) == 0)
        return -1;
    DWORD sharing = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    HANDLE file = CreateFileW(wide, GENERIC_READ, sharing, NULL, OPEN_EXISTING, 0, NULL);
    return file == INVALID_HANDLE_VALUE ? -1 : _open_osfhandle((intptr_t)file, _O_BINARY);
}

void os_close(int file)
{
    _close(file);
}

static HANDLE handle_of(int file)
{
    return (HANDLE)_get_osfhandle(file);
}

static DWORD step(int file, size_t bytes)
{
    size_t most = os_is_terminal(file) ? CONSOLE_BYTES : STEP_BYTES;
    return (DWORD)(bytes < most ? bytes : most);
}

/* A disk answers soon; a pipe or a console may never answer. */
static BOOL read_some(int file, void *buffer, DWORD bytes, DWORD *got)
{
    HANDLE handle = handle_of(file);
    bool waits = file == STANDARD_INPUT && GetFileType(handle) != FILE_TYPE_DISK;
    return waits ? reader_read(handle, buffer, bytes, got)
                 : ReadFile(handle, buffer, bytes, got, NULL);
}

ptrdiff_t os_read(int file, void *buffer, size_t bytes)
{
    DWORD got = 0;
    if (read_some(file, buffer, step(file, bytes), &got))
        return got;
    DWORD problem = GetLastError();
    return problem == ERROR_BROKEN_PIPE || problem == ERROR_HANDLE_EOF ? 0 : -1;
}

static size_t bytes_written;

size_t os_bytes_written(void)
{
    return bytes_written;
}

/* Returns -1 if this is not a file on a disk. */
static int64_t position_of(int file)
{
    LARGE_INTEGER nowhere = {.QuadPart = 0}, position;
    HANDLE handle = handle_of(file);
    bool known = GetFileType(handle) == FILE_TYPE_DISK &&
                 SetFilePointerEx(handle, nowhere, &position, FILE_CURRENT);
    return known ? position.QuadPart : -1;
}

/* When a disk becomes full, part of a failed write may have been written. */
static void find_out_written(int file, int64_t before, size_t bytes)
{
    DWORD problem = GetLastError();
    int64_t after = position_of(file);
    if (before >= 0 && after >= before && (uint64_t)(after - before) <= bytes)
        bytes_written = (size_t)(after - before);
    SetLastError(problem);
}

enum os_written os_write(int file, const void *data, size_t bytes)
{
    const char *rest = data;
    int64_t before = position_of(file);
    size_t all = bytes;
    bytes_written = 0;
    while (bytes > 0) {
        DWORD done = 0;
        if (!WriteFile(handle_of(file), rest, step(file, bytes), &done, NULL)) {
            find_out_written(file, before, all);
            return os_reader_is_gone() ? OS_READER_GONE : OS_NOT_WRITTEN;
        }
        rest += done;
        bytes -= done;
        bytes_written = (size_t)(rest - (const char *)data);
    }
    return OS_WRITTEN;
}

bool os_reader_is_gone(void)
{
    DWORD problem = GetLastError();
    return problem == ERROR_NO_DATA || problem == ERROR_BROKEN_PIPE ||
           problem == ERROR_PIPE_NOT_CONNECTED;
}

bool os_is_terminal(int file)
{
    DWORD mode;
    return GetConsoleMode(handle_of(file), &mode) != 0;
}
