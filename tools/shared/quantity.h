/* SPDX-License-Identifier: MIT */
/* Sizes and durations as people read them, such as "12.3 MiB" and "2 h 13 min". */
#ifndef TOOLS_QUANTITY_H
#define TOOLS_QUANTITY_H

#include <stdint.h>

struct quantity {
    char text[32];
};

struct quantity quantity_bytes(uint64_t bytes);
struct quantity quantity_duration(uint64_t ns);

#endif
