/* SPDX-License-Identifier: MIT */
/* Prints untrusted text so that it is safe on a terminal. */
#ifndef TOOLS_PLAIN_H
#define TOOLS_PLAIN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Whether the character controls a terminal rather than being shown. */
bool plain_is_control(uint32_t character);

/* Writes the text; control characters and bytes that are not UTF-8 become \xNN. */
void plain_print(FILE *stream, const char *text);

#endif
