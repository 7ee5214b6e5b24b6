/* SPDX-License-Identifier: MIT */
/* The file that records are written to. */
#include "command/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

size_t sink_whole_bytes(int file)
{
    struct stat status;
    return fstat(file, &status) == 0 && S_ISFIFO(status.st_mode) ? PIPE_BUF : SIZE_MAX;
}

static bool is_at_end(int file, struct stat *status)
{
    if (fstat(file, status) != 0 || !S_ISREG(status->st_mode) || status->st_size == 0)
        return false;
    int flags = fcntl(file, F_GETFL);
    return (flags >= 0 && flags & O_APPEND) || lseek(file, 0, SEEK_CUR) == status->st_size;
}

/* A shell's >> opens the file for writing only, so it may have to be opened again to be read. */
static bool read_last(int file, const struct stat *status, char *last)
{
    char path[32];
    if (pread(file, last, 1, status->st_size - 1) == 1)
        return true;
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    int again = open(path, O_RDONLY | O_CLOEXEC);
    if (again < 0)
        return false;
    ssize_t got = pread(again, last, 1, status->st_size - 1);
    close(again);
    return got == 1;
}

bool sink_is_inside_line(int file)
{
    struct stat status;
    char last;
    return is_at_end(file, &status) && read_last(file, &status, &last) && last != '\n';
}

void sink_take_back(int file, size_t bytes)
{
    struct stat status;
    int problem = errno;
    off_t end = lseek(file, 0, SEEK_CUR);
    if (bytes > 0 && fstat(file, &status) == 0 && S_ISREG(status.st_mode) &&
        status.st_size == end && (off_t)bytes <= end && ftruncate(file, end - (off_t)bytes) == 0)
        lseek(file, end - (off_t)bytes, SEEK_SET);
    errno = problem;
}

bool sink_is_unread(int file)
{
    struct pollfd asked = {file, 0, 0};
    return poll(&asked, 1, 0) > 0 && asked.revents & (POLLERR | POLLHUP);
}
