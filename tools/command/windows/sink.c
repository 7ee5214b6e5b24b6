/* SPDX-License-Identifier: MIT */
/* The file that records are written to. */
#include "command/sink.h"

#include <windows.h>

#include <io.h>
#include <stdint.h>
#include <winternl.h>

/* FilePipeLocalInformation, which winternl.h does not declare. */
enum { PIPE_INFORMATION = 24, PIPE_IS_CLOSING = 4 };
struct pipe_information {
    ULONG type, configuration, most_instances, instances, inbound_quota, readable, outbound_quota,
        write_quota, state, end;
};

static HANDLE handle_of(int file)
{
    return (HANDLE)_get_osfhandle(file);
}

/* A write to a pipe is never interleaved with other writes. */
size_t sink_whole_bytes(int file)
{
    (void)file;
    return SIZE_MAX;
}

/* Whether the next write goes to the end of the file; *end: its size. */
static bool is_at_end(HANDLE file, int64_t *end)
{
    LARGE_INTEGER size, position, nowhere = {.QuadPart = 0};
    if (GetFileType(file) != FILE_TYPE_DISK || !GetFileSizeEx(file, &size) ||
        !SetFilePointerEx(file, nowhere, &position, FILE_CURRENT))
        return false;
    *end = size.QuadPart;
    return size.QuadPart > 0 && position.QuadPart == size.QuadPart;
}

/* Uses a handle of its own, because reading would move the position of the handle that is written
 * to. */
static bool read_last(HANDLE file, int64_t end, char *last)
{
    DWORD sharing = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, got = 0;
    LARGE_INTEGER place = {.QuadPart = end - 1};
    HANDLE again = ReOpenFile(file, GENERIC_READ, sharing, 0);
    if (again == INVALID_HANDLE_VALUE)
        return false;
    bool done = SetFilePointerEx(again, place, NULL, FILE_BEGIN) &&
                ReadFile(again, last, 1, &got, NULL) && got == 1;
    CloseHandle(again);
    return done;
}

bool sink_is_inside_line(int file)
{
    int64_t end;
    char last;
    return is_at_end(handle_of(file), &end) && read_last(handle_of(file), end, &last) &&
           last != '\n';
}

void sink_take_back(int file, size_t bytes)
{
    DWORD problem = GetLastError();
    HANDLE handle = handle_of(file);
    int64_t end;
    if (bytes > 0 && is_at_end(handle, &end) && (int64_t)bytes <= end) {
        LARGE_INTEGER place = {.QuadPart = end - (int64_t)bytes};
        if (SetFilePointerEx(handle, place, NULL, FILE_BEGIN))
            SetEndOfFile(handle);
    }
    SetLastError(problem);
}

bool sink_is_unread(int file)
{
    struct pipe_information pipe;
    IO_STATUS_BLOCK status;
    HANDLE handle = handle_of(file);
    return GetFileType(handle) == FILE_TYPE_PIPE &&
           NtQueryInformationFile(handle, &status, &pipe, sizeof pipe,
                                  (FILE_INFORMATION_CLASS)PIPE_INFORMATION) == 0 &&
           pipe.state == PIPE_IS_CLOSING;
}
