/* SPDX-License-Identifier: MIT */
/* Listing the named rings. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "platform/linux/object.h"

/* Where rings are, and what the names of their files begin and end with. */
struct folder {
    const char *path;
    char prefix[PREFIX_LIMIT];
    const char *suffix;
    bool only_own; /* a file of another user only occupies the name and cannot be opened */
};

enum { NAME_BYTES = NAME_LIMIT + 2 }; /* one more than a ring's name has */

/* Gets the ring's name. False if the file is not called like a ring. */
static bool name_of_file(const struct folder *folder, const char *file, char name[NAME_BYTES])
{
    size_t before = strlen(folder->prefix), after = strlen(folder->suffix), all = strlen(file);
    if (all < before + after || strncmp(file, folder->prefix, before) != 0 ||
        strcmp(file + all - after, folder->suffix) != 0)
        return false;
    snprintf(name, NAME_BYTES, "%.*s", (int)(all - before - after), file + before);
    return ring_name_is_valid(name);
}

/* Returns NULL at the end, with errno 0, or on failure, with errno set. */
static struct dirent *next_entry(DIR *directory)
{
    errno = 0;
    return readdir(directory);
}

/* Whether a file is a ring that this user can see. Returns false and sets errno on failure. */
static bool look(DIR *directory, const char *name, bool only_own, bool *is_ring)
{
    struct stat status;
    *is_ring = false;
    if (fstatat(dirfd(directory), name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT;
    *is_ring = S_ISREG(status.st_mode) && (!only_own || status.st_uid == geteuid());
    return true;
}

static int list_folder(const struct folder *folder, bool (*found)(const char *name, void *context),
                       void *context)
{
    char name[NAME_BYTES];
    DIR *directory = descriptor_open_directory(folder->path);
    if (!directory)
        return fail_system(errno, NULL, "cannot list the rings in %s", folder->path);
    bool known = true, more = true, is_ring;
    struct dirent *entry;
    while (known && more && (entry = next_entry(directory)) != NULL) {
        if (!name_of_file(folder, entry->d_name, name))
            continue;
        known = look(directory, entry->d_name, folder->only_own, &is_ring);
        if (is_ring)
            more = found(name, context);
    }
    int native = more ? errno : 0;
    closedir(directory);
    if (native != 0)
        return fail_system(native, NULL, "cannot list the rings in %s", folder->path);
    return MAPRING_OK;
}

int platform_list(bool global, bool (*found)(const char *name, void *context), void *context)
{
    struct folder folder = {.path = SHARED_MEMORY, .suffix = "", .only_own = !global};
    name_prefix(global, folder.prefix, sizeof folder.prefix);
    return list_folder(&folder, found, context);
}

int platform_list_base(const char *directory, bool (*found)(const char *name, void *context),
                       void *context)
{
    const struct folder folder = {.path = directory, .suffix = RING_SUFFIX};
    return list_folder(&folder, found, context);
}
