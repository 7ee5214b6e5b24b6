/* SPDX-License-Identifier: MIT */
#include "crc.h"

enum { BITS = 8 };

uint32_t crc32c(uint32_t crc, const void *data, size_t bytes)
{
    static const uint32_t polynomial = UINT32_C(0x82f63b78); /* bits reversed */
    const unsigned char *byte = data;
    crc = ~crc;
    for (size_t i = 0; i < bytes; i++) {
        crc ^= byte[i];
        for (int bit = 0; bit < BITS; bit++)
            crc = crc >> 1 ^ (crc & 1 ? polynomial : 0);
    }
    return ~crc;
}
