/* SPDX-License-Identifier: MIT */
/* Whether output is coloured, by escape sequences. */
#include "color.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"

const char *value_color(const char *text, void *value)
{
    static const char *const words[] = {"auto", "always", "never"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(text, words[i]) != 0)
            continue;
        *(enum color *)value = (enum color)i;
        return NULL;
    }
    return "auto, always or never";
}

bool color_is_wanted(enum color color)
{
    const char *no_color = getenv("NO_COLOR");
    if (color != COLOR_AUTO)
        return color == COLOR_ALWAYS;
    return (!no_color || *no_color == '\0') && os_output_has_colors();
}
