/* SPDX-License-Identifier: MIT */
/* Looks for a ring in the other places where it could be. */
#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "platform/linux/object.h"

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static bool is_in_other_scope(const struct ring_name *name)
{
    char path[PATH_LIMIT];
    struct ring_name other = *name;
    other.global = !name->global;
    name_path(&other, path);
    return is_file(path);
}

/* Finds one user who has a ring of that name. */
static bool find_owner(const struct ring_name *name, unsigned *user)
{
    char pattern[PREFIX_LIMIT + NAME_LIMIT];
    snprintf(pattern, sizeof pattern, "mapring-[0-9]*+%.*s", NAME_LIMIT, name->text);
    DIR *directory = descriptor_open_directory(SHARED_MEMORY);
    if (!directory)
        return false;
    bool found = false;
    struct dirent *entry;
    while (!found && (entry = readdir(directory)) != NULL) {
        found = fnmatch(pattern, entry->d_name, 0) == 0;
        if (found)
            *user = (unsigned)strtoul(entry->d_name + strlen("mapring-"), NULL, 10);
    }
    closedir(directory);
    return found;
}

void platform_elsewhere(const struct ring_name *name, char *hint, size_t bytes)
{
    unsigned user;
    if (is_in_other_scope(name))
        snprintf(hint, bytes, ", but there is one in the %s scope",
                 name->global ? "local" : "global");
    else if (is_file(name->text))
        snprintf(hint, bytes, ", but there is a file './%s': give this path if you mean it",
                 name->text);
    else if (find_owner(name, &user))
        snprintf(hint, bytes,
                 ", but another user (id %u) has one; to share a ring between users, create it in "
                 "the global scope or as a file",
                 user);
}
