/* SPDX-License-Identifier: MIT */
/* A file that another program writes, renames, truncates and replaces. */
#include "command/watched.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/rotated_name.h"

static struct watched_identity identity_of(const struct stat *status)
{
    return (struct watched_identity){(uint64_t)status->st_dev, (uint64_t)status->st_ino};
}

/* O_NONBLOCK: a FIFO would wait for its writer. */
enum watched_opened watched_open(const char *path, int *file, struct watched_identity *identity)
{
    struct stat status;
    *file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (*file < 0)
        return errno == ENOENT ? WATCHED_MISSING : WATCHED_NOT_OPENED;
    if (fstat(*file, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(*file);
        return WATCHED_NO_FILE;
    }
    *identity = identity_of(&status);
    return WATCHED_OPENED;
}

bool watched_is_at(const char *path, const struct watched_identity *identity)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return false;
    struct watched_identity there = identity_of(&status);
    return there.volume == identity->volume && there.file == identity->file;
}

void watched_rotated(const char *path, void (*found)(const char *rotated, void *context),
                     void *context)
{
    char rotated[PATH_MAX];
    const struct dirent *entry;
    const char *slash = strrchr(path, '/');
    int folder_bytes = slash ? (int)(slash + 1 - path) : 0;
    snprintf(rotated, sizeof rotated, "%.*s", folder_bytes, path);
    DIR *folder = opendir(folder_bytes > 0 ? rotated : ".");
    while (folder && (entry = readdir(folder)) != NULL) {
        if (!rotated_name_is_of(entry->d_name, path + folder_bytes))
            continue;
        snprintf(rotated, sizeof rotated, "%.*s%s", folder_bytes, path, entry->d_name);
        found(rotated, context);
    }
    if (folder)
        closedir(folder);
}

int64_t watched_bytes(int file)
{
    struct stat status;
    return fstat(file, &status) == 0 ? status.st_size : -1;
}

ptrdiff_t watched_read(int file, uint64_t offset, void *buffer, size_t bytes)
{
    return pread(file, buffer, bytes, (off_t)offset);
}

/* A read lease is refused while anybody has the file open for writing. Whoever opens it while the
 * lease exists has SIGIO sent to this process. */
enum watched_writers watched_writers(int file)
{
    signal(SIGIO, SIG_IGN);
    if (fcntl(file, F_SETLEASE, F_RDLCK) == 0) {
        fcntl(file, F_SETLEASE, F_UNLCK);
        return WATCHED_NO_WRITERS;
    }
    return errno == EAGAIN ? WATCHED_WRITERS : WATCHED_WRITERS_UNKNOWN;
}
