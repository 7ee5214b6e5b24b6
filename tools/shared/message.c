/* SPDX-License-Identifier: MIT */
/* Messages on stderr, and the exit status that goes with each. */
#include "message.h"

#include <stdarg.h>
#include <stdio.h>

#include "mapring/mapring.h"
#include "plain.h"
#include "progress.h"

enum { MESSAGE_BYTES = 8192 }; /* enough for a path of 4096 bytes */

static const char *from = "mapring";

void message_from(const char *command)
{
    from = command;
}

/* The text may contain names and paths that others chose. */
static void write_line(const char *format, va_list arguments)
{
    char text[MESSAGE_BYTES];
    vsnprintf(text, sizeof text, format, arguments);
    progress_clear();
    fprintf(stderr, "%s: ", from);
    plain_print(stderr, text);
    fputc('\n', stderr);
}

void complain(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
}

int usage_error(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
    fprintf(stderr, "try '%s --help'\n", from);
    return EXIT_USAGE;
}

int ring_failure(void)
{
    const struct mapring_error *error = mapring_last_error();
    complain("%s", error->text);
    bool impossible = error->code == MAPRING_ERROR_NAME || error->code == MAPRING_ERROR_GEOMETRY;
    return impossible ? EXIT_USAGE : EXIT_FAILED;
}
