/* SPDX-License-Identifier: MIT */
/* Reads a list of sizes. */
#include "options.h"

#include <stdlib.h>

enum { SMALLEST = 8, LARGEST = 65536 };

const char *bench_value_sizes(const char *text, void *value)
{
    static const char wanted[] = "a list of up to 16 sizes from 8 to 65536, such as 8,64,1024";
    struct bench_settings *settings = value;
    settings->sizes = 0;
    for (const char *at = text;; ++at) {
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
