/* SPDX-License-Identifier: MIT */
/* Text that comes from elsewhere, made fit for a terminal. */
#ifndef TOOLS_PLAIN_H
#define TOOLS_PLAIN_H

#include <stdio.h>

/* Writes the text with its control characters, and what is not UTF-8, as \xNN. */
void plain_print(FILE *stream, const char *text);

#endif
