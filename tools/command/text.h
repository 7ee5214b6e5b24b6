/* SPDX-License-Identifier: MIT */
/* UTF-8 and UTF-16, checked. */
#ifndef TOOLS_TEXT_H
#define TOOLS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum text_encoding { TEXT_UTF_8, TEXT_UTF_16 };

/* Bytes of one unit of the encoding: also of its terminator. */
size_t text_unit(enum text_encoding encoding);

/* Reads one character. Returns its bytes, 0 when they make no sense. */
size_t text_decode(const unsigned char *text, size_t bytes, uint32_t *character);

/* Converts text, also to the encoding that it has, which checks it. UTF-16 is little-endian.
 * `output` has room for 2 * bytes. Returns the number of bytes written; when the text makes no
 * sense, SIZE_MAX and in *wrong the offset where. */
size_t text_from_utf8(enum text_encoding encoding, const unsigned char *text, size_t bytes,
                      unsigned char *output, size_t *wrong);
size_t text_to_utf8(enum text_encoding encoding, const unsigned char *text, size_t bytes,
                    unsigned char *output, size_t *wrong);

#endif
