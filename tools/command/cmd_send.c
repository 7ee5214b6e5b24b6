/* SPDX-License-Identifier: MIT */
/* mapring send: puts standard input or files into a ring, as its producer. */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "blocked.h"
#include "commands.h"
#include "file_name.h"
#include "input.h"
#include "look.h"
#include "mapring/mapring.h"
#include "ring_options.h"
#include "shared/idle.h"
#include "shared/message.h"
#include "shared/os.h"
#include "shared/progress.h"
#include "wait.h"

static struct {
    struct mapring_options ring;
    enum framing_kind framing;
    uint64_t block_bytes;
    unsigned wait_consumers;
    int64_t timeout_ns;
    int64_t linger_ns; /* negative: --linger was not given */
    enum too_long too_long;
    bool wait, progress;
} settings = {.block_bytes = BLOCK_BYTES, .timeout_ns = MAPRING_FOREVER, .linger_ns = -1};

static const struct option_row options[] = {
    {"framing", "line|length|block", value_framing, &settings.framing,
     "line: each line is a record, without its newline (default); length: each record follows 4 "
     "bytes with its length, little-endian; block: each record has --block-bytes, except that the "
     "last one of a FILE may be shorter"},
    {"block-bytes", "SIZE", value_size, &settings.block_bytes,
     "size of the records with --framing block (default 4K)"},
    {"too-long", "split|truncate|skip|fail", value_too_long, &settings.too_long,
     "what to do with a line or record that is longer than the ring allows: send it in parts, "
     "which recv joins again (default); send its beginning; leave it out; or fail"},
    {"wait", NULL, NULL, &settings.wait, "if the ring has a producer, wait until it has ended"},
    {"wait-consumers", "N", value_consumers, &settings.wait_consumers,
     "send nothing until N consumers are attached"},
    {"timeout", "SECONDS", value_seconds, &settings.timeout_ns,
     "give up if there is no room in the ring for that long, or if --wait or --wait-consumers "
     "takes longer (default: wait for ever)"},
    {"linger", "SECONDS", value_seconds, &settings.linger_ns,
     "at the end, wait until the consumers have read everything, but no longer than that"},
    {"sync", "none|close|MS", value_sync, &settings.ring,
     "when to write a ring in a file to its disk: when the system chooses (default), also at the "
     "end, or also every MS milliseconds"},
    {"trust-owner", NULL, NULL, &settings.ring.trust_owner,
     "also send into a ring of another user who is not root; the owner can read, change and lose "
     "what is sent"},
    OPTIONS_NEW_RING(settings.ring),
    OPTION_HUGE(&settings.ring.huge),
    OPTION_NUMA_NODE(&settings.ring),
    OPTION_PREFAULT(&settings.ring.prefault),
    OPTION_PROGRESS(&settings.progress),
    {NULL, NULL, NULL, NULL, NULL},
};

enum { POLL_MS = 10 };

struct sender {
    mapring_producer *producer;
    struct input input;
    struct batch batch;
    struct blocked blocked;
    uint64_t records, bytes; /* sent */
    uint64_t dropped_records, dropped_bytes;
    const char *name;
};

/* Waiting for 0 consumers returns at once, and says whether the ring still has its name. */
static bool goes_on(void *context)
{
    struct sender *sender = context;
    return mapring_producer_wait_consumers(sender->producer, 0, 0) != MAPRING_REMOVED;
}

static int removed(const char *name)
{
    complain(
        "the ring '%s' was removed: no process can find it any more, and unread records are lost",
        name);
    return EXIT_PEER_DIED;
}

static int give_up_on_consumers(const struct sender *sender, int result)
{
    static struct mapring_stat stat;
    if (result == MAPRING_REMOVED)
        return removed(sender->name);
    if (result < 0 || look(sender->blocked.name, settings.ring.scope, &stat) != MAPRING_OK)
        return ring_failure();
    if (os_interrupted() != 0)
        return os_interrupted();
    complain("%u of %u consumers attached within %.9g s", stat.consumers, settings.wait_consumers,
             (double)settings.timeout_ns / 1e9);
    return EXIT_TIMED_OUT;
}

static int wait_for_consumers(struct sender *sender)
{
    struct wait wait = wait_begin(settings.timeout_ns);
    int result;
    do {
        result = mapring_producer_wait_consumers(sender->producer, settings.wait_consumers,
                                                 wait_slice(&wait));
    } while (wait_again(&wait, result));
    return result == MAPRING_OK ? EXIT_DONE : give_up_on_consumers(sender, result);
}

static int give_up_on_room(const struct sender *sender, int result)
{
    if (result == MAPRING_REMOVED)
        return removed(sender->name);
    if (result < 0)
        return ring_failure();
    if (os_interrupted() != 0)
        return os_interrupted();
    blocked_tell(&sender->blocked, settings.timeout_ns);
    return EXIT_TIMED_OUT;
}

