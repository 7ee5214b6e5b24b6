/* SPDX-License-Identifier: MIT */
/* Conversion and validation of UTF-8 and UTF-16. */
#ifndef TOOLS_TEXT_H
#define TOOLS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum text_encoding { TEXT_UTF_8, TEXT_UTF_16 };

/* The size in bytes of a code unit, and so of the terminator. */
size_t text_unit(enum text_encoding encoding);

/* Decodes one character. Returns its length in bytes; 0: invalid or incomplete. */
size_t text_decode(const unsigned char *text, size_t bytes, uint32_t *character);
size_t text_decode_utf16(const unsigned char *text, size_t bytes, uint32_t *character);

/* Whether the bytes are UTF-8 without NUL. */
bool text_is_string(const unsigned char *text, size_t bytes);

/* Writes a character as UTF-8, at most 4 bytes. Returns its length. */
size_t text_encode(uint32_t character, unsigned char *output);

/* Converts text; converting UTF-8 to UTF-8 only checks it. UTF-16 is little-endian. `output` must
 * have room for 2 * bytes. Returns the number of bytes written; if the text is invalid, SIZE_MAX,
 * with the offset of the error in *wrong. */
size_t text_from_utf8(enum text_encoding encoding, const unsigned char *text, size_t bytes,
                      unsigned char *output, size_t *wrong);
size_t text_to_utf8(enum text_encoding encoding, const unsigned char *text, size_t bytes,
                    unsigned char *output, size_t *wrong);

#endif
