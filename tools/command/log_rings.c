/* SPDX-License-Identifier: MIT */
/* The rings of a log: NAME, NAME.1, NAME.2, and so on; in files, PATH.ring, PATH.1.ring, ... */
#include "log_rings.h"

#include <stdio.h>
#include <string.h>

#include "file_name.h"

enum { NAME_BYTES = 4096 };

bool log_rings_name(char *name, size_t bytes, const char *log, unsigned number)
{
    int stem = (int)(file_name_is_path(log) ? file_name_stem(log) : strlen(log));
    return snprintf(name, bytes, "%.*s.%u%s", stem, log, number, log + stem) < (int)bytes;
}

static bool is_listed(const struct names *rings, const char *name)
{
    for (size_t i = 0; i < rings->count; i++)
        if (strcmp(rings->name[i], name) == 0)
            return true;
    return false;
}

/* False: it is not there, or is something else. */
static bool add(struct names *rings, struct log_lines *lines, const char *name)
{
    if (is_listed(rings, name))
        return true;
    if (!log_lines_of(lines, name))
        return false;
    names_add(rings, name);
    return true;
}

/* ---- In files ---- */

static void find_files(struct names *rings, struct log_lines *lines, const char *path)
{
    char name[NAME_BYTES];
    unsigned missing = 0;
    for (unsigned number = 1; missing < LOG_RINGS_AHEAD; number++) {
        if (!log_rings_name(name, sizeof name, path, number))
            return;
        missing = add(rings, lines, name) ? 0 : missing + 1;
    }
}

/* ---- By names ---- */

static bool is_number(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && text[digits] == '\0' && text[0] != '0';
}

static void find_names(struct names *rings, struct log_lines *lines, const char *name)
{
    char pattern[NAME_BYTES];
    struct names found = {0};
    if (snprintf(pattern, sizeof pattern, "%s.*", name) >= (int)sizeof pattern)
        return;
    names_find(&found, lines->scope, pattern);
    for (size_t i = 0; i < found.count; i++)
        if (is_number(found.name[i] + strlen(name) + 1))
            add(rings, lines, found.name[i]);
    names_free(&found);
}

void log_rings_find(struct names *rings, struct log_lines *lines, const char *name)
{
    (file_name_is_path(name) ? find_files : find_names)(rings, lines, name);
}
