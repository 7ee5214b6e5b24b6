/* SPDX-License-Identifier: MIT */
/* When a file is rotated: what --rotate takes. */
#ifndef TOOLS_ROTATION_H
#define TOOLS_ROTATION_H

#include <stdint.h>

struct rotation {
    uint64_t bytes;   /* before it has more than that; 0: not by size */
    uint32_t seconds; /* whenever the local clock shows a multiple of that; 0: not by time */
};

/* struct rotation. As the functions of shared/values.h, returns NULL or what it accepts. */
const char *value_rotation(const char *text, void *value);

/* The next time at which to rotate, after a given one: nanoseconds since 1970. UINT64_MAX: never.
 */
uint64_t rotation_next_ns(const struct rotation *rotation, uint64_t after_ns);

#endif
