/* SPDX-License-Identifier: MIT */
/* Recognizes ring names that look like file names. */
#include "file_name.h"

#include <string.h>

#include "shared/message.h"
#include "shared/os.h"

bool file_name_is_path(const char *name)
{
    return strpbrk(name, "/\\") != NULL;
}

bool file_name_is_one(const char *name)
{
    return file_name_is_path(name) || os_base() != NULL;
}

bool file_name_is_likely(const char *name)
{
    static const char *const ends[] = {".ring", ".mapring", ".log", ".bin",  ".dat",
                                       ".data", ".buf",     ".shm", ".json", ".txt"};
    const char *end = strrchr(name, '.');
    if (!end || file_name_is_one(name))
        return false;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (strcmp(end, ends[i]) == 0)
            return true;
    return false;
}

size_t file_name_stem(const char *name)
{
    const char *end = strrchr(name, '.');
    return end && strcmp(end, ".ring") == 0 ? (size_t)(end - name) : strlen(name);
}

void file_name_tell(const char *name)
{
    complain("'%s' is not a path, so the new ring is in memory; a ring in a file has a path, such "
             "as ./%s",
             name, name);
}
