/* SPDX-License-Identifier: MIT */
/*
 * Payloads are written and read in full, 16 bytes at a time. The first word says what a record
 * is. Sizes are at least 8.
 */
#ifndef BENCH_PAYLOAD_H
#define BENCH_PAYLOAD_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MARK_BEGIN (UINT64_MAX - 1) /* measuring begins after this record */
#define MARK_END   UINT64_MAX       /* the last record */

typedef uint64_t payload_pair __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint64_t payload_word __attribute__((aligned(1), may_alias));

/* Fills the payload with copies of `first`. */
static inline void payload_write(void *payload, size_t bytes, uint64_t first)
{
    unsigned char *at = (unsigned char *)payload;
    size_t left = bytes;
    payload_pair pair = {first, first};
    for (; left >= sizeof pair; left -= sizeof pair, at += sizeof pair)
        *(payload_pair *)at = pair;
    for (; left >= sizeof first; left -= sizeof first, at += sizeof first)
        *(payload_word *)at = first;
    for (; left > 0; left--)
        *at++ = (unsigned char)first;
}

static inline uint64_t payload_first(const void *payload)
{
    return *(const payload_word *)payload;
}

static inline uint64_t payload_sum(const void *payload, size_t bytes)
{
    const unsigned char *at = (const unsigned char *)payload;
    size_t left = bytes;
    payload_pair pair = {0, 0};
    for (; left >= sizeof pair; left -= sizeof pair, at += sizeof pair)
        pair += *(const payload_pair *)at;
    uint64_t sum = pair[0] + pair[1];
    for (; left >= sizeof sum; left -= sizeof sum, at += sizeof sum)
        sum += *(const payload_word *)at;
    for (; left > 0; left--)
        sum += *at++;
    return sum;
}

#endif
