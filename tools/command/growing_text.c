/* SPDX-License-Identifier: MIT */
/* A text in memory that grows as it is written. */
#include "growing_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BYTES = 4096, PRINT_BYTES = 512 };

static bool has_room(struct growing_text *text, size_t count)
{
    if (text->space - text->bytes >= count)
        return true;
    size_t space = 2 * text->space + count + FIRST_BYTES;
    char *larger = realloc(text->text, space);
    if (!larger) {
        text->no_memory = true;
        return false;
    }
    text->text = larger;
    text->space = space;
    return true;
}

void growing_text_add(struct growing_text *text, const void *bytes, size_t count)
{
    if (text->no_memory || count == 0 || !has_room(text, count))
        return;
    memcpy(text->text + text->bytes, bytes, count);
    text->bytes += count;
}

void growing_text_print(struct growing_text *text, const char *format, ...)
{
    va_list arguments;
    if (text->no_memory || !has_room(text, PRINT_BYTES))
        return;
    va_start(arguments, format);
    int length = vsnprintf(text->text + text->bytes, PRINT_BYTES, format, arguments);
    va_end(arguments);
    text->bytes += (size_t)(length < PRINT_BYTES ? length : PRINT_BYTES - 1);
}

void growing_text_free(struct growing_text *text)
{
    free(text->text);
    *text = (struct growing_text){0};
}
