/* SPDX-License-Identifier: MIT */
/* Whoever finds a reader in mapring stat wants to know which of several it is: it is told apart by
 * where its output goes. */
#include "label.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "mapring/mapring.h"
#include "os.h"
#include "shared/text.h"

enum { PATH_BYTES = 4096 };

/* The part of the path behind the last separator. */
static const char *last_part(const char *path)
{
    const char *part = path;
    for (const char *at = path; *at != '\0'; at++)
        if (*at == '/' || *at == '\\')
            part = at + 1;
    return part;
}

static void describe_output(char *text, size_t bytes)
{
    static char path[PATH_BYTES];
    switch (os_output(path, sizeof path)) {
    case OS_OUTPUT_TERMINAL: snprintf(text, bytes, "mapring recv (terminal)"); break;
    case OS_OUTPUT_PIPE: snprintf(text, bytes, "mapring recv | pipe"); break;
    case OS_OUTPUT_FILE: snprintf(text, bytes, "mapring recv > %s", last_part(path)); break;
    default: snprintf(text, bytes, "mapring recv"); break;
    }
}

/* Ends the text before the first character that does not fit. */
static void cut(char *text, size_t limit)
{
    size_t at = 0, left = strlen(text);
    while (left > 0) {
        uint32_t character;
        size_t length = text_decode((const unsigned char *)text + at, left, &character);
        length = length > 0 ? length : 1;
        if (at + length > limit)
            break;
        at += length;
        left -= length;
    }
    text[at] = '\0';
}

const char *label_of(const char *wanted, const char *path)
{
    static char text[PATH_BYTES + 32];
    if (wanted)
        snprintf(text, sizeof text, "%s", wanted);
    else if (path)
        snprintf(text, sizeof text, "mapring recv > %s", last_part(path));
    else
        describe_output(text, sizeof text);
    cut(text, MAPRING_NAME_BYTES - 1);
    return text;
}
