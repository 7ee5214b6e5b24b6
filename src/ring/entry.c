/* SPDX-License-Identifier: MIT */
#include "ring/entry.h"

#include "crc.h"

/* Begins with the kind in place of 0, which is the same in both byte orders. */
uint32_t entry_crc(uint32_t kind, const void *payload, size_t bytes)
{
    return crc32c(kind, payload, bytes);
}
