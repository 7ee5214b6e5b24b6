/* SPDX-License-Identifier: MIT */
/* Compresses a file as gzip does, by zlib. */
#include "command/gzip.h"

#include <errno.h>
#include <stddef.h>
#include <zlib.h>

#include "command/disk.h"

enum { STEP_BYTES = 1 << 16, WINDOW_BITS = 15, GZIP_FORMAT = 16, MEMORY_LEVEL = 8 };

const bool gzip_is_available = true;

/* Gives the input to the stream, and writes all that comes out. */
static bool deflate_some(z_stream *stream, unsigned char *input, size_t bytes, int flush, int to)
{
    unsigned char output[STEP_BYTES];
    stream->next_in = input;
    stream->avail_in = (unsigned)bytes;
    do {
        stream->next_out = output;
        stream->avail_out = sizeof output;
        deflate(stream, flush);
        if (!disk_write(to, output, sizeof output - stream->avail_out))
            return false;
    } while (stream->avail_out == 0);
    return true;
}

static bool copy(z_stream *stream, int from, int to, bool (*goes_on)(void *context), void *context)
{
    unsigned char input[STEP_BYTES];
    ptrdiff_t got;
    do {
        got = disk_read(from, input, sizeof input);
        if (got < 0 || !goes_on(context))
            return false;
        if (!deflate_some(stream, input, (size_t)got, got > 0 ? Z_NO_FLUSH : Z_FINISH, to))
            return false;
    } while (got > 0);
    return true;
}

bool gzip_copy(int from, int to, bool (*goes_on)(void *context), void *context)
{
    z_stream stream = {0};
    errno = ENOMEM; /* the only way in which the next call can fail */
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, WINDOW_BITS + GZIP_FORMAT,
                     MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    bool done = copy(&stream, from, to, goes_on, context);
    deflateEnd(&stream);
    return done;
}
