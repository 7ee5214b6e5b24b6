/* SPDX-License-Identifier: MIT */
/* Keeps descriptors away from 0, 1 and 2. If a program has closed these, the system gives their
 * numbers to the next files opened, and whatever the program prints would go into a ring. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "platform/linux/object.h"

int descriptor_raise(int descriptor)
{
    if (descriptor < 0 || descriptor > STDERR_FILENO)
        return descriptor;
    int raised = fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    int native = errno;
    close(descriptor);
    errno = native;
    return raised;
}

int descriptor_open(const char *path, int flags)
{
    int descriptor;
    do
        descriptor = open(path, flags | O_RDONLY | O_CLOEXEC);
    while (descriptor < 0 && errno == EINTR);
    return descriptor_raise(descriptor);
}

DIR *descriptor_open_directory(const char *path)
{
    int descriptor = descriptor_open(path, O_DIRECTORY);
    DIR *directory = descriptor < 0 ? NULL : fdopendir(descriptor);
    int native = errno;
    if (!directory && descriptor >= 0)
        close(descriptor);
    errno = native;
    return directory;
}

void descriptor_close(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}
