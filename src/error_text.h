/* SPDX-License-Identifier: MIT */
/* The operating system's errors, as its own messages and as our codes:
 * platform/SYSTEM/error_text.c. */
#ifndef MAPRING_ERROR_TEXT_H
#define MAPRING_ERROR_TEXT_H

#include <stddef.h>

/* Writes the system's message for a native error code, without a line end, cut to the space that
 * there is (at least 1 byte). */
void platform_error_text(long native, char *text, size_t text_bytes);

/* Returns the enum mapring_result for a native error code. */
int platform_error_code(long native);

#endif
