/* SPDX-License-Identifier: MIT */
/* The system's clock and the C library's calendar. */
#include <windows.h>
#include <time.h>

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

bool os_calendar(int64_t seconds, bool local, struct tm *calendar)
{
    __time64_t time = seconds;
    return seconds >= 0 && (local ? _localtime64_s : _gmtime64_s)(calendar, &time) == 0;
}

int64_t os_calendar_seconds(const struct tm *calendar, bool local)
{
    struct tm copy = *calendar;
    copy.tm_isdst = -1;
    return local ? _mktime64(&copy) : _mkgmtime64(&copy);
}
