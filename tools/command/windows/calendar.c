/* SPDX-License-Identifier: MIT */
/* The system's clock and the C library's calendar. */
#include <windows.h>
#include <time.h>

#include "command/os.h"

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
