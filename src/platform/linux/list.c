/* SPDX-License-Identifier: MIT */
/* Listing the named rings. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "platform/linux/object.h"

/* Returns NULL at the end, with errno 0, or on failure, with errno set. */
static struct dirent *next_entry(DIR *directory)
{
    errno = 0;
    return readdir(directory);
}

/* Whether a file is a ring that this user can see. In the local scope, a file of another user only
 * occupies the name and cannot be opened. Returns false and sets errno on failure. */
static bool look(DIR *directory, const char *name, bool global, bool *is_ring)
{
    struct stat status;
    *is_ring = false;
    if (fstatat(dirfd(directory), name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT;
    *is_ring = S_ISREG(status.st_mode) && (global || status.st_uid == geteuid());
    return true;
}

int platform_list(bool global, bool (*found)(const char *name, void *context), void *context)
{
    char prefix[PREFIX_LIMIT];
    name_prefix(global, prefix, sizeof prefix);
    DIR *directory = descriptor_open_directory(SHARED_MEMORY);
    if (!directory)
        return fail_system(errno, NULL, "cannot list the rings in " SHARED_MEMORY);
    size_t skip = strlen(prefix);
    bool known = true, more = true, is_ring;
    struct dirent *entry;
    while (known && more && (entry = next_entry(directory)) != NULL) {
        const char *file = entry->d_name;
        if (strncmp(file, prefix, skip) != 0 || !ring_name_is_valid(file + skip))
            continue;
        known = look(directory, file, global, &is_ring);
        if (is_ring)
            more = found(file + skip, context);
    }
    int native = more ? errno : 0;
    closedir(directory);
    if (native != 0)
        return fail_system(native, NULL, "cannot list the rings in " SHARED_MEMORY);
    return MAPRING_OK;
}
