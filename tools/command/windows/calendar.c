/* SPDX-License-Identifier: MIT */
/* The system's clock. */
#include <windows.h>

#include "command/os.h"

/* A FILETIME counts in 100 ns since 1601. */
#define UNITS_TO_1970 UINT64_C(116444736000000000)

uint64_t os_time_ns(void)
{
    FILETIME now;
    GetSystemTimePreciseAsFileTime(&now);
    uint64_t units = (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime;
    return (units - UNITS_TO_1970) * 100;
}
