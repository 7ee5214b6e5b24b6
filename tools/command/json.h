/* SPDX-License-Identifier: MIT */
/* Text that comes from elsewhere, made fit for JSON and for a terminal. */
#ifndef TOOLS_JSON_H
#define TOOLS_JSON_H

#include <stddef.h>
#include <stdint.h>

/* Writes the text in quotes to stdout. What is not UTF-8 becomes U+FFFD. */
void json_print_text(const char *text);

enum { JSON_CHARACTER_BYTES = 6 }; /* most that one character becomes */

/* Writes a character of `length` bytes as it stands between quotes. Returns the number of bytes. */
size_t json_escape(uint32_t character, const unsigned char *bytes, size_t length, char *output);

#endif
