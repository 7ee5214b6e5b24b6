/* SPDX-License-Identifier: MIT */
/* The directory of MAPRING_DIR. */
#include <windows.h>

#include "shared/os.h"

enum { PATH_LIMIT = 4096 };

const char *os_base(void)
{
    static char base[PATH_LIMIT];
    wchar_t wide[PATH_LIMIT];
    DWORD length = GetEnvironmentVariableW(L"MAPRING_DIR", wide, PATH_LIMIT);
    base[0] = '\0';
    if (length == 0 || length >= PATH_LIMIT)
        return NULL;
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, base, PATH_LIMIT, NULL, NULL);
    return base;
}
