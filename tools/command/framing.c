/* SPDX-License-Identifier: MIT */
/* Cuts a stream of bytes into records, and frames records for output. */
#include "framing.h"

#include <string.h>

enum { LENGTH_BYTES = 4 };

static size_t cut_line(const unsigned char *data, size_t bytes, size_t looked_at,
                       struct frame *frame)
{
    const unsigned char *newline = memchr(data + looked_at, '\n', bytes - looked_at);
    size_t length = newline ? (size_t)(newline - data) : bytes;
    *frame = (struct frame){data, length};
    return newline ? length + 1 : 0;
}

static size_t cut_length(const unsigned char *data, size_t bytes, struct frame *frame)
{
    *frame = (struct frame){data, 0};
    if (bytes < LENGTH_BYTES)
        return 0;
    uint32_t length = (uint32_t)data[0] | (uint32_t)data[1] << 8 | (uint32_t)data[2] << 16 |
                      (uint32_t)data[3] << 24;
    *frame = (struct frame){data + LENGTH_BYTES, length};
    return bytes - LENGTH_BYTES >= length ? LENGTH_BYTES + (size_t)length : 0;
}

static size_t cut_block(size_t block_bytes, const unsigned char *data, size_t bytes,
                        struct frame *frame)
{
    *frame = (struct frame){data, block_bytes};
    return bytes >= block_bytes ? block_bytes : 0;
}

size_t framing_cut(const struct framing *framing, const unsigned char *data, size_t bytes,
                   size_t looked_at, struct frame *frame)
{
    switch (framing->kind) {
    case FRAMING_LENGTH: return cut_length(data, bytes, frame);
    case FRAMING_BLOCK: return cut_block(framing->block_bytes, data, bytes, frame);
    default: return cut_line(data, bytes, looked_at, frame);
    }
}

size_t framing_head(const struct framing *framing, size_t payload_bytes, unsigned char *head)
{
    if (framing->kind != FRAMING_LENGTH)
        return 0;
    for (unsigned i = 0; i < LENGTH_BYTES; i++)
        head[i] = (unsigned char)(payload_bytes >> 8 * i);
    return LENGTH_BYTES;
}

size_t framing_foot(const struct framing *framing, unsigned char *foot)
{
    *foot = '\n';
    return framing->kind == FRAMING_LINE ? 1 : 0;
}
