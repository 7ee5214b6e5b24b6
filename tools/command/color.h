/* SPDX-License-Identifier: MIT */
/* Whether output is coloured, by escape sequences. */
#ifndef TOOLS_COLOR_H
#define TOOLS_COLOR_H

#include <stdbool.h>

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* enum color. As the functions of shared/values.h, returns NULL or what it accepts. */
const char *value_color(const char *text, void *value);

/* Whether standard output is to be coloured: with COLOR_AUTO, if it is a terminal that can, and
 * NO_COLOR is not set. */
bool color_is_wanted(enum color color);

#endif