/* Parts and the record that ends them are sent one by one. */
static int try_to_send(struct sender *sender, int64_t timeout_ns)
{
    const struct batch *batch = &sender->batch;
    const struct mapring_buffer *first = &batch->records[0];
    if (batch->is_part)
        return mapring_producer_send_part(sender->producer, first->data, first->bytes, timeout_ns);
    if (batch->is_last)
        return mapring_producer_send(sender->producer, first->data, first->bytes, timeout_ns);
    return mapring_producer_send_batch(sender->producer, batch->records, batch->count, timeout_ns);
}

static int send_batch(struct sender *sender)
{
    const struct batch *batch = &sender->batch;
    struct wait wait = wait_begin(settings.timeout_ns);
    int result;
    blocked_begin(&sender->blocked);
    do {
        progress_show(sender->records, sender->bytes);
        result = try_to_send(sender, wait_slice(&wait));
        blocked_look(&sender->blocked, result);
    } while (wait_again(&wait, result));
    if (result != MAPRING_OK && result != MAPRING_DROPPED)
        return give_up_on_room(sender, result);
    *(result == MAPRING_OK ? &sender->records : &sender->dropped_records) += batch->count;
    *(result == MAPRING_OK ? &sender->bytes : &sender->dropped_bytes) += batch->bytes;
    return EXIT_DONE;
}

static int send_all(struct sender *sender)
{
    int status = EXIT_DONE;
    while (status == EXIT_DONE && os_interrupted() == 0) {
        int count = input_next_batch(&sender->input, &sender->batch);
        if (count == 0)
            return EXIT_DONE;
        status = count > 0 ? send_batch(sender) : EXIT_FAILED;
    }
    if (os_interrupted() != 0)
        return os_interrupted();
    return status == EXIT_FAILED && !idle_goes_on() ? removed(sender->name) : status;
}

static int send_file(struct sender *sender, const char *path)
{
    bool is_standard = strcmp(path, "-") == 0;
    int file = is_standard ? STANDARD_INPUT : os_open(path);
    if (file < 0 && os_interrupted() != 0)
        return os_interrupted();
    if (file < 0) {
        complain("cannot open %s: %s", path, os_error());
        return EXIT_FAILED;
    }
    input_open(&sender->input, file, is_standard ? "standard input" : path);
    int status = send_all(sender);
    if (!is_standard)
        os_close(file);
    return status;
}

static int send_files(struct sender *sender, int count, char **paths)
{
    int status = count == 0 ? send_file(sender, "-") : EXIT_DONE;
    for (int i = 0; i < count && status == EXIT_DONE; i++)
        status = send_file(sender, paths[i]);
    return status;
}

/* Prints how many records the slowest consumer has not read, or that there is no consumer. */
static void tell_unread(const char *name)
{
    static struct mapring_stat stat;
    if (look(name, settings.ring.scope, &stat) != MAPRING_OK)
        return;
    uint64_t most = 0;
    for (unsigned i = 0; i < stat.consumers; i++) {
        uint64_t pending = stat.consumer[i].pending_records;
        most = pending > most ? pending : most;
    }
    if (stat.consumers > 0) {
        complain("%" PRIu64 " records were not read within %.9g s", most,
                 (double)settings.linger_ns / 1e9);
    } else {
        complain("no consumer attached within %.9g s: %" PRIu64 " records are unread",
                 (double)settings.linger_ns / 1e9, stat.unread_records);
    }
}

static int linger(struct sender *sender, const char *name)
{
    struct wait wait = wait_begin(settings.linger_ns);
    int result;
    do {
        progress_show(sender->records, sender->bytes);
        result = mapring_producer_drain(sender->producer, wait_slice(&wait));
    } while (wait_again(&wait, result));
    if (result == MAPRING_REMOVED)
        return removed(name);
    if (result < 0 || os_interrupted() != 0)
        return result < 0 ? ring_failure() : os_interrupted();
    if (result == MAPRING_CONSUMER_GONE) {
        complain("a consumer went away before it had read everything");
        return EXIT_PEER_DIED;
    }
    if (result != MAPRING_OK) {
        tell_unread(name);
        return EXIT_TIMED_OUT;
    }
    return EXIT_DONE;
}

static void tell_dropped(const struct sender *sender)
{
    uint64_t dropped = sender->dropped_records, all = dropped + sender->records;
    if (dropped > 0)
        complain("dropped %" PRIu64 " of %" PRIu64 " records (%" PRIu64
                 " bytes) because the ring was full",
                 dropped, all, sender->dropped_bytes);
}

static void tell_too_long(const struct input *input)
{
    uint64_t count = input->shortened + input->skipped;
    if (count > 0)
        complain("%s %" PRIu64 " %s longer than the ring's record limit of %zu bytes; %" PRIu64
                 " bytes were left out",
                 input->skipped > 0 ? "skipped" : "truncated", count,
                 input->framing.kind == FRAMING_LINE ? "lines" : "records", input->record_limit,
                 input->left_out_bytes);
}

static int send_and_linger(struct sender *sender, const char *name, int count, char **paths)
{
    int status = settings.wait_consumers > 0 ? wait_for_consumers(sender) : EXIT_DONE;
    if (status == EXIT_DONE)
        status = send_files(sender, count, paths);
    if (status == EXIT_DONE && settings.linger_ns >= 0)
        status = linger(sender, name);
    if (status == EXIT_DONE && !goes_on(sender))
        status = removed(name);
    return status;
}

