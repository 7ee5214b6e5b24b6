/* SPDX-License-Identifier: MIT */
/* Copies small payloads without a call, as two overlapping pieces of the largest size that fits. */
#ifndef MAPRING_COPY_H
#define MAPRING_COPY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The pieces may lie anywhere. The largest ones are in two parts, since the compiler would keep an
 * array of their size on the stack. */
typedef uint16_t copy_2 __attribute__((aligned(1), may_alias));
typedef uint32_t copy_4 __attribute__((aligned(1), may_alias));
typedef uint64_t copy_8 __attribute__((aligned(1), may_alias));
typedef uint64_t copy_16 __attribute__((vector_size(16), aligned(1), may_alias));
typedef struct __attribute__((may_alias)) {
    copy_16 part[2];
} copy_32;

#define COPY_ENDS(piece)                                                                \
    do {                                                                                \
        const piece *last = (const void *)((const char *)from + bytes - sizeof(piece)); \
        const piece begins = *(const piece *)from, ends = *last;                        \
        *(piece *)to = begins;                                                          \
        *(piece *)(void *)((char *)to + bytes - sizeof(piece)) = ends;                  \
    } while (0)

static inline void copy_payload(void *to, const void *from, size_t bytes)
{
    if (bytes > 64)
        memcpy(to, from, bytes);
    else if (bytes >= 32)
        COPY_ENDS(copy_32);
    else if (bytes >= 16)
        COPY_ENDS(copy_16);
    else if (bytes >= 8)
        COPY_ENDS(copy_8);
    else if (bytes >= 4)
        COPY_ENDS(copy_4);
    else if (bytes >= 2)
        COPY_ENDS(copy_2);
    else if (bytes == 1)
        *(char *)to = *(const char *)from;
}

#undef COPY_ENDS

#endif
