/* SPDX-License-Identifier: MIT */
/* mapring recv: writes a ring's records to standard output, as one of its consumers or
 * observers. */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "command.h"
#include "look.h"
#include "message.h"
#include "progress.h"
#include "receive.h"
#include "sink.h"
#include "wait.h"

static struct {
    struct mapring_consumer_options ring;
    const char *name;
    const char *consumer; /* of a durable one */
    enum mapring_from after_lap;
    struct framing framing;
    uint64_t count;
    int64_t timeout_ns;
    bool observe, json, follow, wait, progress;
} settings = {.count = UINT64_MAX, .timeout_ns = MAPRING_FOREVER};

static const struct option_row options[] = {
    OPTION_FRAMING(&settings.framing.kind),
    OPTION_JSON_RECORDS(&settings.json),
    {"from", "unread|oldest|newest|run|SEQUENCE", value_from, &settings.ring,
     "unread: begin with what no consumer has read yet (default); oldest: with the oldest record "
     "that is kept; newest: with the next one to come; run: with the first one of the present "
     "producer, or of the next; or with the one of that number"},
    {"consumer", "NAME", value_consumer, &settings.consumer,
     "be durable: the ring keeps this consumer's place under that name until 'mapring consumer "
     "rm', and a record counts as read when it is written"},
    {"max-lag", "SIZE", value_size, &settings.ring.max_lag_bytes,
     "with --consumer: once it is away and that far behind, the producer no longer waits for it "
     "(default: it always waits)"},
    {"observe", NULL, NULL, &settings.observe,
     "only observe: read permission is enough, nobody waits for it, and it may lose records"},
    {"after-lap", "oldest|newest", value_after_lap, &settings.after_lap,
     "where an observer goes on after it lost records (default: oldest)"},
    {"count", "N", value_count, &settings.count, "end after N records"},
    {"timeout", "SECONDS", value_seconds, &settings.timeout_ns,
     "give up when no record came, or with --wait no ring or producer, for that long (default: "
     "wait "
     "for ever)"},
    {"wake-bytes", "SIZE", value_size, &settings.ring.wake_bytes,
     "sleep until that many bytes are there ..."},
    {"wake-delay", "SECONDS", value_seconds, &settings.ring.wake_delay_ns,
     "... or until the first of them has been there for that long"},
    {"follow", NULL, NULL, &settings.follow,
     "go on when the producer closes or dies, and wait for the next one; when the ring is removed, "
     "go on with the one that has the name next"},
    {"wait", NULL, NULL, &settings.wait,
     "wait for a producer, also when there is no such ring yet: end when its run has ended, and "
     "not because an earlier one has"},
    OPTION_PREFAULT(&settings.ring.prefault),
    OPTION_SCOPE(&settings.ring.scope),
    OPTION_PROGRESS(&settings.progress),
    {NULL, NULL, NULL, NULL, NULL},
};

static bool is_for_consumers_only(void)
{
    return settings.consumer || settings.ring.wake_bytes > 0;
}

static int check_options(void)
{
    const struct mapring_consumer_options *ring = &settings.ring;
    if (!output_is_clear(settings.json, settings.framing.kind))
        return EXIT_USAGE;
    if (ring->max_lag_bytes > 0 && !settings.consumer)
        return usage_error("--max-lag is for a durable one: name it with --consumer");
    if ((ring->wake_bytes > 0) != (ring->wake_delay_ns > 0))
        return usage_error("--wake-bytes and a --wake-delay above 0 go together");
    if (settings.observe && is_for_consumers_only())
        return usage_error("an observer has no place in the ring that --consumer could keep, and "
                           "nobody wakes it");
    return EXIT_DONE;
}

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

/* A ring that overwrites, which who may only read it cannot learn by becoming a consumer. */
static bool can_only_be_observed(const char *name, int result)
{
    static struct mapring_stat stat;
    if (is_for_consumers_only())
        return false;
    return result == MAPRING_ERROR_POLICY ||
           (result == MAPRING_ERROR_PERMISSION &&
            look(name, settings.ring.scope, &stat) == MAPRING_OK &&
            stat.when_full == MAPRING_OVERWRITE);
}

static int try_to_open(struct source *source, const char *name)
{
    if (settings.observe)
        return source_observe(source, name, &settings.ring, settings.after_lap);
    int result = source_consume(source, name, &settings.ring);
    if (!can_only_be_observed(name, result))
        return result;
    result = source_observe(source, name, &settings.ring, settings.after_lap);
    if (result == MAPRING_OK)
        complain("the ring '%s' overwrites what is not read in time: observing it", name);
    return result;
}

/* Behind a quarter of the ring the largest record has room. Who begins at a number that is still to come
 * may have to give back more at once. */
static void set_hold_bytes(struct receiver *receiver, const char *name)
{
    static struct mapring_stat stat;
    bool known =
        receiver->source.first == 0 && look(name, settings.ring.scope, &stat) == MAPRING_OK;
    receiver->hold_bytes = known ? stat.capacity_bytes / 4 : 0;
}

