/* SPDX-License-Identifier: MIT */
/* What standard output is. */
#include <windows.h>

#include <io.h>

#include "command/os.h"
#include "shared/os.h"

enum { PATH_UNITS = 4096 };

static bool path_of(HANDLE file, char *path, size_t bytes)
{
    static wchar_t units[PATH_UNITS];
    DWORD length = GetFinalPathNameByHandleW(file, units, PATH_UNITS, FILE_NAME_NORMALIZED);
    return length > 0 && length < PATH_UNITS &&
           WideCharToMultiByte(CP_UTF8, 0, units, -1, path, (int)bytes, NULL, NULL) > 0;
}

enum os_output os_output(char *path, size_t bytes)
{
    HANDLE file = (HANDLE)_get_osfhandle(STANDARD_OUTPUT);
    if (os_is_terminal(STANDARD_OUTPUT))
        return OS_OUTPUT_TERMINAL;
    switch (GetFileType(file)) {
    case FILE_TYPE_PIPE: return OS_OUTPUT_PIPE;
    case FILE_TYPE_DISK: return path_of(file, path, bytes) ? OS_OUTPUT_FILE : OS_OUTPUT_OTHER;
    default: return OS_OUTPUT_OTHER;
    }
}

bool os_output_has_colors(void)
{
    HANDLE file = (HANDLE)_get_osfhandle(STANDARD_OUTPUT);
    DWORD mode;
    return GetConsoleMode(file, &mode) &&
           SetConsoleMode(file, mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
}
