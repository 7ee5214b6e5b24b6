/* SPDX-License-Identifier: MIT */
/* Prints untrusted text as JSON that is safe on a terminal. */
#ifndef TOOLS_JSON_H
#define TOOLS_JSON_H

#include <stddef.h>
#include <stdint.h>

/* Writes the text in quotes to stdout. Bytes that are not UTF-8 become U+FFFD. */
void json_print_text(const char *text);

enum { JSON_CHARACTER_BYTES = 6 }; /* most bytes that one character becomes */

/* Writes a character of `length` bytes, escaped if necessary. Returns the number of bytes
 * written. */
size_t json_escape(uint32_t character, const unsigned char *bytes, size_t length, char *output);

#endif
