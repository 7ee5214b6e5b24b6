/* SPDX-License-Identifier: MIT */
/* Patterns for the names of rings, as in a shell: * and ?. */
#include "merge/pattern.h"

#include <string.h>

#include "error.h"
#include "mapring/merge.h"
#include "name.h"

#define WILD "*?"

bool pattern_is_one(const char *text)
{
    return strpbrk(text, WILD) != NULL && strpbrk(text, "/\\") == NULL;
}

/* Whether the characters that stand for themselves can be in a name. */
int pattern_check(const char *pattern)
{
    for (const char *at = pattern; *at; at++) {
        const char alone[] = {'x', *at, '\0'};
        if (!strchr(WILD, *at) && !ring_name_is_valid(alone))
            return fail(MAPRING_ERROR_NAME, pattern,
                        "invalid pattern '%s': character %zu is not one of A-Z a-z 0-9 . _ - * ?",
                        pattern, (size_t)(at - pattern) + 1);
    }
    return MAPRING_OK;
}

/* After a mismatch, the last * takes one character more. */
bool mapring_name_matches(const char *name, const char *pattern)
{
    const char *star = NULL, *mark = NULL;
    if (!name || !pattern)
        return false;
    while (*name) {
        if (*pattern == '*') {
            star = pattern++;
            mark = name;
        } else if (*pattern == *name || *pattern == '?') {
            pattern++;
            name++;
        } else if (star) {
            pattern = star + 1;
            name = ++mark;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}
