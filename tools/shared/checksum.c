/* SPDX-License-Identifier: MIT */
/* The CRC-32 of Ethernet, gzip and zlib: sixteen bytes at a time, each by a table of its own. */
#include "checksum.h"

#include <stdbool.h>

enum { STEP = 16 };

static uint32_t table[STEP][256];
static bool is_made;

static void make_table(void)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t rest = byte;
        for (int bit = 0; bit < 8; bit++)
            rest = rest >> 1 ^ (rest & 1 ? UINT32_C(0xedb88320) : 0);
        table[0][byte] = rest;
    }
    for (int step = 1; step < STEP; step++)
        for (int byte = 0; byte < 256; byte++)
            table[step][byte] = table[step - 1][byte] >> 8 ^ table[0][table[step - 1][byte] & 255];
    is_made = true;
}

/* The part of four bytes that `after` more of the step follow. */
static uint32_t four(uint32_t bytes, int after)
{
    return table[after + 3][bytes & 255] ^ table[after + 2][bytes >> 8 & 255] ^
           table[after + 1][bytes >> 16 & 255] ^ table[after][bytes >> 24];
}

static uint32_t word(const unsigned char *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint32_t sixteen(uint32_t sum, const unsigned char *at)
{
    return four(sum ^ word(at), 12) ^ four(word(at + 4), 8) ^ four(word(at + 8), 4) ^
           four(word(at + 12), 0);
}

uint32_t checksum(uint32_t before, const void *data, size_t bytes)
{
    const unsigned char *at = data;
    uint32_t sum = ~before;
    if (!is_made)
        make_table();
    for (; bytes >= STEP; at += STEP, bytes -= STEP)
        sum = sixteen(sum, at);
    for (; bytes > 0; at++, bytes--)
        sum = sum >> 8 ^ table[0][(sum ^ *at) & 255];
    return ~sum;
}
