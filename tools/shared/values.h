/* SPDX-License-Identifier: MIT */
/*
 * Strict parsing of option values: all of the text must be valid. Each value_ function returns
 * NULL, or a description of what it accepts, such as "a size such as 4096, 64K, 1MiB or 2G".
 */
#ifndef TOOLS_VALUES_H
#define TOOLS_VALUES_H

#include <stdbool.h>
#include <stdint.h>

const char *value_size(const char *text, void *value);      /* uint64_t, not 0; K, M, G, T */
const char *value_offset(const char *text, void *value);    /* uint64_t; K, M, G, T */
const char *value_count(const char *text, void *value);     /* uint64_t, not 0 */
const char *value_consumers(const char *text, void *value); /* unsigned, 1 to 32 */
const char *value_seconds(const char *text, void *value);   /* int64_t in nanoseconds */
const char *value_duration(const char *text, void *value);  /* int64_t in ns, not 0; s, m, h, d */
const char *value_text(const char *text, void *value);      /* const char * */

/* Reads a number without a unit. False: the text is something else, or the number is too large. */
bool read_number(const char *text, unsigned base, uint64_t *value);

#endif
