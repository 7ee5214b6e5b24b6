/* SPDX-License-Identifier: MIT */
/* The system's clock and the C library's calendar. */
#include <time.h>

#include "command/os.h"

bool os_calendar(int64_t seconds, bool local, struct tm *calendar)
{
    time_t time = (time_t)seconds;
    return time == seconds && seconds >= 0 &&
           (local ? localtime_r : gmtime_r)(&time, calendar) != NULL;
}

int64_t os_calendar_seconds(const struct tm *calendar, bool local)
{
    struct tm copy = *calendar;
    copy.tm_isdst = -1;
    return local ? mktime(&copy) : timegm(&copy);
}
