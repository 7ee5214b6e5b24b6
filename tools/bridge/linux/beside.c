/* SPDX-License-Identifier: MIT */
/* Files called as the ring's own file, followed by "+bridge-", which is the name of no ring. */
#include "bridge/beside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ring_file.h"

#define MARK "+bridge-"

/* In a directory where others may write, only this user's own file will do. */
static int take(int file)
{
    struct stat status;
    if (fstat(file, &status) != 0)
        return BESIDE_FAILED;
    if (!S_ISREG(status.st_mode) || status.st_uid != geteuid()) {
        errno = EPERM;
        return BESIDE_FAILED;
    }
    if (ring_file_lock(file))
        return file;
    return errno == EAGAIN || errno == EACCES ? BESIDE_IS_TAKEN : BESIDE_FAILED;
}

void beside_path(const char *ring, enum mapring_scope scope, const char *what, const char *ending,
                 char path[BESIDE_PATH_BYTES])
{
    size_t length = ring_file_path(path, BESIDE_PATH_BYTES, ring, scope);
    snprintf(path + length, BESIDE_PATH_BYTES - length, MARK "%s.%u%s", what, (unsigned)geteuid(),
             ending);
}

int beside_open(const char *ring, enum mapring_scope scope, const char *what)
{
    char path[BESIDE_PATH_BYTES];
    beside_path(ring, scope, what, "", path);
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
    if (file < 0)
        return BESIDE_FAILED;
    int taken = take(file), reason = errno;
    if (taken < 0)
        close(file);
    errno = reason;
    return taken;
}

bool beside_read(int file, uint64_t offset, void *data, size_t bytes)
{
    return pread(file, data, bytes, (off_t)offset) == (ssize_t)bytes;
}

bool beside_write(int file, uint64_t offset, const void *data, size_t bytes)
{
    ssize_t written = pwrite(file, data, bytes, (off_t)offset);
    if (written >= 0 && written != (ssize_t)bytes)
        errno = ENOSPC;
    return written == (ssize_t)bytes;
}

void beside_close(int file)
{
    close(file);
}

static void forget(int folder, const char *name)
{
    int file = openat(folder, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return;
    if (ring_file_lock(file))
        unlinkat(folder, name, 0);
    close(file);
}

static void forget_all(DIR *folder, const char *start)
{
    const struct dirent *entry;
    while ((entry = readdir(folder)))
        if (strncmp(entry->d_name, start, strlen(start)) == 0)
            forget(dirfd(folder), entry->d_name);
}

void beside_forget(const char *ring, enum mapring_scope scope)
{
    char path[BESIDE_PATH_BYTES], start[NAME_MAX + 1];
    ring_file_path(path, sizeof path, ring, scope);
    char *slash = strrchr(path, '/');
    snprintf(start, sizeof start, "%.*s" MARK, (int)(sizeof start - sizeof MARK),
             slash ? slash + 1 : path);
    if (slash)
        slash[slash == path] = '\0';
    DIR *folder = opendir(slash ? path : ".");
    if (!folder)
        return;
    forget_all(folder, start);
    closedir(folder);
}

/* ---- The machine ---- */

static uint64_t mix(uint64_t sum, const char *text)
{
    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return sum;
}

/* A number made of the machine's id, which is not to be passed on as it is. */
uint64_t beside_machine(void)
{
    char text[256] = "";
    int file = open("/etc/machine-id", O_RDONLY | O_CLOEXEC);
    ssize_t bytes = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0)
        close(file);
    text[bytes > 0 ? bytes : 0] = '\0';
    if (bytes <= 1)
        gethostname(text, sizeof text - 1);
    return mix(mix(UINT64_C(0xcbf29ce484222325), "mapring bridge "), text);
}
