/* SPDX-License-Identifier: MIT */
/* Copies past the caches, where the processor can: whole lines are written without being fetched
 * first, but the readers find them in memory rather than in a cache. */
#ifndef MAPRING_STREAM_H
#define MAPRING_STREAM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { STREAM_LINE_BYTES = 64 };

#ifdef __x86_64__

#include <emmintrin.h>

enum { CAN_STREAM = 1 };

static inline void stream_word(void *to, uint64_t word)
{
    _mm_stream_si64(to, (long long)word);
}

static inline void stream_line(void *to, const void *from)
{
    __m128i *quarter = to;
    const __m128i *source = from;
    for (int i = 0; i < 4; i++)
        _mm_stream_si128(quarter + i, _mm_loadu_si128(source + i));
}

/* To be called between such copies and the release that makes them visible, which does not order
 * them. */
static inline void stream_fence(void)
{
    _mm_sfence();
}

#else

enum { CAN_STREAM = 0 };

static inline void stream_word(void *to, uint64_t word)
{
    memcpy(to, &word, sizeof word);
}

static inline void stream_line(void *to, const void *from)
{
    memcpy(to, from, STREAM_LINE_BYTES);
}

static inline void stream_fence(void)
{
}

#endif

static inline void stream_words(unsigned char *to, const unsigned char *from, size_t bytes)
{
    size_t done = 0;
    for (uint64_t word; bytes - done >= sizeof word; done += sizeof word) {
        memcpy(&word, from + done, sizeof word);
        stream_word(to + done, word);
    }
    if (done < bytes) {
        uint64_t rest = 0;
        memcpy(&rest, from + done, bytes - done);
        stream_word(to + done, rest);
    }
}

/* `to` is aligned to words, and the last word is written as a whole. A line goes out as one if the
 * copies before and after this one fill the rest of it. */
static inline void stream_copy(unsigned char *to, const unsigned char *from, size_t bytes)
{
    size_t done = -(uintptr_t)to % STREAM_LINE_BYTES;
    if (done > bytes)
        done = bytes;
    stream_words(to, from, done);
    for (; bytes - done >= STREAM_LINE_BYTES; done += STREAM_LINE_BYTES)
        stream_line(to + done, from + done);
    stream_words(to + done, from + done, bytes - done);
}

#endif
