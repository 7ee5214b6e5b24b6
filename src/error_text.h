/* SPDX-License-Identifier: MIT */
/* The operating system's errors, in its own words and in ours: platform/SYSTEM/error_text.c. */
#ifndef MAPRING_ERROR_TEXT_H
#define MAPRING_ERROR_TEXT_H

#include <stddef.h>

/* The system's own words for a native error code, without a line end, as far as there is room: at
 * least a byte. */
void platform_error_text(long native, char *text, size_t text_bytes);

/* The enum mapring_result for a native error code. */
int platform_error_code(long native);

#endif
