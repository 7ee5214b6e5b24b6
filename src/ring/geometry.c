/* SPDX-License-Identifier: MIT */
/* Which geometries a ring can have. */
#include "ring/geometry.h"

#include <string.h>

#include "layout.h"

bool capacity_is_valid(uint64_t capacity)
{
    return capacity >= CAPACITY_MIN && capacity <= CAPACITY_MAX && (capacity & (capacity - 1)) == 0;
}

bool slot_size_is_valid(uint32_t slot_bytes)
{
    return slot_bytes >= SLOT_BYTES_MIN && slot_bytes <= SLOT_BYTES_MAX &&
           (slot_bytes & (slot_bytes - 1)) == 0;
}

bool policy_is_valid(uint32_t when_full)
{
    return when_full >= WHEN_FULL_BLOCK && when_full <= WHEN_FULL_OVERWRITE;
}

bool dictionary_size_is_valid(uint64_t bytes)
{
    return bytes <= DICTIONARY_MAX && bytes % REGION_BYTES == 0;
}

uint64_t dictionary_size(uint64_t bytes)
{
    return (bytes + REGION_BYTES - 1) / REGION_BYTES * REGION_BYTES;
}

/* Returns the number of bytes of the character at the text, or 0 if that is none, or a control
 * character. A terminator ends a character that is cut short. */
static size_t character_bytes(const unsigned char *text)
{
    if (text[0] < 0x80)
        return text[0] >= ' ' && text[0] != 0x7F;
    size_t bytes = text[0] >= 0xF0 ? 4 : text[0] >= 0xE0 ? 3 : 2;
    uint32_t code = text[0] & (0x7Fu >> bytes);
    static const uint32_t least[] = {0, 0, 0xA0, 0x800, 0x10000};
    for (size_t i = 1; i < bytes; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (text[i] & 0x3F);
    }
    bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    bool valid = text[0] >= 0xC0 && text[0] < 0xF8 && code >= least[bytes] && code <= 0x10FFFF;
    return valid && !surrogate ? bytes : 0;
}

bool text_is_valid(const char *text, size_t limit)
{
    size_t at = 0;
    if (!memchr(text, '\0', limit))
        return false;
    while (text[at]) {
        size_t bytes = character_bytes((const unsigned char *)text + at);
        if (bytes == 0)
            return false;
        at += bytes;
    }
    return true;
}

uint64_t record_limit(uint64_t capacity, uint64_t record_header_bytes)
{
    uint64_t half = capacity / 2 - record_header_bytes;
    return half < PAYLOAD_MAX ? half : PAYLOAD_MAX;
}
