/* SPDX-License-Identifier: MIT */
/* Numbers in at most six columns. */
#include "figure.h"

#include <inttypes.h>
#include <stdio.h>

#define SECOND UINT64_C(1000000000)

enum { PLAIN_BELOW = 100000, DECIMALS_BELOW = 10, DECIMAL_BELOW = 100 };

/* Three digits, so many hundredths of which are behind the point. */
static struct figure with_unit(uint64_t value, uint64_t unit, const char *name)
{
    struct figure figure;
    uint64_t whole = value / unit, part = (value % unit) * 100 / unit;
    if (whole < DECIMALS_BELOW)
        snprintf(figure.text, sizeof figure.text, "%" PRIu64 ".%02" PRIu64 "%s", whole, part, name);
    else if (whole < DECIMAL_BELOW)
        snprintf(figure.text, sizeof figure.text, "%" PRIu64 ".%" PRIu64 "%s", whole, part / 10,
                 name);
    else
        snprintf(figure.text, sizeof figure.text, "%" PRIu64 "%s", whole, name);
    return figure;
}

static struct figure plainly(uint64_t value)
{
    struct figure figure;
    snprintf(figure.text, sizeof figure.text, "%" PRIu64, value);
    return figure;
}

struct figure figure_count(uint64_t count)
{
    static const char *const names[] = {"k", "M", "G", "T", "P", "E"};
    uint64_t unit = 1000;
    int i = 0;
    if (count < PLAIN_BELOW)
        return plainly(count);
    for (; i < 5 && count / unit >= 1000; i++)
        unit *= 1000;
    return with_unit(count, unit, names[i]);
}

struct figure figure_bytes(uint64_t bytes)
{
    static const char *const names[] = {"K", "M", "G", "T", "P"};
    uint64_t unit = 1024;
    int i = 0;
    if (bytes < unit)
        return plainly(bytes);
    for (; i < 4 && bytes / unit >= 1024; i++)
        unit *= 1024;
    return with_unit(bytes / (unit / 1024), 1024, names[i]);
}

struct figure figure_rate(double per_second)
{
    struct figure figure;
    if (per_second >= DECIMALS_BELOW || per_second <= 0)
        return figure_count((uint64_t)per_second);
    snprintf(figure.text, sizeof figure.text, "%.1f", per_second);
    return figure;
}

static struct figure with_two_units(uint64_t seconds, uint64_t unit, char name, uint64_t lesser,
                                    char lesser_name)
{
    struct figure figure;
    snprintf(figure.text, sizeof figure.text, "%" PRIu64 "%c%02" PRIu64 "%c", seconds / unit, name,
             seconds % unit / lesser, lesser_name);
    return figure;
}

/* One digit behind the point: "999us", "12.3ms". */
static struct figure with_tenths(uint64_t ns, uint64_t unit, const char *name)
{
    struct figure figure;
    uint64_t whole = ns / unit;
    if (whole < DECIMAL_BELOW)
        snprintf(figure.text, sizeof figure.text, "%" PRIu64 ".%" PRIu64 "%s", whole,
                 ns % unit * 10 / unit, name);
    else
        snprintf(figure.text, sizeof figure.text, "%" PRIu64 "%s", whole, name);
    return figure;
}

struct figure figure_time(uint64_t ns)
{
    uint64_t seconds = ns / SECOND;
    struct figure figure;
    if (seconds >= 86400)
        return with_two_units(seconds, 86400, 'd', 3600, 'h');
    if (seconds >= 3600)
        return with_two_units(seconds, 3600, 'h', 60, 'm');
    if (seconds >= 60)
        return with_two_units(seconds, 60, 'm', 1, 's');
    if (ns >= SECOND)
        return with_tenths(ns, SECOND, "s");
    if (ns >= 1000000)
        return with_tenths(ns, 1000000, "ms");
    if (ns >= 1000)
        return with_tenths(ns, 1000, "us");
    snprintf(figure.text, sizeof figure.text, "%" PRIu64 "ns", ns);
    return figure;
}
