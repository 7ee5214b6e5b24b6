/* SPDX-License-Identifier: MIT */
#include "log/long_double.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Both have a sign and 15 bits of exponent, with the same bias. */
enum { EXPONENT_BITS = 15, EXPONENT_MOST = 0x7fff, EXPONENT_BIAS = 0x3fff };

static uint64_t word_at(const unsigned char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static long double scaled(uint64_t digits, int exponent)
{
    return ldexpl((long double)digits, exponent);
}

/* `fraction_is_zero`: what is left of the number without its exponent and the bit before its
 * point. */
static long double with_exponent(long double magnitude, int exponent, bool fraction_is_zero)
{
    if (exponent < EXPONENT_MOST)
        return magnitude;
    return fraction_is_zero ? (long double)INFINITY : (long double)NAN;
}

/* The bit before the point is part of the number. Only little-endian machines have these. */
static long double read_x87(const unsigned char *bytes, bool *negative)
{
    uint64_t digits = word_at(bytes);
    int exponent = (bytes[9] & 0x7f) << 8 | bytes[8];
    *negative = bytes[9] & 0x80;
    long double magnitude = scaled(digits, (exponent ? exponent : 1) - EXPONENT_BIAS - 63);
    return with_exponent(magnitude, exponent, digits << 1 == 0);
}

/* The bit before the point is 1, except with exponent 0. */
static long double read_binary128(const unsigned char *bytes, bool *negative)
{
    const bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
    /* not covered: the other byte order */
    uint64_t high = word_at(bytes + (little ? 8 : 0)), low = word_at(bytes + (little ? 0 : 8));
    uint64_t fraction = high & (UINT64_MAX >> (EXPONENT_BITS + 1));
    int exponent = (int)(high >> 48) & EXPONENT_MOST;
    int scale = (exponent ? exponent : 1) - EXPONENT_BIAS - 112;
    *negative = high >> 63;
    uint64_t digits = fraction | (uint64_t)(exponent > 0) << 48;
    return with_exponent(scaled(digits, scale + 64) + scaled(low, scale), exponent,
                         fraction == 0 && low == 0);
}

static long double read_double(const unsigned char *bytes)
{
    double number;
    memcpy(&number, bytes, sizeof number);
    return number;
}

long double long_double_read(const unsigned char bytes[LONG_DOUBLE_BYTES],
                             enum long_double_kind kind)
{
    bool negative = false;
    if (kind == LONG_DOUBLE_IS_DOUBLE)
        return read_double(bytes);
    long double magnitude = kind == LONG_DOUBLE_X87 ? read_x87(bytes, &negative)
                                                    : read_binary128(bytes, &negative);
    return negative ? -magnitude : magnitude;
}
