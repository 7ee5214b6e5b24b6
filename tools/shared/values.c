/* SPDX-License-Identifier: MIT */
/* Strict parsing of option values. */
#include "values.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "mapring/mapring.h"

/* Reads the digits at *text and advances past them. False: there are none, or the number is too
 * large. */
static bool digits(const char **text, unsigned base, uint64_t *value)
{
    const char *first = *text;
    uint64_t sum = 0;
    for (; **text >= '0' && **text < '0' + (char)base; ++*text)
        if (__builtin_mul_overflow(sum, base, &sum) ||
            __builtin_add_overflow(sum, (uint64_t)(**text - '0'), &sum))
            return false;
    *value = sum;
    return *text != first;
}

static bool skip(const char **text, const char *either)
{
    bool found = **text != '\0' && strchr(either, **text) != NULL;
    *text += found;
    return found;
}

/* Returns the number of bits that a unit shifts by, and advances past it: K, k, KB, KiB and so on
 * all mean 1024 bytes. */
static unsigned unit_bits(const char **text)
{
    static const char *const units[] = {"Kk", "Mm", "Gg", "Tt"};
    unsigned bits = 0;
    for (unsigned i = 0; i < sizeof units / sizeof *units && bits == 0; i++)
        bits = skip(text, units[i]) ? 10 * (i + 1) : 0;
    bool is_long = bits > 0 && skip(text, "i");
    if (!skip(text, "Bb") && is_long)
        --*text;
    return bits;
}

bool read_number(const char *text, unsigned base, uint64_t *value)
{
    return digits(&text, base, value) && *text == '\0';
}

const char *value_offset(const char *text, void *value)
{
    uint64_t *bytes = value;
    bool read = digits(&text, 10, bytes);
    unsigned bits = unit_bits(&text);
    bool fits = read && *bytes <= UINT64_MAX >> bits;
    *bytes <<= bits;
    return fits && *text == '\0' ? NULL : "a number of bytes such as 0, 4096, 64K, 1MiB or 2G";
}

const char *value_size(const char *text, void *value)
{
    bool read = value_offset(text, value) == NULL;
    return read && *(uint64_t *)value > 0 ? NULL : "a size such as 4096, 64K, 1MiB or 2G";
}

const char *value_count(const char *text, void *value)
{
    uint64_t *count = value;
    return read_number(text, 10, count) && *count > 0 ? NULL : "a number from 1 up";
}

const char *value_consumers(const char *text, void *value)
{
    uint64_t count = 0;
    bool read = read_number(text, 10, &count) && count > 0 && count <= MAPRING_CONSUMER_LIMIT;
    *(unsigned *)value = (unsigned)count;
    return read ? NULL : "a number from 1 to 32";
}

enum { SECONDS_MOST = 1000000000 };

/* Reads the digits after a decimal point, as billionths. */
static bool fraction(const char *text, uint64_t *billionths)
{
    uint64_t sum = 0, weight = 100000000;
    for (; *text >= '0' && *text <= '9'; ++text, weight /= 10)
        sum += (uint64_t)(*text - '0') * weight;
    *billionths = sum;
    return *text == '\0';
}

const char *value_seconds(const char *text, void *value)
{
    uint64_t whole = 0, billionths = 0;
    bool read = (*text == '.' || digits(&text, 10, &whole)) && whole <= SECONDS_MOST;
    if (read && *text == '.')
        read = text[1] != '\0' && fraction(text + 1, &billionths);
    else
        read = read && *text == '\0';
    *(int64_t *)value = (int64_t)(whole * 1000000000u + billionths);
    return read ? NULL : "a number of seconds from 0 to 1000000000, such as 0.5 or 10";
}

const char *value_duration(const char *text, void *value)
{
    static const unsigned seconds[] = {1, 60, 3600, 86400};
    static const char units[] = "smhd";
    uint64_t count = 0;
    bool read = digits(&text, 10, &count) && count > 0;
    const char *unit = *text == '\0' ? units : strchr(units, *text);
    read = read && unit && (*text == '\0' || text[1] == '\0') &&
           count <= SECONDS_MOST / seconds[unit - units];
    if (read)
        *(int64_t *)value = (int64_t)count * seconds[unit - units] * INT64_C(1000000000);
    return read ? NULL : "a time such as 90, 90s, 10m, 12h or 3d";
}

const char *value_text(const char *text, void *value)
{
    *(const char **)value = text;
    return NULL;
}
