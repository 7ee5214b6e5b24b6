/* SPDX-License-Identifier: MIT */
/* Numbers in at most six columns, for tables that must not jump. All are rounded down. */
#ifndef TOOLS_TOP_FIGURE_H
#define TOOLS_TOP_FIGURE_H

#include <stdint.h>

struct figure {
    char text[24];
};

struct figure figure_count(uint64_t count); /* 99999, 123k, 1.23M: powers of 1000 */
struct figure figure_bytes(uint64_t bytes); /* 1023, 12.3K, 123M: powers of 1024 */
struct figure figure_rate(double per_second);
struct figure figure_time(uint64_t ns); /* 12.3ms, 5.0s, 2m13s, 3h07m, 5d03h */

#endif
