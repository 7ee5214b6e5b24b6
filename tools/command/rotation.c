/* SPDX-License-Identifier: MIT */
/* When a file is rotated. */
#include "rotation.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "os.h"
#include "shared/values.h"

#define SECOND_NS UINT64_C(1000000000)

enum { DAY = 86400 };

/* 0: the text is no time. */
static uint64_t seconds_of(const char *text)
{
    static const struct {
        const char *unit;
        uint64_t seconds;
    } units[] = {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", DAY}};
    if (strcmp(text, "hourly") == 0 || strcmp(text, "daily") == 0)
        return text[0] == 'h' ? 3600 : DAY;
    char *unit;
    unsigned long long number = strtoull(text, &unit, 10);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(unit, units[i].unit) == 0 && text[0] >= '0' && text[0] <= '9' && number <= DAY)
            return number * units[i].seconds;
    return 0;
}

/* So 10m, which could be minutes or a size, is neither. */
static bool is_ambiguous(const char *text)
{
    return text[strspn(text, "0123456789")] == 'm' && strstr(text, "min") == NULL;
}

const char *value_rotation(const char *text, void *value)
{
    struct rotation *rotation = value;
    uint64_t seconds = seconds_of(text);
    if (is_ambiguous(text))
        return "clear: write 10M for a size, or 10min for a time";
    if (seconds > 0 && DAY % seconds == 0) {
        rotation->seconds = (uint32_t)seconds;
        return NULL;
    }
    if (seconds == 0 && value_size(text, &rotation->bytes) == NULL)
        return NULL;
    return "a size such as 64K or 100M, or a part of a day such as 15min, 1h, 1d, hourly or daily";
}

/* Where the clock is put forward or back, a period is shorter or longer. */
uint64_t rotation_next_ns(const struct rotation *rotation, uint64_t after_ns)
{
    struct tm clock;
    int64_t after = (int64_t)(after_ns / SECOND_NS);
    if (rotation->seconds == 0 || !os_calendar(after, true, &clock))
        return UINT64_MAX;
    int64_t period = rotation->seconds;
    int64_t since_midnight = clock.tm_hour * 3600 + clock.tm_min * 60 + clock.tm_sec;
    clock.tm_hour = clock.tm_min = 0;
    clock.tm_sec = (int)((since_midnight / period + 1) * period);
    int64_t next = os_calendar_seconds(&clock, true);
    return (uint64_t)(next > after ? next : after + period) * SECOND_NS;
}
