/* SPDX-License-Identifier: MIT */
/* Joins arguments to one command line, as programs split it again. */
#ifndef TOOLS_COMMAND_WINDOWS_COMMAND_LINE_H
#define TOOLS_COMMAND_WINDOWS_COMMAND_LINE_H

#include <wchar.h>

/* The arguments are UTF-8 and end with NULL. Returns NULL if there is no memory; free() it. */
wchar_t *command_line_of(char *const *arguments);

#endif
