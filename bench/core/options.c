/* SPDX-License-Identifier: MIT */
/* Parses the values of the options of the benchmarks. */
#include "options.h"

#include <stdlib.h>

enum {
    SMALLEST = 8,
    LARGEST = 65536,
    FASTEST = 10000000,
    CAPACITY_LEAST = 64 << 10,
    CAPACITY_MOST = 2 << 20
};

const char *bench_value_sizes(const char *text, void *value)
{
    static const char wanted[] = "a list of up to 16 sizes from 8 to 65536, such as 8,64,1024";
    struct bench_settings *settings = value;
    settings->sizes = 0;
    for (const char *at = text;; at++) {
        char *end;
        unsigned long bytes = *at >= '0' && *at <= '9' ? strtoul(at, &end, 10) : 0;
        if (bytes < SMALLEST || bytes > LARGEST || settings->sizes == SIZE_LIMIT)
            return wanted;
        settings->size[settings->sizes++] = (uint32_t)bytes;
        at = end;
        if (*at == '\0')
            return NULL;
        if (*at != ',')
            return wanted;
    }
}

const char *bench_value_rate(const char *text, void *value)
{
    bool read = value_count(text, value) == NULL && *(uint64_t *)value <= FASTEST;
    return read ? NULL : "a number from 1 to 10000000";
}

const char *bench_value_duration(const char *text, void *value)
{
    bool read = value_seconds(text, value) == NULL && *(int64_t *)value > 0;
    return read ? NULL : "a number of seconds above 0, such as 0.5 or 10";
}

const char *bench_value_capacity(const char *text, void *value)
{
    uint64_t *bytes = value;
    bool read = value_size(text, bytes) == NULL && *bytes >= CAPACITY_LEAST &&
                *bytes <= CAPACITY_MOST && (*bytes & (*bytes - 1)) == 0;
    return read ? NULL : "a power of two from 64K to 2M";
}
