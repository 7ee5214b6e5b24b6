/* SPDX-License-Identifier: MIT */
#include "log/text.h"

#include <string.h>

/* Returns where `bytes` bytes and a terminator have room, or NULL. */
static char *room_for(struct text *text, size_t bytes)
{
    size_t needed = text->bytes + bytes + 1;
    if (needed > text->space.bytes &&
        space_grow(&text->space, 2 * needed, NULL, "the text of a line") != MAPRING_OK)
        text->failed = true;
    return text->failed ? NULL : (char *)text->space.at + text->bytes;
}

void text_put(struct text *text, const char *from, size_t bytes)
{
    char *to = room_for(text, bytes);
    if (!to)
        return;
    memcpy(to, from, bytes);
    to[bytes] = '\0';
    text->bytes += bytes;
}

void text_pad(struct text *text, size_t bytes)
{
    char *to = room_for(text, bytes);
    if (!to)
        return;
    memset(to, ' ', bytes);
    to[bytes] = '\0';
    text->bytes += bytes;
}

void text_vprintf(struct text *text, const char *format, va_list values)
{
    va_list again;
    va_copy(again, values);
    char *to = room_for(text, 64);
    size_t room = to ? text->space.bytes - text->bytes : 0;
    int bytes = vsnprintf(to, room, format, values);
    /* not covered: the C library cannot write a number */
    if (bytes >= 0 && (size_t)bytes >= room && (to = room_for(text, (size_t)bytes)) != NULL)
        vsnprintf(to, (size_t)bytes + 1, format, again);
    va_end(again);
    /* not covered: see above */
    if (to && bytes > 0)
        text->bytes += (size_t)bytes;
}

void text_printf(struct text *text, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    text_vprintf(text, format, values);
    va_end(values);
}
