/* SPDX-License-Identifier: MIT */
/* What an argument may be, taken from its name in the help, such as "none|close|MS". */
#include "alternative.h"

#include <string.h>

struct alternative alternative_next(const char **rest)
{
    const char *text = *rest + strspn(*rest, "[(=|");
    size_t length = strcspn(text, "|,.)] ");
    *rest = text + length;
    if (length == 0)
        return (struct alternative){0};
    return (struct alternative){text, length, text[0] >= 'a' && text[0] <= 'z'};
}

bool alternative_is(const struct alternative *alternative, const char *word)
{
    return strlen(word) == alternative->length &&
           strncmp(alternative->text, word, alternative->length) == 0;
}
