/* SPDX-License-Identifier: MIT */
/* Compresses payloads: zstd/compression.c or, in builds without zstd, no_zstd/compression.c. */
#ifndef TOOLS_BRIDGE_COMPRESSION_H
#define TOOLS_BRIDGE_COMPRESSION_H

#include <stdbool.h>
#include <stddef.h>

extern const bool compression_is_available;

/* The most that so many bytes can become. */
size_t compression_bound(size_t bytes);

/* Returns the compressed size; 0: it failed. `space` is at least what compression_bound() says. */
size_t compression_pack(void *packed, size_t space, const void *data, size_t bytes);

/* Says how large the data is before it is unpacked; 0: it does not say, or is not packed. */
size_t compression_unpacked_bytes(const void *packed, size_t bytes);

/* Unpacks exactly so many bytes. */
bool compression_unpack(void *data, size_t data_bytes, const void *packed, size_t bytes);

#endif
