/* SPDX-License-Identifier: MIT */
/* mapring view read: prints the text in a named mapping. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "ring_values.h"
#include "shared/message.h"
#include "shared/os.h"

static struct {
    uint64_t offset, length;
    enum text_encoding encoding;
} settings = {.length = UINT64_MAX, .encoding = (enum text_encoding) - 1};

static const struct option_row options[] = {
    {"offset", "N", value_offset, &settings.offset, "where the text begins (default 0)"},
    {"length", "N", value_size, &settings.length,
     "read no more than N bytes (default: up to the terminator, or the end of the mapping)"},
    {"encoding", "utf-8|utf-16", value_encoding, &settings.encoding,
     "encoding of the text in the mapping (default: utf-16 on Windows, utf-8 on Linux)"},
    {NULL, NULL, NULL, NULL, NULL},
};

/* The number of bytes before the terminator, or all if there is none. */
static size_t text_length(const unsigned char *text, size_t bytes)
{
    size_t unit = text_unit(settings.encoding), length = 0;
    while (bytes - length >= unit && (text[length] | text[length + unit - 1]) != 0)
        length += unit;
    return length;
}

static int print_text(const unsigned char *text, size_t bytes)
{
    unsigned char *output = malloc(2 * bytes + 1);
    size_t wrong = 0, count = SIZE_MAX;
    if (!output) {
        complain("not enough memory for a text of %zu bytes", bytes);
        return EXIT_FAILED;
    }
    count = text_to_utf8(settings.encoding, text, bytes, output, &wrong);
    if (count == SIZE_MAX) {
        complain("the text is not valid %s at byte %" PRIu64
                 ": it may have another --encoding, or --length may cut a character",
                 settings.encoding == TEXT_UTF_16 ? "UTF-16" : "UTF-8", settings.offset + wrong);
    } else {
        output[count] = '\n';
        fwrite(output, 1, count + 1, stdout);
    }
    free(output);
    return count == SIZE_MAX ? EXIT_FAILED : EXIT_DONE;
}

/* Checks and prints a copy, because another process may write to the mapping at any time. */
static int print_copy(const unsigned char *text, size_t bytes)
{
    unsigned char *copy = malloc(bytes + 1);
    if (!copy) {
        complain("not enough memory for a text of %zu bytes", bytes);
        return EXIT_FAILED;
    }
    memcpy(copy, text, bytes);
    int status = print_text(copy, text_length(copy, bytes));
    free(copy);
    return status;
}

static int run(int count, char **arguments)
{
    (void)count;
    if (settings.encoding == (enum text_encoding) - 1)
        settings.encoding = os_view_encoding();
    if (settings.length != UINT64_MAX && settings.length % text_unit(settings.encoding) != 0)
        return usage_error("--length must be even, because a character has 2 or 4 bytes in UTF-16");
    struct os_view view;
    if (!os_view_read(&view, arguments[0], settings.offset))
        return EXIT_FAILED;
    size_t limit = (size_t)(view.bytes < settings.length ? view.bytes : settings.length);
    int status = print_copy(view.data, text_length(view.data, limit));
    os_view_close(&view);
    return status;
}

const struct command command_view_read = {
    .name = "read",
    .full_name = "mapring view read",
    .arguments = "NAME [OPTION...]",
    .summary = "print the text in a mapping",
    .help = "Opens the mapping for reading only, and prints the text at --offset, up to its "
            "terminator or the end of the mapping, as UTF-8 with a newline.",
    .options = options,
    .example = "mapring view read 'Local\\Greeting'",
    .end = "Exit status: 0 done, 1 failed, 2 wrong usage.",
    .least = 1,
    .most = 1,
    .names_no_ring = true,
    .run = run,
};
