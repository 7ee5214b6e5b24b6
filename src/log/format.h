/* SPDX-License-Identifier: MIT */
#ifndef MAPRING_LOG_FORMAT_H
#define MAPRING_LOG_FORMAT_H

#include <stddef.h>
#include <stdint.h>

/* What the format says of each value if it is a string: how many bytes of it may be read
 * (MAPRING1_ANY_BYTES and so on). */
void format_limits(const char *format, size_t count, uint16_t *limits);

#endif
