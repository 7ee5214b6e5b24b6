/* SPDX-License-Identifier: MIT */
/* The entries of a dictionary: see struct ring_entry. */
#ifndef MAPRING_ENTRY_H
#define MAPRING_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "layout.h"

/* The space that an entry takes. */
static inline uint64_t entry_span(uint64_t payload_bytes)
{
    return (sizeof(struct ring_entry) + payload_bytes + 7) & ~UINT64_C(7);
}

/* The checksum of an entry. */
uint32_t entry_crc(uint32_t kind, const void *payload, size_t bytes);

/* Whether an entry can begin with this at the offset, if the dictionary has `used` bytes, which are
 * more. */
static inline bool entry_fits(const struct ring_entry *entry, uint64_t offset, uint64_t used)
{
    return entry->kind != 0 && entry_span(entry->bytes) <= used - offset;
}

#endif
