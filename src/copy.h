/* SPDX-License-Identifier: MIT */
/* Copies small payloads without a call, as two overlapping words of the largest size that fits. */
#ifndef MAPRING_COPY_H
#define MAPRING_COPY_H

#include <stddef.h>
#include <string.h>

#define COPY_ENDS(width)                                           \
    do {                                                           \
        unsigned char first[width], last[width];                   \
        memcpy(first, from, width);                                \
        memcpy(last, (const char *)from + bytes - (width), width); \
        memcpy(to, first, width);                                  \
        memcpy((char *)to + bytes - (width), last, width);         \
    } while (0)

static inline void copy_payload(void *to, const void *from, size_t bytes)
{
    if (bytes > 64)
        memcpy(to, from, bytes);
    else if (bytes >= 32)
        COPY_ENDS(32);
    else if (bytes >= 16)
        COPY_ENDS(16);
    else if (bytes >= 8)
        COPY_ENDS(8);
    else if (bytes >= 4)
        COPY_ENDS(4);
    else if (bytes >= 2)
        COPY_ENDS(2);
    else if (bytes == 1)
        *(char *)to = *(const char *)from;
}

#undef COPY_ENDS

#endif
