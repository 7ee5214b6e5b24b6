/* SPDX-License-Identifier: MIT */
/* Makes untrusted text safe to print. */
#include "printable.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "shared/text.h"

void make_printable(char *text)
{
    for (size_t at = 0, left = strlen(text); left > 0;) {
        uint32_t character = 0;
        size_t length = text_decode((const unsigned char *)text + at, left, &character);
        if (length == 0 || character < 0x20 || (character >= 0x7f && character < 0xa0)) {
            length = length > 0 ? length : 1;
            memset(text + at, '?', length);
        }
        at += length;
        left -= length;
    }
}
