/* SPDX-License-Identifier: MIT */
/* The bytes of an open file. */
#include "feed.h"

#include "shared/os.h"

static ptrdiff_t read_file(void *context, void *buffer, size_t bytes)
{
    return os_read(*(const int *)context, buffer, bytes);
}

struct feed feed_file(const int *file)
{
    return (struct feed){read_file, (void *)file};
}
