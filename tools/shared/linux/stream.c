/* SPDX-License-Identifier: MIT */
/* Unbuffered reading and writing. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "shared/idle.h"
#include "shared/os.h"

enum { SLICE_MS = 100, LAST_WAIT_NS = 1000000000, LAST_BYTES = 4096 };

const char *os_error(void)
{
    return strerror(errno);
}

int os_open(const char *path)
{
    return open(path, O_RDONLY | O_CLOEXEC);
}

void os_close(int file)
{
    close(file);
}

/* Polls in slices, because a signal that arrives just before the wait would not end it. */
static bool wait_readable(int file)
{
    struct pollfd wanted = {file, POLLIN, 0};
    while (os_interrupted() == 0 && idle_goes_on()) {
        int found = poll(&wanted, 1, SLICE_MS);
        if (found > 0 || (found < 0 && errno != EINTR))
            return true;
    }
    return false;
}

ptrdiff_t os_read(int file, void *buffer, size_t bytes)
{
    ssize_t got;
    do {
        if (!wait_readable(file))
            return -1;
        got = read(file, buffer, bytes);
    } while (got < 0 && (errno == EINTR || errno == EAGAIN));
    return got;
}

/* Signals that arrive meanwhile do not change when the wait ends. */
static bool wait_writable(int file)
{
    struct pollfd wanted = {file, POLLOUT, 0};
    int64_t end = os_now_ns() + LAST_WAIT_NS;
    int found;
    do
        found = poll(&wanted, 1, SLICE_MS);
    while ((found == 0 || (found < 0 && errno == EINTR)) && os_now_ns() < end);
    return found > 0;
}

/* After a signal, writes only as much as a pipe takes without blocking, and only if it has room
 * soon. */
static ssize_t write_some(int file, const char *data, size_t bytes)
{
    if (os_interrupted() == 0)
        return write(file, data, bytes);
    if (!wait_writable(file)) {
        errno = ETIMEDOUT;
        return -1;
    }
    return write(file, data, bytes < LAST_BYTES ? bytes : LAST_BYTES);
}

static size_t bytes_written;

size_t os_bytes_written(void)
{
    return bytes_written;
}

enum os_written os_write(int file, const void *data, size_t bytes)
{
    const char *rest = data;
    bytes_written = 0;
    while (bytes > 0) {
        ssize_t done = write_some(file, rest, bytes);
        if (done < 0 && errno == EAGAIN)
            poll(&(struct pollfd){file, POLLOUT, 0}, 1, SLICE_MS);
        else if (done < 0 && errno != EINTR)
            return os_reader_is_gone() ? OS_READER_GONE : OS_NOT_WRITTEN;
        rest += done > 0 ? done : 0;
        bytes -= done > 0 ? (size_t)done : 0;
        bytes_written = (size_t)(rest - (const char *)data);
    }
    return OS_WRITTEN;
}

bool os_reader_is_gone(void)
{
    return errno == EPIPE;
}

bool os_is_terminal(int file)
{
    return isatty(file) == 1;
}