/* Nobody reads the output any more: there may be no ring, and nothing is to be done. */
static int open_ring(struct receiver *receiver, const char *name)
{
    struct wait wait = wait_begin(settings.timeout_ns);
    for (;;) {
        int result = try_to_open(&receiver->source, name);
        if (result == MAPRING_OK) {
            set_hold_bytes(receiver, name);
            return EXIT_DONE;
        }
        /* Whoever has used a ring that comes later has come while this command waited. */
        settings.ring.wait_producer = false;
        if (!may_appear(result) || !settings.wait) {
            int status = ring_failure();
            if (may_appear(result))
                complain("start its producer first, or use --wait");
            if (mapring_last_error()->system != 0 && result == MAPRING_ERROR_PERMISSION &&
                !settings.observe)
                complain("with read permission only, use --observe");
            return status;
        }
        if (sink_is_unread(STANDARD_OUTPUT))
            receiver->output.state = OS_READER_GONE;
        if (receiver->output.state != OS_WRITTEN)
            return EXIT_DONE;
        if (!wait_pause(&wait, POLL_MS))
            return timed_out("no such ring appeared");
    }
}

static int output_failed(const struct receiver *receiver)
{
    if (receiver->output.state == OS_READER_GONE)
        return EXIT_DONE;
    if (os_interrupted() != 0) {
        complain("standard output took no more; the last records %s",
                 receiver->source.consumer ? "are not released and come again" : "are lost");
        return os_interrupted();
    }
    complain("cannot write standard output: %s", os_error());
    return EXIT_FAILED;
}

static bool lacks_producer(void)
{
    static struct mapring_stat stat;
    return settings.wait && look(settings.name, settings.ring.scope, &stat) == MAPRING_OK &&
           stat.producer_state != MAPRING_PRODUCER_IS_OPEN;
}

static int exit_status(const struct receiver *receiver, int result)
{
    if (receiver->output.state != OS_WRITTEN)
        return output_failed(receiver);
    if (os_interrupted() == EXIT_HUNG_UP)
        complain("ended by SIGHUP; to have a log file written anew, start it again");
    switch (result) {
    case MAPRING_OK: return receiver->whole < settings.count ? os_interrupted() : EXIT_DONE;
    case MAPRING_PRODUCER_CLOSED: return EXIT_DONE;
    case MAPRING_PRODUCER_DIED:
        complain("the producer died; all %" PRIu64 " records that it left are read",
                 receiver->total);
        return EXIT_PEER_DIED;
    case MAPRING_REMOVED:
        complain("the ring was removed; all %" PRIu64 " records that it had are read",
                 receiver->total);
        return EXIT_PEER_DIED;
    case MAPRING_NOTHING:
    case MAPRING_TIMED_OUT:
        return timed_out(lacks_producer() ? "no producer came" : "no record came");
    default: return ring_failure();
    }
}

/* The ring that has the name next is another one, and read from its beginning. */
static int open_next(struct receiver *receiver, const char *name)
{
    progress_clear();
    complain("the ring '%s' was removed: going on with the next one of that name", name);
    source_close(&receiver->source);
    memset(&receiver->source, 0, sizeof receiver->source);
    settings.ring.from = MAPRING_OLDEST;
    settings.wait = true;
    return open_ring(receiver, name);
}

static void set_up(struct receiver *receiver)
{
    settings.ring.durable = settings.consumer != NULL;
    settings.ring.wait_producer = settings.wait;
    settings.ring.name = settings.consumer ? settings.consumer : "mapring recv";
    receiver->output.json = settings.json;
    receiver->output.framing = settings.framing;
    receiver->count = settings.count;
    receiver->timeout_ns = settings.timeout_ns;
    receiver->follow = settings.follow;
}

static int run(int count, char **arguments)
{
    (void)count;
    static struct receiver receiver;
    int status = check_options();
    if (status != EXIT_DONE)
        return status;
    settings.name = arguments[0];
    set_up(&receiver);
    status = open_ring(&receiver, arguments[0]);
    if (status != EXIT_DONE)
        return status;
    progress_start(settings.progress);
    int result = receive(&receiver);
    while (result == MAPRING_REMOVED && settings.follow && status == EXIT_DONE) {
        status = open_next(&receiver, arguments[0]);
        if (status == EXIT_DONE)
            result = receive(&receiver);
    }
    progress_clear();
    if (status == EXIT_DONE)
        status = exit_status(&receiver, result);
    source_close(&receiver.source);
    return status;
}

const struct command command_recv = {
    .name = "recv",
    .full_name = "mapring recv",
    .arguments = "NAME [OPTION...]",
    .summary = "write a ring's records to standard output",
    .help = "Becomes a consumer of the ring NAME and writes its records to standard output, until "
            "the producer has closed. It begins with what no consumer has read yet, so that one "
            "recv after the other gets each record once. The producer waits for the slowest of up "
            "to 32 consumers; each gets every record from where it began. Records that are lost in "
            "a ring that drops or overwrites are reported on standard error. A ring that "
            "overwrites is always observed.",
    .options = options,
    .end = "Exit status: 0 the producer closed and all is read, --count is reached, or nobody "
           "reads standard output any more; 1 failed, 2 wrong usage, 3 the producer died or the "
           "ring was "
           "removed (all that it had is read and written), 4 timed out, 128+N ended by signal N.",
    .least = 1,
    .most = 1,
    .run = run,
};
