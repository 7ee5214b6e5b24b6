/* SPDX-License-Identifier: MIT */
/* mapring send: puts standard input or files into a ring, as its producer. */
#include <stddef.h>
#include <string.h>

#include "commands.h"
#include "confirm.h"
#include "input.h"
#include "shards.h"
#include "shared/idle.h"
#include "shared/message.h"
#include "shared/os.h"
#include "shared/progress.h"
#include "tail.h"
#include "utf16.h"

static struct {
    struct shards_settings shards;
    const char *tail;
    bool tail_at_end;
    enum input_encoding encoding;
    bool confirm;
    bool progress;
} settings = {.shards.sender = SENDER_DEFAULTS, .tail_at_end = true};

static const char *value_tail_from(const char *text, void *value)
{
    bool at_end = strcmp(text, "end") == 0;
    *(bool *)value = at_end;
    return at_end || strcmp(text, "begin") == 0 ? NULL : "begin or end";
}

static const struct option_row options[] = {
    {"tail", "FILE", value_text, &settings.tail,
     "follow FILE as 'tail -F' does, through rotation and truncation"},
    {"tail-from", "begin|end", value_tail_from, &settings.tail_at_end,
     "with --tail: also send what FILE holds already, or only what is added to it (default)"},
    {"encoding", "utf-8|utf-16", value_input_encoding, &settings.encoding,
     "utf-16, utf-16le or utf-16be: convert the input to UTF-8 (default utf-8: bytes pass "
     "unchanged)"},
    {"confirm", NULL, NULL, &settings.confirm,
     "write a line OK to standard output when the ring is open, and one for each record that is in "
     "it, for a program that repeats what was not confirmed"},
    {"shards", "N", value_shards, &settings.shards.count,
     "send into N rings, NAME.0, NAME.1 and so on, which --shard-by divides the records among; "
     "read "
     "them together with: mapring recv 'NAME.*'"},
    {"shard-by", "KEY", value_shard_key, &settings.shards.key,
     "what decides which of the rings a record goes to: field:K, the field number K, as awk counts "
     "them; field:K,C, with the character C between fields, as cut -d C -f K; bytes:FROM-TO, a "
     "range of bytes, as cut -b FROM-TO. The same key always goes to the same ring: the CRC-32 of "
     "the key modulo N"},
    OPTIONS_SENDER(settings.shards.sender),
    OPTION_PROGRESS(&settings.progress),
    {NULL, NULL, NULL, NULL, NULL},
};

struct transfer {
    struct shards shards;
    struct input input;
    struct batch batch;
    struct utf16 utf16;
    struct tail tail;
};

static struct feed converted(struct transfer *transfer, struct feed feed)
{
    return settings.encoding == INPUT_UTF_8 ? feed
                                            : utf16_feed(&transfer->utf16, settings.encoding, feed);
}

static int send_batch(struct transfer *transfer)
{
    int status = shards_send(&transfer->shards, &transfer->batch);
    return status == EXIT_DONE && settings.confirm ? confirm_batch(&transfer->batch) : status;
}

static int send_all(struct transfer *transfer)
{
    int status = EXIT_DONE;
    while (status == EXIT_DONE && os_interrupted() == 0) {
        int count = input_next_batch(&transfer->input, &transfer->batch);
        if (count == INPUT_END)
            return EXIT_DONE;
        status = count > 0 ? send_batch(transfer) : EXIT_FAILED;
    }
    if (os_interrupted() != 0)
        return os_interrupted();
    return status == EXIT_FAILED && !idle_goes_on() ? shards_removed(&transfer->shards) : status;
}

static int send_file(struct transfer *transfer, const char *path)
{
    bool is_standard = strcmp(path, "-") == 0;
    int file = is_standard ? STANDARD_INPUT : os_open(path);
    if (file < 0 && os_interrupted() != 0)
        return os_interrupted();
    if (file < 0) {
        complain("cannot open %s: %s", path, os_error());
        return EXIT_FAILED;
    }
    input_open(&transfer->input, converted(transfer, feed_file(&file)),
               is_standard ? "standard input" : path);
    int status = send_all(transfer);
    if (!is_standard)
        os_close(file);
    return status;
}

