/* SPDX-License-Identifier: MIT */
/* Reads what --since and --until take: a time in one of several spellings, or a sequence number. */
#ifndef TOOLS_TIME_VALUE_H
#define TOOLS_TIME_VALUE_H

#include <stdint.h>

/* Both bounds apply. As the beginning, {0, 0} sets no bound; as the end, BOUND_NONE. */
struct bound {
    uint64_t sequence;
    uint64_t time_ns; /* since 1970 */
};

#define BOUND_NONE             \
    {                          \
        UINT64_MAX, UINT64_MAX \
    }

/* struct bound. As the functions of shared/values.h, returns NULL or what it accepts. */
const char *value_bound(const char *text, void *value);

#endif
