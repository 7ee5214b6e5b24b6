/* SPDX-License-Identifier: MIT */
/* Which geometries a ring can have. */
#include "ring/geometry.h"

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

uint64_t record_limit(uint64_t capacity, uint64_t record_header_bytes)
{
    uint64_t half = capacity / 2 - record_header_bytes;
    return half < PAYLOAD_MAX ? half : PAYLOAD_MAX;
}
