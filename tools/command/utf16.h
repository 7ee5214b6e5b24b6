/* SPDX-License-Identifier: MIT */
/* Converts a feed of UTF-16 to UTF-8 as it comes. */
#ifndef TOOLS_UTF16_H
#define TOOLS_UTF16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "feed.h"

/* Of UTF-16, the order of bytes if no byte order mark says it. */
enum input_encoding { INPUT_UTF_8, INPUT_UTF_16LE, INPUT_UTF_16BE };

struct utf16 {
    struct feed from;
    uint64_t replaced; /* units that are no character, and became U+FFFD */
    bool is_big_endian;
    bool is_begun; /* a byte order mark is not expected any more */
    bool is_at_end;
    size_t held; /* bytes that do not make a character yet */
    unsigned char raw[1 << 16];
};

/* Begins to convert another text. */
struct feed utf16_feed(struct utf16 *utf16, enum input_encoding encoding, struct feed from);

/* For a text whose beginning is not read: takes the byte order from its first two bytes. */
void utf16_skip_mark(struct utf16 *utf16, const unsigned char *mark);

/* Tells how many units were replaced. */
void utf16_tell_replaced(const struct utf16 *utf16);

const char *value_input_encoding(const char *text, void *value); /* enum input_encoding */

#endif
