/* SPDX-License-Identifier: MIT */
/*
 * Writes JSON to stdout, one value after another: the writer adds commas, keys and indentation, and
 * a newline at the end. Untrusted text becomes JSON that is safe on a terminal. The key of an
 * element of an array, and of the outermost value, is NULL; keys are not escaped.
 */
#ifndef TOOLS_JSON_H
#define TOOLS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum json_layout { JSON_IN_LINES, JSON_ON_ONE_LINE }; /* of the members of an object or array */

enum { JSON_LEVELS = 6 }; /* how deep objects and arrays may be nested */

void json_object_begin(const char *key, enum json_layout layout);
void json_array_begin(const char *key, enum json_layout layout);
void json_end(void); /* of the innermost object or array */

void json_number(const char *key, uint64_t value);
void json_real(const char *key, double value, int digits);    /* that many significant digits */
void json_fixed(const char *key, double value, int decimals); /* that many after the point */
void json_text(const char *key, const char *text);
void json_bool(const char *key, bool value);
void json_null(const char *key);

/* Writes only the text in quotes. Bytes that are not UTF-8 become U+FFFD. */
void json_print_text(const char *text);

enum { JSON_CHARACTER_BYTES = 6 }; /* most bytes that one character becomes */

/* Stores a character of `length` bytes, escaped if necessary, in `output`. Returns the number of
 * bytes stored. */
size_t json_escape(uint32_t character, const unsigned char *bytes, size_t length, char *output);

#endif
