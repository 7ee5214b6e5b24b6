/* SPDX-License-Identifier: MIT */
#include "log/conversion.h"

#include <stddef.h>
#include <string.h>

#define FLAGS "-+ #0"

/* The flag ' is for languages that separate thousands, which no log does. */
static const char *read_flags(const char *at, struct conversion *conversion)
{
    size_t count = 0;
    for (; *at && strchr(FLAGS "'", *at); at++)
        if (strchr(FLAGS, *at) && !strchr(conversion->flags, *at))
            conversion->flags[count++] = *at;
    return at;
}

static const char *read_number(const char *at, int *number)
{
    if (*at == '*') {
        *number = NUMBER_STAR;
        return at + 1;
    }
    for (; *at >= '0' && *at <= '9'; at++) {
        *number = (*number > 0 ? *number : 0) * 10 + (*at - '0');
        if (*number > NUMBER_MOST)
            *number = NUMBER_MOST;
    }
    return at;
}

static const char *read_precision(const char *at, struct conversion *conversion)
{
    if (*at != '.')
        return at;
    conversion->precision = 0;
    return read_number(at + 1, &conversion->precision);
}

static const char *read_length(const char *at, struct conversion *conversion)
{
    static const struct {
        char text[3];
        enum conversion_length length;
    } lengths[] = {
        {"hh", LENGTH_CHAR},      {"h", LENGTH_SHORT}, {"ll", LENGTH_LONG_LONG},
        {"l", LENGTH_LONG},       {"z", LENGTH_LONG},  {"t", LENGTH_LONG},
        {"j", LENGTH_LONG_LONG},  {"L", LENGTH_LONG_DOUBLE},
    };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        size_t bytes = strlen(lengths[i].text);
        if (strncmp(at, lengths[i].text, bytes) == 0) {
            conversion->length = lengths[i].length;
            return at + bytes;
        }
    }
    return at;
}

static bool is_verb(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '%';
}

const char *conversion_read(const char *at, struct conversion *conversion)
{
    *conversion = (struct conversion){.width = NUMBER_NONE, .precision = NUMBER_NONE};
    at = read_flags(at, conversion);
    at = read_number(at, &conversion->width);
    at = read_precision(at, conversion);
    at = read_length(at, conversion);
    if (!is_verb(*at))
        return at;
    conversion->verb = *at;
    return at + 1;
}

bool conversion_takes_value(const struct conversion *conversion)
{
    return conversion->verb != '\0' && conversion->verb != '%' && conversion->verb != 'm';
}
