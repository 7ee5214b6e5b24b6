/* SPDX-License-Identifier: MIT */
/* mapring recv: writes a ring's records to standard output, as one of its consumers. */
#include <inttypes.h>
#include <stddef.h>

#include "command.h"
#include "mapring/mapring.h"
#include "message.h"
#include "os.h"
#include "output.h"
#include "progress.h"
#include "wait.h"

enum { BATCH_LIMIT = 1024, POLL_MS = 10 };

static struct {
    struct mapring_consumer_options ring;
    struct framing framing;
    uint64_t count;
    int64_t timeout_ns;
    bool follow, wait, progress;
} settings = {
    .ring.name = "mapring recv",
    .count = UINT64_MAX,
    .timeout_ns = MAPRING_FOREVER,
};

static const struct option_row options[] = {
    {"framing", "line|length|block", value_framing, &settings.framing.kind,
     "line: a newline behind each record (default); length: its length in 4 bytes, little-endian, "
     "before each; block: nothing between them"},
    {"from", "oldest|newest", value_from, &settings.ring.from,
     "begin with the oldest record that is kept (default), or with the next one to come"},
    {"count", "N", value_count, &settings.count, "end after N records"},
    {"timeout", "SECONDS", value_seconds, &settings.timeout_ns,
     "give up when no record came, or with --wait no ring, for that long (default: wait for ever)"},
    {"follow", NULL, NULL, &settings.follow,
     "go on when the producer closes or dies, and wait for the next one"},
    {"wait", NULL, NULL, &settings.wait, "wait for the ring to appear"},
    OPTION_SCOPE(&settings.ring.scope),
    OPTION_PROGRESS(&settings.progress),
    {NULL, NULL, NULL, NULL, NULL},
};

struct receiver {
    mapring_consumer *consumer;
    struct output output;
    struct mapring_record records[BATCH_LIMIT];
    uint64_t total, bytes; /* received */
};

static bool may_appear(int result)
{
    return result == MAPRING_ERROR_NOT_THERE || result == MAPRING_ERROR_BEING_CREATED;
}

static int timed_out(const char *what)
{
    if (os_interrupted() != 0)
        return os_interrupted();
    complain("%s within %.9g s", what, (double)settings.timeout_ns / 1e9);
    return EXIT_TIMED_OUT;
}

static int open_ring(struct receiver *receiver, const char *name)
{
    struct wait wait = wait_begin(settings.timeout_ns);
    for (;;) {
        int result = mapring_consumer_open(&receiver->consumer, name, &settings.ring);
        if (result == MAPRING_OK)
            return EXIT_DONE;
        if (!may_appear(result) || !settings.wait) {
            int status = ring_failure();
            if (may_appear(result))
                complain("start its producer first, or use --wait");
            return status;
        }
        if (!wait_pause(&wait, POLL_MS))
            return timed_out("no such ring came");
    }
}

/* With --follow, the end of a producer is nothing but a time without records. */
static bool is_followed(int result)
{
    bool ended = result == MAPRING_PRODUCER_CLOSED || result == MAPRING_PRODUCER_DIED;
    return ended && settings.follow;
}

static int next_or_pause(struct receiver *receiver, size_t limit, size_t *count,
                         const struct wait *wait)
{
    int result = mapring_consumer_next_batch(receiver->consumer, receiver->records, limit, count,
                                             wait_slice(wait));
    if (!is_followed(result))
        return result;
    wait_pause(wait, POLL_MS);
    return MAPRING_TIMED_OUT;
}

/* What was written goes out before the command sleeps. */
static int next_records(struct receiver *receiver, size_t limit, size_t *count)
{
    int result =
        mapring_consumer_next_batch(receiver->consumer, receiver->records, limit, count, 0);
    if (result != MAPRING_NOTHING && !is_followed(result))
        return result;
    output_flush(&receiver->output);
    struct wait wait = wait_begin(settings.timeout_ns);
    do {
        progress_show(receiver->total, receiver->bytes);
        result = next_or_pause(receiver, limit, count, &wait);
    } while (receiver->output.state == OS_WRITTEN && wait_again(&wait, result));
    return result;
}

static int write_records(struct receiver *receiver, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        output_record(&receiver->output, receiver->records[i].payload, receiver->records[i].bytes);
        receiver->bytes += receiver->records[i].bytes;
    }
    receiver->total += count;
    progress_show(receiver->total, receiver->bytes);
    return mapring_consumer_release(receiver->consumer);
}

/* Until something ends it: returns MAPRING_OK for --count, a signal or the output's end. */
static int receive(struct receiver *receiver)
{
    int result = MAPRING_OK;
    while (result == MAPRING_OK && receiver->total < settings.count && os_interrupted() == 0 &&
           receiver->output.state == OS_WRITTEN) {
        uint64_t left = settings.count - receiver->total;
        size_t count = 0;
        result = next_records(receiver, left < BATCH_LIMIT ? (size_t)left : BATCH_LIMIT, &count);
        if (result == MAPRING_OK)
            result = write_records(receiver, count);
    }
    output_flush(&receiver->output);
    return result;
}

static int exit_status(const struct receiver *receiver, int result)
{
    if (receiver->output.state == OS_READER_GONE)
        return EXIT_DONE;
    if (receiver->output.state == OS_NOT_WRITTEN && os_interrupted() != 0) {
        complain("standard output took no more; the last records are lost");
        return os_interrupted();
    }
    if (receiver->output.state == OS_NOT_WRITTEN) {
        complain("cannot write standard output: %s", os_error());
        return EXIT_FAILED;
    }
    switch (result) {
    case MAPRING_OK:
        return receiver->total < settings.count ? os_interrupted() : EXIT_DONE;
    case MAPRING_PRODUCER_CLOSED:
        return EXIT_DONE;
    case MAPRING_PRODUCER_DIED:
        complain("the producer died; all %" PRIu64 " records that it left are read",
                 receiver->total);
        return EXIT_PEER_DIED;
    case MAPRING_NOTHING:
    case MAPRING_TIMED_OUT:
        return timed_out("no record came");
    default:
        return ring_failure();
    }
}

static int run(int count, char **arguments)
{
    (void)count;
    static struct receiver receiver;
    receiver.output.framing = settings.framing;
    int status = open_ring(&receiver, arguments[0]);
    if (status != EXIT_DONE)
        return status;
    progress_start(settings.progress);
    int result = receive(&receiver);
    progress_clear();
    status = exit_status(&receiver, result);
    mapring_consumer_close(receiver.consumer);
    return status;
}

const struct command command_recv = {
    .name = "recv",
    .full_name = "mapring recv",
    .arguments = "NAME [OPTION...]",
    .summary = "write a ring's records to standard output",
    .help = "Becomes a consumer of the ring NAME and writes its records to standard output, until "
            "the producer has closed. The producer waits for the slowest of up to 32 consumers; "
            "each gets every record.",
    .options = options,
    .end = "Exit status: 0 the producer closed and all is read, --count is reached, or nobody "
           "reads standard output any more; 1 failed, 2 wrong usage, 3 the producer died (all that "
           "it left is read and written), 4 timed out, 128+N ended by signal N.",
    .least = 1,
    .most = 1,
    .run = run,
};
