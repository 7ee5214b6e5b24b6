/* SPDX-License-Identifier: MIT */
/* Rounds down, so that "60 s" is never shown for less than a minute. */
#include "quantity.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

enum { DECIMAL_BELOW = 100 };

#define SECOND UINT64_C(1000000000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static struct quantity with_unit(uint64_t value, uint64_t unit, const char *name)
{
    struct quantity quantity;
    uint64_t whole = value / unit, tenths = value % unit / (unit / 10 > 0 ? unit / 10 : 1);
    if (unit > 1 && whole < DECIMAL_BELOW)
        snprintf(quantity.text, sizeof quantity.text, "%" PRIu64 ".%" PRIu64 " %s", whole,
                 tenths < 10 ? tenths : 9, name);
    else
        snprintf(quantity.text, sizeof quantity.text, "%" PRIu64 " %s", whole, name);
    return quantity;
}

static struct quantity with_two_units(uint64_t value, uint64_t unit, const char *name,
                                      uint64_t lesser, const char *lesser_name)
{
    struct quantity quantity;
    snprintf(quantity.text, sizeof quantity.text, "%" PRIu64 " %s %" PRIu64 " %s", value / unit,
             name, value % unit / lesser, lesser_name);
    return quantity;
}

struct quantity quantity_bytes(uint64_t bytes)
{
    static const char *const names[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    size_t i = 0;
    while (i + 1 < sizeof names / sizeof *names && bytes >> 10 * (i + 1) > 0)
        i++;
    return with_unit(bytes, UINT64_C(1) << 10 * i, names[i]);
}

struct quantity quantity_duration(uint64_t ns)
{
    if (ns >= DAY)
        return with_two_units(ns, DAY, "d", HOUR, "h");
    if (ns >= HOUR)
        return with_two_units(ns, HOUR, "h", MINUTE, "min");
    if (ns >= MINUTE)
        return with_two_units(ns, MINUTE, "min", SECOND, "s");
    if (ns >= SECOND)
        return with_unit(ns, SECOND, "s");
    if (ns >= 1000000)
        return with_unit(ns, 1000000, "ms");
    if (ns >= 1000)
        return with_unit(ns, 1000, "us");
    return with_unit(ns, 1, "ns");
}
