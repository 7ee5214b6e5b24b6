/* SPDX-License-Identifier: MIT */
/* What an argument may be, taken from its name in the help, such as "none|close|MS". */
#ifndef TOOLS_ALTERNATIVE_H
#define TOOLS_ALTERNATIVE_H

#include <stdbool.h>
#include <stddef.h>

struct alternative {
    const char *text; /* NULL: there are no more */
    size_t length;
    bool
        is_literal; /* it is written as it stands, like "close"; otherwise it is a name, like "MS" */
};

/* Returns the first alternative, and moves *rest past it. */
struct alternative alternative_next(const char **rest);

/* Whether the alternative is this word. */
bool alternative_is(const struct alternative *alternative, const char *word);

#endif
