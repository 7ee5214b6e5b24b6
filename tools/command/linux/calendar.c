/* SPDX-License-Identifier: MIT */
/* The system's clock and the C library's calendar. */
#include <time.h>

#include "command/os.h"

uint64_t os_time_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

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
