/* SPDX-License-Identifier: MIT */
/* Recognizes the names that rotation gives to the older files of one. */
#include "rotated_name.h"

#include <string.h>

enum { DAY_DIGITS = 8 };

static size_t digits_in(const char *text, size_t bytes)
{
    size_t count = 0;
    for (size_t i = 0; i < bytes; i++)
        count += text[i] >= '0' && text[i] <= '9';
    return count;
}

/* Such as ".1", "-20261129" and "_2026-11-29T19:15Z". */
static bool is_number(const char *text, size_t bytes)
{
    return bytes >= 2 && strspn(text, ".-_") > 0 && strspn(text + 1, "0123456789") > 0 &&
           strspn(text + 1, "0123456789.-_:TZ") >= bytes - 1;
}

static bool is_after_all(const char *name, const char *file)
{
    size_t before = strlen(file), bytes = strlen(name);
    return bytes > before && memcmp(name, file, before) == 0 &&
           (strcmp(name + before, ".old") == 0 || is_number(name + before, bytes - before));
}

static bool is_before_suffix(const char *name, const char *file)
{
    const char *suffix = strrchr(file, '.');
    size_t after = suffix ? strlen(suffix) : 0, before = strlen(file) - after;
    size_t bytes = strlen(name);
    if (after == 0 || bytes <= before + after)
        return false;
    size_t added = bytes - before - after;
    return memcmp(name, file, before) == 0 && strcmp(name + bytes - after, suffix) == 0 &&
           is_number(name + before, added) && digits_in(name + before, added) >= DAY_DIGITS;
}

bool rotated_name_is_of(const char *name, const char *file)
{
    return is_after_all(name, file) || is_before_suffix(name, file);
}
