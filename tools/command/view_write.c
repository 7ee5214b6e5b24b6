/* SPDX-License-Identifier: MIT */
/* mapring view write: writes a text and its terminator into a named mapping. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "ring_values.h"
#include "shared/message.h"
#include "shared/os.h"

static struct {
    uint64_t size, offset;
    const char *text, *file;
    enum text_encoding encoding;
    bool hold;
} settings = {.encoding = (enum text_encoding) - 1};

static const struct option_row options[] = {
    {"size", "N", value_size, &settings.size,
     "size of the mapping in bytes (required); K, M, G and T are powers of 1024"},
    {"offset", "N", value_offset, &settings.offset, "where the text begins (default 0)"},
    {"text", "TEXT", value_text, &settings.text, "the text"},
    {"file", "FILE", value_text, &settings.file,
     "or a file that contains the text; '-': standard input"},
    {"encoding", "utf-8|utf-16", value_encoding, &settings.encoding,
     "encoding of the text in the mapping (default: utf-16 on Windows, utf-8 on Linux)"},
    {"hold", NULL, NULL, &settings.hold,
     "keep the mapping open until standard input ends or a signal arrives"},
    {NULL, NULL, NULL, NULL, NULL},
};

struct bytes {
    unsigned char *data;
    size_t count, room;
};

static bool make_room(struct bytes *bytes)
{
    size_t room = 2 * bytes->room + 4096;
    unsigned char *larger = realloc(bytes->data, room);
    if (!larger) {
        complain("not enough memory for a text of more than %zu bytes", bytes->count);
        return false;
    }
    bytes->data = larger;
    bytes->room = room;
    return true;
}

/* The file may be endless. UTF-16 takes at least two thirds of the space of UTF-8, so a text of
 * more than twice the mapping's size cannot fit. */
static bool read_all(struct bytes *bytes, int file, const char *path)
{
    ptrdiff_t got = 1;
    while (got > 0) {
        if (bytes->count / 2 > settings.size) {
            complain("%s does not fit: the mapping has %" PRIu64 " bytes", path, settings.size);
            return false;
        }
        if (bytes->count == bytes->room && !make_room(bytes))
            return false;
        got = os_read(file, bytes->data + bytes->count, bytes->room - bytes->count);
        bytes->count += got > 0 ? (size_t)got : 0;
    }
    if (got < 0 && os_interrupted() == 0)
        complain("cannot read %s: %s", path, os_error());
    return got >= 0;
}

static bool read_file(struct bytes *bytes, const char *path)
{
    bool is_standard = strcmp(path, "-") == 0;
    int file = is_standard ? STANDARD_INPUT : os_open(path);
    if (file < 0) {
        complain("cannot open %s: %s", path, os_error());
        return false;
    }
    bool done = read_all(bytes, file, is_standard ? "standard input" : path);
    if (!is_standard)
        os_close(file);
    return done;
}

/* Converts the text to the encoding of the mapping, and appends the terminator. */
static bool encode(struct bytes *message, const unsigned char *text, size_t count)
{
    if (count > 0 && memchr(text, 0, count) != NULL) {
        complain("the text has a NUL at byte %zu, where every reader would stop",
                 (size_t)((const unsigned char *)memchr(text, 0, count) - text));
        return false;
    }
    size_t unit = text_unit(settings.encoding), wrong = 0;
    message->data = calloc(2 * count + unit, 1);
    if (!message->data) {
        complain("not enough memory for a text of %zu bytes", count);
        return false;
    }
    size_t encoded = text_from_utf8(settings.encoding, text, count, message->data, &wrong);
    if (encoded == SIZE_MAX) {
        complain("the text is not valid UTF-8 at byte %zu", wrong);
        return false;
    }
    message->count = encoded + unit;
    return true;
}

static bool make_message(struct bytes *message)
{
    if (settings.text)
        return encode(message, (const unsigned char *)settings.text, strlen(settings.text));
    struct bytes text = {NULL, 0, 0};
    bool done = read_file(&text, settings.file) && encode(message, text.data, text.count);
    free(text.data);
    return done;
}

static bool fits(const struct bytes *message)
{
    uint64_t room = settings.offset < settings.size ? settings.size - settings.offset : 0;
    if (message->count > room) {
        complain(
            "the text does not fit: it has %zu bytes with its terminator, and after offset %" PRIu64
            " the mapping has %" PRIu64,
            message->count, settings.offset, room);
    }
    return message->count <= room;
}

static void hold(void)
{
    char ignored[4096];
    while (os_read(STANDARD_INPUT, ignored, sizeof ignored) > 0) {
    }
}

static int write_message(const char *name, const struct bytes *message)
{
    struct os_view view;
    if (!os_view_write(&view, name, settings.size, settings.offset))
        return EXIT_FAILED;
    memcpy(view.data, message->data, message->count);
    bool vanishes = view.created && !os_names_outlive_processes();
    if (settings.hold || vanishes) {
        hold();
        if (view.created)
            os_view_remove(&view);
    }
    os_view_close(&view);
    return EXIT_DONE;
}

static int run(int count, char **arguments)
{
    (void)count;
    if (settings.size == 0)
        return usage_error("--size is missing");
    if (!settings.text == !settings.file)
        return usage_error("exactly one of --text and --file is required");
    if (settings.encoding == (enum text_encoding) - 1)
        settings.encoding = os_view_encoding();
    struct bytes message = {NULL, 0, 0};
    int status = EXIT_FAILED;
    if (make_message(&message) && fits(&message))
        status = write_message(arguments[0], &message);
    else if (os_interrupted() != 0)
        status = os_interrupted();
    free(message.data);
    return status;
}

const struct command command_view_write = {
    .name = "write",
    .full_name = "mapring view write",
    .arguments = "NAME --size N (--text TEXT | --file FILE) [OPTION...]",
    .summary = "write a text into a mapping",
    .help = "Creates a named mapping of --size bytes, with default security and read-write pages, "
            "and writes the text and its terminator at --offset. A mapping that already exists is "
            "written to if it is large enough. On Windows a new mapping would disappear with this "
            "command, so it is held until standard input ends or a signal arrives. On Linux it "
            "stays; with --hold, a mapping that this command created is removed at the end.",
    .options = options,
    .example = "mapring view write 'Local\\Greeting' --size 4096 --text Hello --hold",
    .end = "Exit status: 0 done, 1 failed, 2 wrong usage.",
    .least = 1,
    .most = 1,
    .names_no_ring = true,
    .run = run,
};
