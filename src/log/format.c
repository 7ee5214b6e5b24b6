/* SPDX-License-Identifier: MIT */
/* Reading a format for how far its strings may be read. */
#include "log/format.h"

#include <string.h>

#include "mapring/log.h"

enum { LARGEST = MAPRING1_NO_TEXT - 1 };

struct walk {
    const char *at;
    size_t value; /* the next one */
    size_t count;
    uint16_t *limits;
};

static void skip(struct walk *walk, const char *characters)
{
    walk->at += strspn(walk->at, characters);
}

static uint16_t read_number(struct walk *walk)
{
    unsigned number = 0;
    for (; *walk->at >= '0' && *walk->at <= '9'; walk->at++)
        if (number < LARGEST)
            number = number * 10 + (unsigned)(*walk->at - '0');
    return (uint16_t)(number < LARGEST ? number : LARGEST);
}

static uint16_t read_precision(struct walk *walk)
{
    if (*walk->at != '.')
        return MAPRING1_ANY_BYTES;
    walk->at++;
    if (*walk->at != '*')
        return read_number(walk);
    walk->at++;
    walk->value++;
    return MAPRING1_STAR_BYTES;
}

static void read_conversion(struct walk *walk)
{
    skip(walk, "-+ #0'");
    if (*walk->at == '*')
        walk->value++;
    skip(walk, "*0123456789");
    uint16_t limit = read_precision(walk);
    const char *size = walk->at;
    skip(walk, "hljztLq");
    if (*walk->at == '\0' || *walk->at == '%')
        return;
    if (*walk->at == 's' && walk->at == size && walk->value < walk->count)
        walk->limits[walk->value] = limit;
    walk->value++;
}

/* A value that no %s takes is not read: of what else the format says, the compiler has warned. */
void format_limits(const char *format, size_t count, uint16_t *limits)
{
    struct walk walk = {format, 0, count, limits};
    for (size_t i = 0; i < count; i++)
        limits[i] = MAPRING1_NO_TEXT;
    while ((walk.at = strchr(walk.at, '%'))) {
        walk.at++;
        read_conversion(&walk);
        if (*walk.at == '\0')
            return;
        walk.at++;
    }
}
