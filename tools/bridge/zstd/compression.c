/* SPDX-License-Identifier: MIT */
/* Compresses payloads with zstd, at its fastest usual level. */
#include "bridge/compression.h"

#include <stdint.h>
#include <zstd.h>

const bool compression_is_available = true;

enum { LEVEL = 1 };

size_t compression_bound(size_t bytes)
{
    return ZSTD_compressBound(bytes);
}

/* One context for each thread: making one takes longer than compressing a message. */
size_t compression_pack(void *packed, size_t space, const void *data, size_t bytes)
{
    static _Thread_local ZSTD_CCtx *context;
    if (!context)
        context = ZSTD_createCCtx();
    size_t size = context ? ZSTD_compressCCtx(context, packed, space, data, bytes, LEVEL) : 0;
    return ZSTD_isError(size) ? 0 : size;
}

size_t compression_unpacked_bytes(const void *packed, size_t bytes)
{
    unsigned long long size = ZSTD_getFrameContentSize(packed, bytes);
    bool is_known = size != ZSTD_CONTENTSIZE_UNKNOWN && size != ZSTD_CONTENTSIZE_ERROR;
    return is_known && size <= SIZE_MAX ? (size_t)size : 0;
}

bool compression_unpack(void *data, size_t data_bytes, const void *packed, size_t bytes)
{
    return ZSTD_decompress(data, data_bytes, packed, bytes) == data_bytes;
}
