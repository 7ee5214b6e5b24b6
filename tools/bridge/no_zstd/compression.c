/* SPDX-License-Identifier: MIT */
/* This build cannot compress payloads. */
#include "bridge/compression.h"

const bool compression_is_available = false;

size_t compression_bound(size_t bytes)
{
    return bytes;
}

size_t compression_pack(void *packed, size_t space, const void *data, size_t bytes)
{
    (void)packed, (void)space, (void)data, (void)bytes;
    return 0;
}

size_t compression_unpacked_bytes(const void *packed, size_t bytes)
{
    (void)packed, (void)bytes;
    return 0;
}

bool compression_unpack(void *data, size_t data_bytes, const void *packed, size_t bytes)
{
    (void)data, (void)data_bytes, (void)packed, (void)bytes;
    return false;
}
