/* SPDX-License-Identifier: MIT */
/* The names and paths that a ring can have. */
#include "name.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "error.h"

#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

static int check_path(const char *text, size_t length)
{
    if (length >= PATH_LIMIT)
        return fail(MAPRING_ERROR_NAME, text, "the path of the ring has %zu bytes; the limit is %d",
                    length, PATH_LIMIT - 1);
    if (strchr("/\\", text[length - 1]))
        return fail(MAPRING_ERROR_NAME, text, "'%s' is a directory; name a file in it", text);
    return MAPRING_OK;
}

static int check_name(const char *text, size_t length)
{
    if (length == 0)
        return fail(MAPRING_ERROR_NAME, text, "the name of the ring is empty");
    if (length > NAME_LIMIT)
        return fail(MAPRING_ERROR_NAME, text,
                    "the name of the ring has %zu characters; the limit is %d", length, NAME_LIMIT);
    size_t good = strspn(text, NAME_CHARACTERS);
    if (good != length)
        return fail(MAPRING_ERROR_NAME, text,
                    "invalid ring name '%s': character %zu is not one of A-Z a-z 0-9 . _ - (the "
                    "path of a file contains a '/')",
                    text, good + 1);
    if (strspn(text, ".") == length)
        return fail(MAPRING_ERROR_NAME, text, "invalid ring name '%s': it consists of dots only",
                    text);
    return MAPRING_OK;
}

/* The prefixes by which Windows gives the scope of a name. As the beginning of a path they would be
 * a folder, which nobody means. */
static int check_prefix(const char *text)
{
    static const char *const scopes[] = {"local", "global"};
    for (size_t i = 0; i < 2; i++) {
        size_t length = strlen(scopes[i]);
        if (strncasecmp(text, scopes[i], length) == 0 && text[length] == '\\')
            return fail(MAPRING_ERROR_NAME, text,
                        "invalid ring name '%s': call the ring '%s' and choose the %s scope "
                        "(--scope, or options.scope)",
                        text, text + length + 1, scopes[i]);
    }
    return MAPRING_OK;
}

int ring_name_move(struct ring_name *name, const char *directory)
{
    char path[PATH_LIMIT];
    int length =
        snprintf(path, sizeof path, "%s/%.*s" RING_SUFFIX, directory, NAME_LIMIT, name->text);
    if (length >= PATH_LIMIT)
        return fail(MAPRING_ERROR_NAME, name->text,
                    "the path of ring '%s' in the directory of MAPRING_DIR has %d bytes; the limit "
                    "is %d",
                    name->text, length, PATH_LIMIT - 1);
    memcpy(name->text, path, (size_t)length + 1);
    name->is_path = name->in_base = true;
    return MAPRING_OK;
}

bool ring_name_is_valid(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && length <= NAME_LIMIT && strspn(text, NAME_CHARACTERS) == length &&
           strspn(text, ".") != length;
}

int ring_name_parse(struct ring_name *name, const char *text, enum mapring_scope scope)
{
    if (!text)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "the name of the ring is a null pointer");
    if (scope != MAPRING_LOCAL && scope != MAPRING_GLOBAL)
        return fail(MAPRING_ERROR_ARGUMENT, text, "invalid scope of ring '%s': %d", text,
                    (int)scope);
    size_t length = strlen(text);
    name->is_path = strpbrk(text, "/\\") != NULL;
    name->in_base = false;
    name->global = scope == MAPRING_GLOBAL;
    int result = check_prefix(text);
    if (result == MAPRING_OK)
        result = name->is_path ? check_path(text, length) : check_name(text, length);
    if (result == MAPRING_OK)
        memcpy(name->text, text, length + 1);
    return result;
}
