/* SPDX-License-Identifier: MIT */
/* Files that the command makes. */
#include "command/disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NEW_FILE = 0666, NEW_FOLDER = 0777 }; /* less the umask */

static int refuse(int file, int reason)
{
    close(file);
    errno = reason == DISK_IS_TAKEN ? EBUSY : EINVAL;
    return reason;
}

/* Without O_NONBLOCK, opening a FIFO could wait for ever. */
int disk_open_end(const char *path)
{
    struct stat status;
    int file =
        open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, NEW_FILE);
    if (file < 0)
        return DISK_FAILED;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
        return refuse(file, DISK_IS_NO_FILE);
    if (flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return refuse(file, DISK_IS_TAKEN);
    return file;
}

int disk_create(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, NEW_FILE);
}

ptrdiff_t disk_read(int file, void *buffer, size_t bytes)
{
    ssize_t got;
    do
        got = read(file, buffer, bytes);
    while (got < 0 && errno == EINTR);
    return got;
}

bool disk_write(int file, const void *data, size_t bytes)
{
    for (const char *rest = data; bytes > 0;) {
        ssize_t done = write(file, rest, bytes);
        if (done < 0 && errno != EINTR)
            return false;
        rest += done > 0 ? done : 0;
        bytes -= done > 0 ? (size_t)done : 0;
    }
    return true;
}

uint64_t disk_bytes(int file)
{
    struct stat status;
    return fstat(file, &status) == 0 ? (uint64_t)status.st_size : 0;
}

uint64_t disk_changed_ns(int file)
{
    struct stat status;
    if (fstat(file, &status) != 0 || status.st_mtim.tv_sec < 0)
        return 0;
    return (uint64_t)status.st_mtim.tv_sec * 1000000000 + (uint64_t)status.st_mtim.tv_nsec;
}

bool disk_rewind(int file)
{
    return lseek(file, 0, SEEK_SET) == 0;
}

bool disk_cut(int file, uint64_t bytes)
{
    return ftruncate(file, (off_t)bytes) == 0 && lseek(file, 0, SEEK_END) >= 0;
}

bool disk_sync(int file)
{
    return fsync(file) == 0;
}

/* Only root can give files away; for others the owner is the same in any case. */
void disk_permit_like(int file, int other)
{
    struct stat status;
    if (fstat(other, &status) != 0)
        return;
    if (fchown(file, status.st_uid, status.st_gid) == 0 || geteuid() != 0)
        fchmod(file, status.st_mode & 07777);
}

bool disk_has_name(int file, const char *path)
{
    struct stat open, named;
    return fstat(file, &open) == 0 && stat(path, &named) == 0 && open.st_dev == named.st_dev &&
           open.st_ino == named.st_ino;
}

bool disk_exists(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

bool disk_rename(const char *from, const char *to)
{
    return rename(from, to) == 0;
}

bool disk_remove(const char *path)
{
    return unlink(path) == 0;
}

static bool has_entry(DIR *folder)
{
    const struct dirent *entry;
    do
        entry = readdir(folder);
    while (entry && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
    return entry != NULL;
}

int disk_make_folder(const char *path)
{
    if (mkdir(path, NEW_FOLDER) == 0)
        return DISK_IS_NEW;
    DIR *folder = errno == EEXIST ? opendir(path) : NULL;
    if (!folder)
        return DISK_FAILED;
    bool is_empty = !has_entry(folder);
    closedir(folder);
    return is_empty ? DISK_WAS_THERE : DISK_IS_NOT_EMPTY;
}

bool disk_remove_folder(const char *path)
{
    return rmdir(path) == 0;
}
