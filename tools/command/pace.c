/* SPDX-License-Identifier: MIT */
/* Keeps the recorded distances in time, to about a millisecond. */
#include "pace.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "shared/os.h"

enum { SLICE_MS = 100, MS_NS = 1000000 };

const char *value_speed(const char *text, void *value)
{
    struct pace *pace = value;
    char *end;
    if (strcmp(text, "max") == 0) {
        pace->speed = 0;
        return NULL;
    }
    pace->speed = strtod(text, &end);
    bool read = text[0] >= '0' && text[0] <= '9' && *end == '\0' && pace->speed >= 0.001 &&
                pace->speed <= 1e6;
    return read ? NULL : "a factor from 0.001 to 1000000, such as 0.5 or 10, or max";
}

/* Sleeps whole milliseconds; less is not worth it. */
static void sleep_until(int64_t due_ns)
{
    int64_t left_ms = (due_ns - os_now_ns()) / MS_NS;
    for (; left_ms > 0 && os_interrupted() == 0; left_ms = (due_ns - os_now_ns()) / MS_NS)
        os_pause_ms((unsigned)(left_ms < SLICE_MS ? left_ms : SLICE_MS));
}

bool pace_wait(struct pace *pace, uint64_t time_ns)
{
    if (pace->speed > 0 && time_ns != 0) {
        if (pace->last_ns == 0)
            pace->due_ns = (double)os_now_ns();
        else if (time_ns > pace->last_ns)
            pace->due_ns += (double)(time_ns - pace->last_ns) / pace->speed;
        pace->last_ns = time_ns > pace->last_ns ? time_ns : pace->last_ns;
        sleep_until((int64_t)pace->due_ns);
    }
    return os_interrupted() == 0;
}
