/* SPDX-License-Identifier: MIT */
/* Prints untrusted text as JSON that is safe on a terminal. */
#include "json.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

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
