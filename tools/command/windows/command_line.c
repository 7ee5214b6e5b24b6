/* SPDX-License-Identifier: MIT */
/* Joins arguments to one command line, as programs split it again. */
#include "command_line.h"

#include <windows.h>

#include <stdlib.h>
#include <string.h>

/* Backslashes have a meaning only before a quotation mark. */
static char *append_quoted(char *end, const char *argument)
{
    size_t backslashes = 0;
    *end++ = '"';
    for (const char *at = argument; *at != '\0'; at++) {
        if (*at == '"')
            for (backslashes++; backslashes > 0; backslashes--)
                *end++ = '\\';
        backslashes = *at == '\\' ? backslashes + 1 : 0;
        *end++ = *at;
    }
    for (; backslashes > 0; backslashes--)
        *end++ = '\\';
    *end++ = '"';
    return end;
}

static char *append(char *end, const char *argument)
{
    if (*argument == '\0' || strpbrk(argument, " \t\n\v\"") != NULL)
        return append_quoted(end, argument);
    size_t length = strlen(argument);
    memcpy(end, argument, length);
    return end + length;
}

static char *join(char *const *arguments)
{
    size_t most = 1;
    for (char *const *each = arguments; *each; each++)
        most += 2 * strlen(*each) + 3;
    char *text = malloc(most), *end = text;
    for (char *const *each = arguments; text && *each; each++) {
        end = append(end, *each);
        *end++ = each[1] ? ' ' : '\0';
    }
    return text;
}

wchar_t *command_line_of(char *const *arguments)
{
    char *text = join(arguments);
    size_t most = text ? strlen(text) + 1 : 0;
    wchar_t *wide = text ? malloc(most * sizeof *wide) : NULL;
    if (wide)
        MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, (int)most);
    free(text);
    return wide;
}
