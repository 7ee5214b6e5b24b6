/* SPDX-License-Identifier: MIT */
/* The levels of logs, as options and outputs name them. */
#include "log_level.h"

#include <stdbool.h>
#include <stddef.h>

#include "mapring/log.h"

static char upper(char character)
{
    return character >= 'a' && character <= 'z' ? (char)(character - 'a' + 'A') : character;
}

static bool is_same(const char *text, const char *name)
{
    while (*text != '\0' && upper(*text) == *name)
        text++, name++;
    return *text == *name;
}

static bool find(const char *text, uint32_t highest, uint32_t *level)
{
    for (uint32_t each = MAPRING_LEVEL_TRACE; each <= highest; each++) {
        if (!is_same(text, mapring_level_name((enum mapring_level)each)))
            continue;
        *level = each;
        return true;
    }
    return false;
}

const char *value_level(const char *text, void *value)
{
    return find(text, MAPRING_LEVEL_OFF, value)
               ? NULL
               : "a level: trace, debug, info, warn, error, fatal or off";
}

const char *value_least_level(const char *text, void *value)
{
    return find(text, MAPRING_LEVEL_FATAL, value)
               ? NULL
               : "a level: trace, debug, info, warn, error or fatal";
}

const char *log_level_text(uint32_t level)
{
    const char *name = mapring_level_name((enum mapring_level)level);
    return name ? name : "?";
}
