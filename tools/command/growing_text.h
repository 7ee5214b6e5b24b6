/* SPDX-License-Identifier: MIT */
/* A text in memory that grows as it is written. */
#ifndef TOOLS_GROWING_TEXT_H
#define TOOLS_GROWING_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "shared/message.h"

struct growing_text {
    char *text; /* NULL while nothing has been written; not terminated */
    size_t bytes, space;
    bool no_memory; /* the text is not complete */
};

void growing_text_add(struct growing_text *text, const void *bytes, size_t count);

__attribute__((format(__MINGW_PRINTF_FORMAT, 2, 3))) void
growing_text_print(struct growing_text *text, const char *format, ...);

void growing_text_free(struct growing_text *text);

#endif
