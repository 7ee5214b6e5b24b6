/* SPDX-License-Identifier: MIT */
/* Prints untrusted text so that it is safe on a terminal. */
#include "plain.h"

#include <string.h>

#include "text.h"

bool plain_is_control(uint32_t character)
{
    return character < 0x20 || (character >= 0x7f && character < 0xa0);
}

void plain_print(FILE *stream, const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t left = strlen(text); left > 0;) {
        uint32_t character = 0;
        size_t length = text_decode(bytes, left, &character);
        size_t used = length > 0 ? length : 1;
        if (length == 0 || plain_is_control(character))
            for (size_t i = 0; i < used; i++)
                fprintf(stream, "\\x%02x", bytes[i]);
        else
            fwrite(bytes, 1, used, stream);
        bytes += used;
        left -= used;
    }
}
