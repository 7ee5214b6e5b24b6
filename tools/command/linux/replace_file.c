/* SPDX-License-Identifier: MIT */
/* Replaces a file's contents at once. */
#include "command/replace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shared/os.h"

static bool is_at(int file, const char *path)
{
    struct stat opened, there;
    return fstat(file, &opened) == 0 && lstat(path, &there) == 0 && opened.st_dev == there.st_dev &&
           opened.st_ino == there.st_ino;
}

/* Locks the file, so that no two processes write it, unless one of them has renamed it before it was
 * locked. */
static int open_new(const char *path)
{
    for (;;) {
        int file = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);
        if (file < 0)
            return -1;
        if (flock(file, LOCK_EX | LOCK_NB) != 0) {
            close(file);
            errno = EBUSY;
            return -1;
        }
        if (is_at(file, path))
            return file;
        close(file);
    }
}

static bool write_all(int file, const void *data, size_t bytes)
{
    return ftruncate(file, 0) == 0 && os_write(file, data, bytes) == OS_WRITTEN;
}

static bool is_replaceable(const char *path)
{
    struct stat there;
    return lstat(path, &there) != 0 || S_ISREG(there.st_mode);
}

const char *replace_file(const char *path, const void *data, size_t bytes)
{
    char temporary[PATH_MAX];
    if (!is_replaceable(path))
        return "it is not a regular file";
    if (snprintf(temporary, sizeof temporary, "%s.tmp", path) >= PATH_MAX)
        return "its name is too long";
    int file = open_new(temporary);
    if (file < 0)
        return errno == EBUSY ? "another process is writing it" : os_error();
    bool replaced = write_all(file, data, bytes) && rename(temporary, path) == 0;
    int problem = errno;
    if (!replaced)
        unlink(temporary);
    close(file);
    errno = problem;
    return replaced ? NULL : os_error();
}
