/* SPDX-License-Identifier: MIT */
/* Writes JSON to stdout, and escapes text. */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

enum { INDENT = 2 };

/* The objects and arrays that have begun, from the outermost to the innermost. */
static struct level {
    char end; /* the closing bracket */
    bool is_in_lines, has_members;
} levels[JSON_LEVELS];
static int depth;

size_t json_escape(uint32_t character, const unsigned char *bytes, size_t length, char *output)
{
    static const char digits[] = "0123456789abcdef";
    if (character == '"' || character == '\\') {
        output[0] = '\\';
        output[1] = (char)character;
        return 2;
    }
    if (character >= 0x20 && (character < 0x7f || character >= 0xa0)) {
        memcpy(output, bytes, length);
        return length;
    }
    memcpy(output, "\\u00", 4);
    output[4] = digits[character >> 4];
    output[5] = digits[character & 15];
    return JSON_CHARACTER_BYTES;
}

void json_print_text(const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;
    char escaped[JSON_CHARACTER_BYTES];
    putchar('"');
    for (size_t left = strlen(text); left > 0;) {
        uint32_t character = 0;
        size_t length = text_decode(bytes, left, &character);
        if (length == 0) {
            fputs("\\ufffd", stdout);
            length = 1;
        } else {
            fwrite(escaped, 1, json_escape(character, bytes, length, escaped), stdout);
        }
        bytes += length;
        left -= length;
    }
    putchar('"');
}

static void begin_line(void)
{
    printf("\n%*s", INDENT * depth, "");
}

/* Writes what stands before a value. */
static void begin_value(const char *key)
{
    if (depth > 0) {
        struct level *level = &levels[depth - 1];
        if (level->has_members)
            fputs(level->is_in_lines ? "," : ", ", stdout);
        if (level->is_in_lines)
            begin_line();
        level->has_members = true;
    }
    if (key)
        printf("\"%s\": ", key);
}

static void begin_level(const char *key, enum json_layout layout, char begin, char end)
{
    begin_value(key);
    putchar(begin);
    levels[depth++] = (struct level){end, layout == JSON_IN_LINES, false};
}

void json_object_begin(const char *key, enum json_layout layout)
{
    begin_level(key, layout, '{', '}');
}

void json_array_begin(const char *key, enum json_layout layout)
{
    begin_level(key, layout, '[', ']');
}

void json_end(void)
{
    const struct level *level = &levels[--depth];
    if (level->is_in_lines && level->has_members)
        begin_line();
    putchar(level->end);
    if (depth == 0)
        putchar('\n');
}

void json_number(const char *key, uint64_t value)
{
    begin_value(key);
    printf("%" PRIu64, value);
}

void json_real(const char *key, double value, int digits)
{
    begin_value(key);
    printf("%.*g", digits, value);
}

void json_fixed(const char *key, double value, int decimals)
{
    begin_value(key);
    printf("%.*f", decimals, value);
}

void json_text(const char *key, const char *text)
{
    begin_value(key);
    json_print_text(text);
}

void json_bool(const char *key, bool value)
{
    begin_value(key);
    fputs(value ? "true" : "false", stdout);
}

void json_null(const char *key)
{
    begin_value(key);
    fputs("null", stdout);
}
