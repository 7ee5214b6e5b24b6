/* SPDX-License-Identifier: MIT */
/* mapring log write: writes lines into a log, for shell scripts and to try things out. */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "commands.h"
#include "growing_text.h"
#include "log_level.h"
#include "mapring/log.h"
#include "ring_options.h"
#include "shared/message.h"
#include "shared/os.h"

enum { READ_BYTES = 1 << 16 };

static struct {
    struct mapring_log_options log;
    uint32_t level;
    const char *thread;
} settings = {.level = MAPRING_LEVEL_INFO, .log = {.text_limit = 16384}};

static const struct option_row options[] = {
    {"level", "trace|debug|info|warn|error|fatal", value_least_level, &settings.level,
     "the level of the lines (default: info)"},
    {"thread", "TEXT", value_text, &settings.thread,
     "what readers show as the name of the thread (default: mapring)"},
    OPTION_SCOPE(&settings.log.ring.scope),
    {NULL, NULL, NULL, NULL, NULL},
};

/* The level of a call is a constant. */
static void write_line(mapring_log *log, const char *text, size_t bytes)
{
    int count = (int)bytes;
    switch (settings.level) {
    case MAPRING_LEVEL_TRACE: MAPRING_TRACE(log, "%.*s", count, text); break;
    case MAPRING_LEVEL_DEBUG: MAPRING_DEBUG(log, "%.*s", count, text); break;
    case MAPRING_LEVEL_INFO: MAPRING_INFO(log, "%.*s", count, text); break;
    case MAPRING_LEVEL_WARN: MAPRING_WARN(log, "%.*s", count, text); break;
    case MAPRING_LEVEL_ERROR: MAPRING_ERROR(log, "%.*s", count, text); break;
    default: MAPRING_FATAL(log, "%.*s", count, text); break;
    }
}

static void write_words(mapring_log *log, int count, char **words)
{
    struct growing_text text = {0};
    for (int i = 0; i < count; i++) {
        growing_text_add(&text, " ", i > 0);
        growing_text_add(&text, words[i], strlen(words[i]));
    }
    write_line(log, text.text ? text.text : "", text.bytes);
    growing_text_free(&text);
}

/* Writes all whole lines, and keeps the rest. */
static void write_lines(mapring_log *log, struct growing_text *text)
{
    const char *from = text->text, *end = text->text + text->bytes, *newline;
    while (from < end && (newline = memchr(from, '\n', (size_t)(end - from))) != NULL) {
        write_line(log, from, (size_t)(newline - from));
        from = newline + 1;
    }
    text->bytes = (size_t)(end - from);
    if (text->bytes > 0)
        memmove(text->text, from, text->bytes);
}

static int write_input(mapring_log *log)
{
    static char buffer[READ_BYTES];
    struct growing_text text = {0};
    ptrdiff_t got;
    while ((got = os_read(STANDARD_INPUT, buffer, sizeof buffer)) > 0) {
        growing_text_add(&text, buffer, (size_t)got);
        write_lines(log, &text);
    }
    if (text.bytes > 0)
        write_line(log, text.text, text.bytes);
    growing_text_free(&text);
    if (got < 0 && os_interrupted() == 0) {
        complain("cannot read standard input: %s", os_error());
        return EXIT_FAILED;
    }
    return os_interrupted();
}

static int end(mapring_log *log, int status)
{
    struct mapring_log_stat stat = {0};
    mapring_log_stat(log, &stat);
    mapring_log_close(log);
    if (stat.unwritten_lines == 0)
        return status;
    complain("%" PRIu64 " lines were not written: %s", stat.unwritten_lines, stat.error.text);
    return EXIT_FAILED;
}

static int run(int count, char **arguments)
{
    mapring_log *log;
    if (mapring_log_open(&log, arguments[0], &settings.log) != MAPRING_OK)
        return ring_failure();
    if (mapring_log_name_thread(log, settings.thread ? settings.thread : "mapring") != MAPRING_OK) {
        mapring_log_close(log);
        return ring_failure();
    }
    int status = EXIT_DONE;
    if (count > 1)
        write_words(log, count - 1, arguments + 1);
    else
        status = write_input(log);
    return end(log, status);
}

const struct command command_log_write = {
    .name = "write",
    .full_name = "mapring log write",
    .arguments = "NAME [TEXT...] [OPTION...]",
    .summary = "write lines into a log",
    .help =
        "Writes the TEXTs, with blanks between them, as a line into the log NAME, which is made "
        "if it is not there; without TEXT, each line of standard input. Other programs may "
        "write to the same log meanwhile. A line below the level of the log is not written.",
    .options = options,
    .example = "mapring log write app 'the backup is done' --level warn",
    .end =
        "Exit status: 0 done; 1 failed, or a line was not written; 2 wrong usage; 128+N ended by "
        "signal N.",
    .least = 1,
    .most = INT16_MAX,
    .run = run,
};
