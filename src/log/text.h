/* SPDX-License-Identifier: MIT */
/* Text that grows. */
#ifndef MAPRING_LOG_TEXT_H
#define MAPRING_LOG_TEXT_H

#include <stdbool.h>
#include <stdarg.h>

#include "error.h"
#include "reader/space.h"

struct text {
    struct space space;
    size_t bytes; /* without the terminator */
    bool failed;  /* there was no memory, which was reported: it is not complete */
};

void text_put(struct text *text, const char *from, size_t bytes);
void text_pad(struct text *text, size_t bytes); /* with spaces */
PRINTF_LIKE(2, 3) void text_printf(struct text *text, const char *format, ...);
void text_vprintf(struct text *text, const char *format, va_list values);

#endif
