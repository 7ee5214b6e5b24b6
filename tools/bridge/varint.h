/* SPDX-License-Identifier: MIT */
/* Numbers in as few bytes as they need: seven bits in each, the lowest first, and the eighth says
 * that more follow. Differences are doubled, and negative ones made odd, so that small ones are
 * short whatever their sign. */
#ifndef TOOLS_BRIDGE_VARINT_H
#define TOOLS_BRIDGE_VARINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VARINT_BYTES = 10 }; /* the longest one */

/* Returns where the next one goes. */
static inline unsigned char *varint_put(unsigned char *at, uint64_t number)
{
    for (; number >= 128; number >>= 7)
        *at++ = (unsigned char)(number | 128);
    *at++ = (unsigned char)number;
    return at;
}

/* Reads one before `end`, and moves *at behind it. False: it does not end there, or is too large. */
static inline bool varint_get(const unsigned char **at, const unsigned char *end, uint64_t *number)
{
    *number = 0;
    for (unsigned shift = 0; shift < 64 && *at < end; shift += 7) {
        uint64_t byte = *(*at)++;
        if (shift == 63 && byte > 1)
            return false;
        *number |= (byte & 127) << shift;
        if (byte < 128)
            return true;
    }
    return false;
}

/* The difference of two numbers, which may be anything. */
static inline uint64_t varint_difference(uint64_t from, uint64_t to)
{
    uint64_t difference = to - from;
    return difference << 1 ^ (0 - (difference >> 63));
}

static inline uint64_t varint_add(uint64_t from, uint64_t difference)
{
    return from + (difference >> 1 ^ (0 - (difference & 1)));
}

#endif
