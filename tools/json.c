/* SPDX-License-Identifier: MIT */
/* Text that comes from elsewhere, made fit for JSON and for a terminal. */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

static void print_character(uint32_t character, const char *bytes, size_t length)
{
    if (character == '"' || character == '\\')
        printf("\\%c", (int)character);
    else if (character < 0x20 || (character >= 0x7f && character < 0xa0))
        printf("\\u%04" PRIx32, character);
    else
        printf("%.*s", (int)length, bytes);
}

void json_print_text(const char *text)
{
    putchar('"');
    for (size_t left = strlen(text); left > 0;) {
        uint32_t character = 0;
        size_t length = text_decode((const unsigned char *)text, left, &character);
        if (length == 0) {
            fputs("\\ufffd", stdout);
            length = 1;
        } else {
            print_character(character, text, length);
        }
        text += length;
        left -= length;
    }
    putchar('"');
}