static int send_files(struct transfer *transfer, int count, char **paths)
{
    int status = count == 0 ? send_file(transfer, "-") : EXIT_DONE;
    for (int i = 0; i < count && status == EXIT_DONE; i++)
        status = send_file(transfer, paths[i]);
    return status;
}

/* Never ends by itself. */
static int send_tail(struct transfer *transfer)
{
    struct tail *tail = &transfer->tail;
    unsigned char mark[2];
    int status = EXIT_DONE;
    tail_begin(tail, settings.tail, settings.tail_at_end,
               settings.encoding == INPUT_UTF_8 ? 1 : sizeof mark);
    while (status == EXIT_DONE && tail_next(tail)) {
        input_open(&transfer->input, converted(transfer, tail_feed(tail)), settings.tail);
        if (tail_begins_inside(tail, mark, sizeof mark))
            utf16_skip_mark(&transfer->utf16, mark);
        status = send_all(transfer);
    }
    tail_end(tail);
    if (status == EXIT_DONE)
        status = os_interrupted() != 0 ? os_interrupted() : shards_removed(&transfer->shards);
    return status;
}

static int send_and_finish(struct transfer *transfer, int count, char **paths)
{
    int status = shards_wait_for_consumers(&transfer->shards);
    if (status == EXIT_DONE && settings.confirm)
        status = confirm_ready();
    if (status == EXIT_DONE)
        status = settings.tail ? send_tail(transfer) : send_files(transfer, count, paths);
    return status == EXIT_DONE ? shards_finish(&transfer->shards) : status;
}

static int check_options(const char *name, int files)
{
    if (settings.tail && files > 0)
        return usage_error("--tail and a FILE cannot be used together");
    if (!settings.tail && !settings.tail_at_end)
        return usage_error("--tail-from needs --tail");
    if (settings.confirm && settings.shards.sender.too_long == TOO_LONG_SKIP)
        return usage_error("--confirm and --too-long skip cannot be used together: a line that is "
                           "left out would never be confirmed");
    return shards_check(&settings.shards, name);
}

static int run(int count, char **arguments)
{
    static struct transfer transfer;
    int status = check_options(arguments[0], count - 1);
    if (status == EXIT_DONE)
        status = shards_open(&transfer.shards, &settings.shards, arguments[0]);
    if (status != EXIT_DONE)
        return status;
    shards_prepare(&transfer.shards, &transfer.input);
    progress_start(settings.progress);
    status = send_and_finish(&transfer, count - 1, arguments + 1);
    progress_clear();
    input_tell_too_long(&transfer.input);
    utf16_tell_replaced(&transfer.utf16);
    status = shards_close(&transfer.shards, status);
    input_free(&transfer.input);
    return status;
}

const struct command command_send = {
    .name = "send",
    .full_name = "mapring send",
    .arguments = "NAME [FILE...] [OPTION...]",
    .summary = "put standard input or files into a ring",
    .help = "Becomes the producer of the ring NAME, which it creates if there is none, and sends "
            "the FILEs as records; '-', or no FILE at all, means standard input. When the ring is "
            "full, the command does what --when-full said when the ring was created. Until the "
            "first consumer attaches, a ring that blocks or drops keeps everything. It is an error "
            "if the ring exists with another capacity, slot size, policy or mode than the options "
            "say.\n\nOn Windows a ring without a file disappears with the last process that has it "
            "open: use --linger there.",
    .options = options,
    .example = "app | mapring send app --wait",
    .end = "Exit status: 0 everything was sent (with --linger: and read), or dropped, if that is "
           "the ring's policy; 1 failed; 2 wrong usage; 3 the ring was removed, or with --linger: "
           "a consumer went away before it had read everything; 4 timed out; 128+N ended by signal "
           "N (what was read and not yet sent is lost; what was sent is not).",
    .least = 1,
    .most = INT16_MAX,
    .run = run,
};
