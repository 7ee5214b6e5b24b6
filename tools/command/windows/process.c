/* SPDX-License-Identifier: MIT */
/* What the system says about other processes. */
#include <windows.h>

#include "command/os.h"

enum { PATH_UNITS = 4096 };

/* Windows does not report this for a process, and for a thread only when it is suspended. */
bool os_process_is_stopped(uint64_t process)
{
    (void)process;
    return false;
}

bool os_process_command(uint64_t process, char *text, size_t bytes)
{
    static wchar_t path[PATH_UNITS];
    DWORD length = PATH_UNITS;
    HANDLE handle = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, (DWORD)process);
    if (!handle)
        return false;
    bool known = QueryFullProcessImageNameW(handle, 0, path, &length) &&
                 WideCharToMultiByte(CP_UTF8, 0, path, -1, text, (int)bytes, NULL, NULL) > 0;
    CloseHandle(handle);
    return known;
}
