/* SPDX-License-Identifier: MIT */
/* The named rings that there are. */
#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "error.h"
#include "object.h"

/* At the end NULL with errno 0. */
static struct dirent *next_entry(DIR *directory)
{
    errno = 0;
    return readdir(directory);
}

int platform_list(bool global, bool (*found)(const char *name, void *context), void *context)
{
    char prefix[PREFIX_LIMIT];
    name_prefix(global, prefix, sizeof prefix);
    DIR *directory = descriptor_open_directory(SHARED_MEMORY);
    if (!directory)
        return fail_system(errno, NULL, "cannot list the rings in " SHARED_MEMORY);
    bool more = true;
    struct dirent *entry;
    while (more && (entry = next_entry(directory)) != NULL)
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
            more = found(entry->d_name + strlen(prefix), context);
    int native = more ? errno : 0;
    closedir(directory);
    if (native != 0)
        return fail_system(native, NULL, "cannot list the rings in " SHARED_MEMORY);
    return MAPRING_OK;
}
