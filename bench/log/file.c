/* SPDX-License-Identifier: MIT */
/* fprintf() into a file, with the time in front, through a buffer. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "logger.h"
#include "shared/message.h"
#include "shared/os.h"

enum { BUFFER_BYTES = 64 << 10, NS_PER_SECOND = 1000000000 };

struct log_file {
    FILE *stream;
    char path[LOGGER_PATH_BYTES];
};

static void *open_file(const struct logger_setup *setup)
{
    struct log_file *file = calloc(1, sizeof *file);
    if (!file)
        return NULL;
    logger_path(setup, "fprintf", file->path);
    file->stream = fopen(file->path, "w");
    if (file->stream && setvbuf(file->stream, NULL, _IOFBF, BUFFER_BYTES) == 0)
        return file;
    complain("cannot write '%s': %s", file->path, strerror(errno));
    free(file);
    return NULL;
}

static void close_file(void *log)
{
    struct log_file *file = log;
    fclose(file->stream);
    remove(file->path);
    free(file);
}

static void *enter(void *log, unsigned thread)
{
    (void)thread;
    return ((struct log_file *)log)->stream;
}

#define SAY(writer, format, ...)                                                              \
    do {                                                                                      \
        uint64_t now = os_time_ns();                                                          \
        fprintf(writer, "%llu.%09u " format "\n", (unsigned long long)(now / NS_PER_SECOND), \
                (unsigned)(now % NS_PER_SECOND), __VA_ARGS__);                                \
    } while (0)

static void write_values(void *writer, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        SAY(writer, "order %d of %d at %.2f", (int)i, (int)(2 * i), 0.5 * i);
}

static void write_text(void *writer, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        SAY(writer, "the order is %s", logger_text);
}

static void write_plain(void *writer, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        SAY(writer, "%s", "the market is open");
}

const struct logger logger_file = {.name = "fprintf",
                                   .title = "fprintf()",
                                   .pause_ns = 3000,
                                   .open = open_file,
                                   .close = close_file,
                                   .enter = enter,
                                   .write = {write_values, write_text, write_plain}};