static int check_options(const char *name)
{
    if ((size_t)settings.block_bytes != settings.block_bytes)
        return usage_error("--block-bytes is larger than this program's address space");
    if (settings.ring.sync != MAPRING_SYNC_NONE && !file_name_is_one(name))
        return usage_error("--sync applies only to a ring in a file, and '%s' is not a path", name);
    return EXIT_DONE;
}

/* The producer does not know its observers, and so cannot wait for them. */
static int check_policy(const char *name, enum mapring_when_full policy)
{
    bool waits = settings.wait_consumers > 0 || settings.linger_ns >= 0;
    if (policy == MAPRING_OVERWRITE && waits)
        return usage_error("--wait-consumers and --linger cannot be used with the ring '%s': a "
                           "ring that overwrites has no consumers to wait for",
                           name);
    return EXIT_DONE;
}

/* The policy is read from the ring, because the options may not give it. In a ring that drops,
 * records are sent one by one, so that each is dropped or sent by itself. */
static int set_up(struct sender *sender, const char *name)
{
    static struct mapring_stat stat;
    if (look(name, settings.ring.scope, &stat) != MAPRING_OK)
        return ring_failure();
    sender->blocked = (struct blocked){.name = name, .scope = settings.ring.scope};
    sender->input.framing = (struct framing){settings.framing, (size_t)settings.block_bytes};
    sender->input.too_long = settings.too_long;
    sender->input.record_limit = mapring_producer_record_limit(sender->producer);
    sender->input.batch_limit = stat.when_full == MAPRING_DROP ? 1 : BATCH_LIMIT;
    return check_policy(name, stat.when_full);
}

/* Closing writes to the disk as well, but cannot report a failure. */
static int sync_at_end(const struct sender *sender, int status)
{
    if (settings.ring.sync == MAPRING_SYNC_NONE ||
        mapring_producer_sync(sender->producer) == MAPRING_OK)
        return status;
    int failed = ring_failure();
    return status == EXIT_DONE ? failed : status;
}

/* On Windows a ring without a file disappears with the last process that has it open. A consumer
 * would have it open, so records are lost only if there is none. */
static int close_ring(struct sender *sender, const char *name, int status)
{
    static struct mapring_stat stat;
    bool left = look(name, settings.ring.scope, &stat) == MAPRING_OK && stat.consumers == 0 &&
                stat.unread_records > 0;
    mapring_producer_close(sender->producer);
    if (!left || os_names_outlive_processes() ||
        look(name, settings.ring.scope, &stat) != MAPRING_ERROR_NOT_THERE)
        return status;
    complain("%" PRIu64 " unread records are lost: the ring disappeared with this command, because "
             "no other process had it open; use --linger, or a ring in a file",
             stat.unread_records);
    return status == EXIT_DONE ? EXIT_PEER_DIED : status;
}

static bool is_there(const char *name)
{
    static struct mapring_stat stat;
    return look(name, settings.ring.scope, &stat) != MAPRING_ERROR_NOT_THERE;
}

static int not_opened(int result)
{
    int status = ring_failure();
    if (result == MAPRING_ERROR_PRODUCER_TAKEN)
        complain("use --wait to wait until that producer has ended");
    return status;
}

static int open_ring(struct sender *sender, const char *name)
{
    struct wait wait = wait_begin(settings.timeout_ns);
    for (;;) {
        int result = mapring_producer_open(&sender->producer, name, &settings.ring);
        if (result == MAPRING_OK)
            return EXIT_DONE;
        if (result != MAPRING_ERROR_PRODUCER_TAKEN || !settings.wait)
            return not_opened(result);
        if (wait_pause(&wait, POLL_MS))
            continue;
        if (os_interrupted() != 0)
            return os_interrupted();
        ring_failure();
        complain("that producer did not end within %.9g s", (double)settings.timeout_ns / 1e9);
        return EXIT_TIMED_OUT;
    }
}

static int run(int count, char **arguments)
{
    static struct sender sender;
    int status = check_options(arguments[0]);
    if (status == EXIT_DONE)
        status = check_policy(arguments[0], settings.ring.when_full);
    if (status != EXIT_DONE)
        return status;
    bool is_likely_new = file_name_is_likely(arguments[0]) && !is_there(arguments[0]);
    status = open_ring(&sender, arguments[0]);
    if (status != EXIT_DONE)
        return status;
    if (is_likely_new)
        file_name_tell(arguments[0]);
    sender.name = arguments[0];
    idle_ask(goes_on, &sender);
    status = set_up(&sender, arguments[0]);
    progress_start(settings.progress);
    if (status == EXIT_DONE)
        status = send_and_linger(&sender, arguments[0], count - 1, arguments + 1);
    progress_clear();
    tell_dropped(&sender);
    tell_too_long(&sender.input);
    status = sync_at_end(&sender, status);
    status = close_ring(&sender, arguments[0], status);
    input_free(&sender.input);
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
