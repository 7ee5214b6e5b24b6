/* SPDX-License-Identifier: MIT */
/* Looks for a ring in the other places where it could be. */
#include <windows.h>
#include <stdio.h>

#include "platform/windows/object.h"

static bool is_in_other_scope(const struct ring_name *name)
{
    struct platform_object other = {.name = *name};
    wchar_t section_name[OBJECT_NAME_LIMIT];
    other.name.global = !name->global;
    object_name_section(&other);
    object_name(&other, SECTION_KIND, NO_NUMBER, section_name);
    HANDLE section = OpenFileMappingW(FILE_MAP_READ, FALSE, section_name);
    if (section)
        CloseHandle(section);
    return section != NULL;
}

/* A ring's name contains ASCII characters only. */
static bool is_file(const char *name)
{
    wchar_t path[OBJECT_NAME_LIMIT];
    swprintf(path, OBJECT_NAME_LIMIT, L"%hs", name);
    DWORD attributes = GetFileAttributesW(path);
    /* not covered: a folder has the name of a ring that does not exist */
    return attributes != INVALID_FILE_ATTRIBUTES && !(attributes & FILE_ATTRIBUTE_DIRECTORY);
}

void platform_elsewhere(const struct ring_name *name, char *hint, size_t bytes)
{
    if (is_in_other_scope(name))
        snprintf(hint, bytes, ", but there is one in the %s scope",
                 name->global ? "local" : "global");
    else if (is_file(name->text))
        snprintf(hint, bytes, ", but there is a file './%s': give this path if you mean it",
                 name->text);
}
