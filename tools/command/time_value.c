/* SPDX-License-Identifier: MIT */
/* Reads what --since and --until take: a time in one of several spellings, or a sequence number. */
#include "time_value.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "os.h"
#include "shared/os.h"
#include "shared/values.h"

#define SECOND_NS UINT64_C(1000000000)

enum { LAST_YEAR = 2554 }; /* it ends with the nanoseconds that 64 bits hold */

/* The functions that begin with `take` advance past what they have read. */
static bool take(const char **text, const char *either)
{
    bool found = **text != '\0' && strchr(either, **text) != NULL;
    *text += found;
    return found;
}

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

/* Exactly `digits` digits that stand for a number from `least` to `most`. */
static bool take_field(const char **text, int digits, int least, int most, int *field)
{
    *field = 0;
    for (; digits > 0; --digits, ++*text) {
        if (!is_digit(**text))
            return false;
        *field = 10 * *field + (**text - '0');
    }
    return *field >= least && *field <= most;
}

/* Any digits that stand for so many seconds at most that their nanoseconds fit. */
static bool take_number(const char **text, uint64_t *number)
{
    const char *first = *text;
    for (*number = 0; is_digit(**text) && *number < UINT64_MAX / SECOND_NS; ++*text)
        *number = 10 * *number + (uint64_t)(**text - '0');
    return *text != first && !is_digit(**text) && *number < UINT64_MAX / SECOND_NS;
}

/* An optional fraction of a second; digits beyond the ninth are ignored. */
static bool take_fraction(const char **text, uint64_t *ns)
{
    *ns = 0;
    if (!take(text, "."))
        return true;
    const char *first = *text;
    for (uint64_t weight = SECOND_NS / 10; is_digit(**text); ++*text, weight /= 10)
        *ns += weight * (uint64_t)(**text - '0');
    return *text != first;
}

static bool take_date(const char **text, struct tm *calendar)
{
    bool read = take_field(text, 4, 1970, LAST_YEAR, &calendar->tm_year) && take(text, "-") &&
                take_field(text, 2, 1, 12, &calendar->tm_mon) && take(text, "-") &&
                take_field(text, 2, 1, 31, &calendar->tm_mday);
    calendar->tm_year -= 1900;
    calendar->tm_mon -= 1;
    return read;
}

/* A leap second is accepted, and is the first second of the next minute. */
static bool take_clock(const char **text, struct tm *calendar, uint64_t *ns)
{
    calendar->tm_sec = 0;
    *ns = 0;
    if (!take_field(text, 2, 0, 23, &calendar->tm_hour) || !take(text, ":") ||
        !take_field(text, 2, 0, 59, &calendar->tm_min))
        return false;
    if (!take(text, ":"))
        return true;
    return take_field(text, 2, 0, 60, &calendar->tm_sec) && take_fraction(text, ns);
}

/* Z, or how far the clock is ahead of UTC, such as +01:00. `local`: there is neither. */
static bool take_zone(const char **text, bool *local, int64_t *ahead)
{
    int hours = 0, minutes = 0;
    bool behind = **text == '-';
    *ahead = 0;
    *local = **text == '\0';
    if (*local || take(text, "Zz"))
        return true;
    bool read = take(text, "+-") && take_field(text, 2, 0, 23, &hours) && take(text, ":") &&
                take_field(text, 2, 0, 59, &minutes);
    *ahead = (behind ? -1 : 1) * (int64_t)(hours * 60 + minutes) * 60;
    return read;
}

static bool set_time(int64_t seconds, uint64_t ns, uint64_t *time_ns)
{
    uint64_t whole;
    return seconds >= 0 && !__builtin_mul_overflow((uint64_t)seconds, SECOND_NS, &whole) &&
           !__builtin_add_overflow(whole, ns, time_ns);
}

/* In UTC, every day and every hour of the calendar exists. */
static bool day_exists(const struct tm *calendar)
{
    struct tm found, day = {.tm_year = calendar->tm_year,
                            .tm_mon = calendar->tm_mon,
                            .tm_mday = calendar->tm_mday};
    return os_calendar(os_calendar_seconds(&day, false), false, &found) &&
           found.tm_mday == calendar->tm_mday;
}

/* 2026-11-27, 2026-11-27T23:13:09.5Z, 2026-11-27 23:13+01:00 */
static bool read_date(const char *text, uint64_t *time_ns)
{
    struct tm calendar = {0};
    uint64_t ns = 0;
    bool local = true;
    int64_t ahead = 0;
    if (!take_date(&text, &calendar))
        return false;
    if (*text != '\0' && (!take(&text, "Tt ") || !take_clock(&text, &calendar, &ns) ||
                          !take_zone(&text, &local, &ahead)))
        return false;
    return *text == '\0' && day_exists(&calendar) &&
           set_time(os_calendar_seconds(&calendar, local) - ahead, ns, time_ns);
}

/* 23:13 or 23:13:09.5, today */
static bool read_clock(const char *text, uint64_t *time_ns)
{
    struct tm calendar;
    uint64_t ns = 0;
    return os_calendar((int64_t)(os_time_ns() / SECOND_NS), true, &calendar) &&
           take_clock(&text, &calendar, &ns) && *text == '\0' &&
           set_time(os_calendar_seconds(&calendar, true), ns, time_ns);
}

/* @1795821189.5, in seconds since 1970 */
static bool read_epoch(const char *text, uint64_t *time_ns)
{
    uint64_t seconds = 0, ns = 0;
    bool read = take(&text, "@") && take_number(&text, &seconds) && take_fraction(&text, &ns);
    *time_ns = seconds * SECOND_NS + ns;
    return read && *text == '\0';
}

static uint64_t take_unit(const char **text)
{
    static const struct {
        const char *unit;
        uint64_t seconds;
    } units[] = {{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (take(text, units[i].unit))
            return units[i].seconds;
    return 0;
}

/* 10m, 2h, 1.5s or 3d ago; at the earliest 1970 */
static bool read_age(const char *text, uint64_t *time_ns)
{
    uint64_t whole = 0, ns = 0, age, now = os_time_ns();
    if (!take_number(&text, &whole) || !take_fraction(&text, &ns))
        return false;
    uint64_t unit = take_unit(&text);
    if (unit == 0 || *text != '\0')
        return false;
    if (__builtin_mul_overflow(whole * SECOND_NS + ns, unit, &age) || age >= now)
        age = now - 1;
    *time_ns = now - age;
    return true;
}

const char *value_bound(const char *text, void *value)
{
    struct bound *bound = value;
    uint64_t number;
    if (read_number(text, 10, &number)) {
        bound->sequence = number;
        return NULL;
    }
    if (read_date(text, &bound->time_ns) || read_clock(text, &bound->time_ns) ||
        read_epoch(text, &bound->time_ns) || read_age(text, &bound->time_ns))
        return NULL;
    return "a time such as 2026-11-27T23:13:09Z, 2026-11-27, 23:13, @1795821189.5, 10m, 2h, 1.5s "
           "or 3d (ago), or a sequence number";
}
