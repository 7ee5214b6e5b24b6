/* SPDX-License-Identifier: MIT */
/* Copies past the caches, where the processor can: whole lines are written without being fetched
 * first, but the readers find them in memory rather than in a cache. */
#ifndef MAPRING_STREAM_H
#define MAPRING_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "copy.h"

#ifdef __SSE2__

#include <emmintrin.h>

enum { CAN_STREAM = 1, STREAM_LINE_BYTES = 64 };

static inline void stream_line(__m128i *to, const __m128i *from)
{
    for (int i = 0; i < 4; i++)
        _mm_stream_si128(to + i, _mm_loadu_si128(from + i));
}

/* Incomplete lines at the ends are copied as usual. */
static inline void stream_payload(void *to, const void *from, size_t bytes)
{
    unsigned char *line = to;
    const unsigned char *source = from;
    size_t head = -(uintptr_t)to % STREAM_LINE_BYTES;
    if (head > bytes)
        head = bytes;
    copy_payload(line, source, head);
    for (line += head, source += head, bytes -= head; bytes >= STREAM_LINE_BYTES;
         bytes -= STREAM_LINE_BYTES) {
        stream_line((void *)line, (const void *)source);
        line += STREAM_LINE_BYTES;
        source += STREAM_LINE_BYTES;
    }
    copy_payload(line, source, bytes);
}

/* To be called between such copies and the release that makes them visible, which does not order
 * them. */
static inline void stream_fence(void)
{
    _mm_sfence();
}

#else

enum { CAN_STREAM = 0 };

static inline void stream_payload(void *to, const void *from, size_t bytes)
{
    copy_payload(to, from, bytes);
}

static inline void stream_fence(void)
{
}

#endif

#endif
