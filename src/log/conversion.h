/* SPDX-License-Identifier: MIT */
/* The conversions in a format, as printf() has them. */
#ifndef MAPRING_LOG_CONVERSION_H
#define MAPRING_LOG_CONVERSION_H

#include <stdbool.h>

/* Widths and precisions are no larger, whatever the format says. */
#define NUMBER_MOST 4096

/* Instead of a width or a precision. */
#define NUMBER_NONE (-1)
#define NUMBER_STAR (-2)

/* Of integers: the sizes of the types that a length modifier can stand for. */
enum conversion_length {
    LENGTH_NONE, /* int */
    LENGTH_CHAR,
    LENGTH_SHORT,
    LENGTH_LONG, /* 4 or 8 bytes, depending on the machine: also of size_t and ptrdiff_t */
    LENGTH_LONG_LONG,
    LENGTH_LONG_DOUBLE
};

struct conversion {
    char flags[6]; /* of "-+ #0", each at most once */
    int width, precision;
    enum conversion_length length;
    char verb; /* a letter or %; 0: there is none */
};

/* Reads the conversion behind a '%', and returns where it ends. */
const char *conversion_read(const char *at, struct conversion *conversion);

/* Whether it converts a value, apart from those that give its width and precision. */
bool conversion_takes_value(const struct conversion *conversion);

#endif
