/* SPDX-License-Identifier: MIT */
/* The CRC-32 of Ethernet, gzip and zlib: eight bytes at a time, each by a table of its own. */
#include "checksum.h"

#include <stdbool.h>

enum { STEP = 8 };

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

static uint32_t eight(uint32_t sum, const unsigned char *at)
{
    unsigned char low[4] = {(unsigned char)(at[0] ^ sum), (unsigned char)(at[1] ^ sum >> 8),
                            (unsigned char)(at[2] ^ sum >> 16), (unsigned char)(at[3] ^ sum >> 24)};
    return table[7][low[0]] ^ table[6][low[1]] ^ table[5][low[2]] ^ table[4][low[3]] ^
           table[3][at[4]] ^ table[2][at[5]] ^ table[1][at[6]] ^ table[0][at[7]];
}

uint32_t checksum(uint32_t before, const void *data, size_t bytes)
{
    const unsigned char *at = data;
    uint32_t sum = ~before;
    if (!is_made)
        make_table();
    for (; bytes >= STEP; at += STEP, bytes -= STEP)
        sum = eight(sum, at);
    for (; bytes > 0; at++, bytes--)
        sum = sum >> 8 ^ table[0][(sum ^ *at) & 255];
    return ~sum;
}
