/* SPDX-License-Identifier: MIT */
/* Files called as the ring's own file, followed by "+bridge" and a number, which is the name of no
 * ring. Who keeps one has it locked; the system ends that with the process. */
#include "bridge/status_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ring_file.h"

enum { PATH_LIMIT = 4096 + 128 };

struct status_file {
    int file;
    void *data;
    char path[PATH_LIMIT];
};

static void find_file(char path[PATH_LIMIT], const char *ring, enum mapring_scope scope,
                      unsigned number)
{
    size_t length = ring_file_path(path, PATH_LIMIT, ring, scope);
    snprintf(path + length, PATH_LIMIT - length, "+bridge%u", number);
}

void status_file_path(const char *ring, enum mapring_scope scope, unsigned number, char *path,
                      size_t bytes)
{
    char whole[PATH_LIMIT];
    find_file(whole, ring, scope, number);
    snprintf(path, bytes, "%s", whole);
}

/* ---- Taking one ---- */

/* Another process may have removed it between its opening and its locking. */
static bool is_usable(int file)
{
    struct stat status;
    return fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
           status.st_nlink > 0 && ftruncate(file, STATUS_FILE_BYTES) == 0;
}

static int open_own(const char *path)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
    if (file >= 0 && ring_file_lock(file) && is_usable(file))
        return file;
    int reason = errno;
    if (file >= 0)
        close(file);
    errno = reason;
    return -1;
}

struct status_file *status_file_take(const char *ring, enum mapring_scope scope, unsigned number)
{
    struct status_file *taken = calloc(1, sizeof *taken);
    if (!taken)
        return NULL;
    find_file(taken->path, ring, scope, number);
    taken->file = open_own(taken->path);
    taken->data = taken->file < 0 ? MAP_FAILED
                                  : mmap(NULL, STATUS_FILE_BYTES, PROT_READ | PROT_WRITE,
                                         MAP_SHARED, taken->file, 0);
    if (taken->data != MAP_FAILED)
        return taken;
    if (taken->file >= 0)
        close(taken->file);
    free(taken);
    return NULL;
}

uint64_t status_file_process(void)
{
    return (uint64_t)getpid();
}

_Atomic uint64_t *status_file_words(struct status_file *file)
{
    return file->data;
}

void status_file_permit(struct status_file *file, const char *ring, enum mapring_scope scope)
{
    struct stat status;
    char path[PATH_LIMIT];
    ring_file_path(path, sizeof path, ring, scope);
    if (stat(path, &status) == 0 && fchown(file->file, (uid_t)-1, status.st_gid) == 0)
        fchmod(file->file, 0600 | (status.st_mode & 0044));
}

void status_file_leave(struct status_file *file)
{
    munmap(file->data, STATUS_FILE_BYTES);
    close(file->file);
    free(file);
}

void status_file_remove(struct status_file *file)
{
    unlink(file->path);
    status_file_leave(file);
}

/* ---- Reading them ---- */

static enum status_file_state state_of(int file)
{
    struct flock whole = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
    bool kept = fcntl(file, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
    return kept ? STATUS_FILE_KEPT : STATUS_FILE_LEFT;
}

enum status_file_state status_file_read(const char *ring, enum mapring_scope scope, unsigned number,
                                        uint64_t words[STATUS_FILE_BYTES / sizeof(uint64_t)])
{
    char path[PATH_LIMIT];
    find_file(path, ring, scope, number);
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return STATUS_FILE_MISSING;
    enum status_file_state state = state_of(file);
    if (pread(file, words, STATUS_FILE_BYTES, 0) != STATUS_FILE_BYTES)
        state = STATUS_FILE_MISSING;
    close(file);
    return state;
}

void status_file_forget(const char *ring, enum mapring_scope scope, unsigned number)
{
    char path[PATH_LIMIT];
    find_file(path, ring, scope, number);
    int file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return;
    if (ring_file_lock(file) && is_usable(file))
        unlink(path);
    close(file);
}
