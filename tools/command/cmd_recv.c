/* SPDX-License-Identifier: MIT */
/* mapring recv: writes a ring's records to standard output, as one of its consumers or
 * observers. */
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "commands.h"
#include "label.h"
#include "look.h"
#include "names.h"
#include "output_failure.h"
#include "receive.h"
#include "receive_several.h"
#include "ring_options.h"
#include "shared/message.h"
#include "shared/progress.h"
#include "sink.h"
#include "wait.h"

static struct {
    struct mapring_consumer_options ring;
    const char *name;
    const char *consumer; /* name of the durable consumer, or NULL */
    const char *label;
    enum mapring_from after_lap;
    struct framing framing;
    enum time_form time;
    struct filter filter;
    uint64_t count;
    int64_t timeout_ns;
    bool observe, json, prefix, follow, wait, progress;
} settings = {.filter = FILTER_ALL, .count = UINT64_MAX, .timeout_ns = MAPRING_FOREVER};

static const struct option_row options[] = {
    OPTION_FRAMING(&settings.framing.kind),
    OPTION_JSON_RECORDS(&settings.json),
    OPTION_TIME(&settings.time),
    OPTIONS_FILTER(settings.filter),
    OPTION_PREFIX(&settings.prefix),
    {"from", "unread|oldest|newest|run|SEQUENCE", value_from, &settings.ring,
     "unread: begin with the first record that no consumer has read (default); oldest: with the "
     "oldest record that the ring still has; newest: with the next record to be sent; run: with "
     "the first record of the present producer or, if there is none, of the next; SEQUENCE: with "
     "the record of that number"},
    {"consumer", "CONSUMER", value_consumer, &settings.consumer,
     "be a durable consumer: the ring keeps its place under that name until 'mapring consumer rm', "
     "and a record counts as read once it is written"},
    {"max-lag", "SIZE", value_size, &settings.ring.max_lag_bytes,
     "with --consumer: if this consumer is away and more than SIZE behind, the producer no longer "
     "waits for it (default: it always waits)"},
    {"label", "TEXT", value_text, &settings.label,
     "the name that 'mapring stat' shows for this reader (default: where its output goes, such as "
     "'mapring recv > app.log')"},
    {"observe", NULL, NULL, &settings.observe,
     "only observe: read permission is enough, the producer does not wait, and records may be "
     "lost"},
    {"after-lap", "oldest|newest", value_after_lap, &settings.after_lap,
     "where an observer continues after it has lost records (default: oldest)"},
    {"count", "N", value_count, &settings.count, "end after N records were written"},
    {"timeout", "SECONDS", value_seconds, &settings.timeout_ns,
     "give up if no record arrives for that long or, with --wait, if no ring or no producer "
     "appears (default: wait for ever)"},
    {"wake-bytes", "SIZE", value_size, &settings.ring.wake_bytes,
     "once asleep, wake up only when that many bytes are there ..."},
    {"wake-delay", "SECONDS", value_seconds, &settings.ring.wake_delay_ns,
     "... or that long after the first of them arrived"},
    {"follow", NULL, NULL, &settings.follow,
     "when the producer closes or dies, continue and wait for the next one; when the ring is "
     "removed, continue with the next ring of that name"},
    {"wait", NULL, NULL, &settings.wait,
     "wait for a producer, even if there is no such ring yet, and do not end because an earlier "
     "producer has closed or died"},
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
    if (!output_is_clear(settings.json, settings.framing.kind, settings.time) ||
        !prefix_is_clear(settings.prefix, settings.framing.kind))
        return EXIT_USAGE;
    if (ring->max_lag_bytes > 0 && !settings.consumer)
        return usage_error("--max-lag applies to durable consumers only: use it with --consumer");
    if (settings.label && (settings.consumer || settings.observe))
        return usage_error("--label cannot be used with --consumer, whose name is shown, or with "
                           "--observe, since observers are not shown");
    if ((ring->wake_bytes > 0) != (ring->wake_delay_ns > 0))
        return usage_error("--wake-bytes and a --wake-delay above 0 must be used together");
    if (settings.observe && is_for_consumers_only())
        return usage_error("--consumer, --wake-bytes and --wake-delay cannot be used with "
                           "--observe: an observer has no place in the ring and is not woken");
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

/* Whether to observe instead, because the ring overwrites. Without write permission, opening a
 * consumer fails before it can find that out. */
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
        complain(
            "the ring '%s' overwrites when it is full, so it is observed, and records may be lost",
            name);
    return result;
}

/* A quarter of the ring leaves room for the largest record. A consumer that begins at a number that
 * has not been sent yet may have to release more at once. */
static void set_hold_bytes(struct receiver *receiver, const char *name)
{
    static struct mapring_stat stat;
    bool known =
        receiver->source.first == 0 && look(name, settings.ring.scope, &stat) == MAPRING_OK;
    receiver->hold_bytes = known ? stat.capacity_bytes / 4 : 0;
}

static bool wants_times(void)
{
    return settings.time != TIME_NONE || filter_needs_times(&settings.filter);
}

/* Also returns EXIT_DONE, with no ring open, if the reader of the output is gone. */
static int open_ring(struct receiver *receiver, const char *name)
{
    static struct mapring_stat stat;
    struct wait wait = wait_begin(settings.timeout_ns);
    for (;;) {
        int result = wants_times() ? look(name, settings.ring.scope, &stat) : MAPRING_OK;
        if (result == MAPRING_OK && wants_times() && !stat.times)
            return output_lacks_times(name);
        if (!may_appear(result))
            result = try_to_open(&receiver->source, name);
        if (result == MAPRING_OK) {
            set_hold_bytes(receiver, name);
            return EXIT_DONE;
        }
        /* If the ring appears during the wait, so did its producer, even if it has closed
         * already. */
        settings.ring.wait_producer = false;
        if (!may_appear(result) || !settings.wait) {
            int status = ring_failure();
            if (may_appear(result))
                complain("start its producer first, or use --wait");
            if (mapring_last_error()->system != 0 && result == MAPRING_ERROR_PERMISSION &&
                !settings.observe)
                complain("if you have read permission only, use --observe");
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

static bool lacks_producer(void)
{
    static struct mapring_stat stat;
    return settings.wait && look(settings.name, settings.ring.scope, &stat) == MAPRING_OK &&
           stat.producer_state != MAPRING_PRODUCER_IS_OPEN;
}

static int exit_status(const struct receiver *receiver, int result)
{
    if (receiver->output.state != OS_WRITTEN)
        return output_failure(&receiver->output, receiver->source.consumer != NULL);
    if (os_interrupted() == EXIT_HUNG_UP)
        complain("ended by SIGHUP; start the command again to reopen its output file");
    switch (result) {
    case MAPRING_OK:
        return receiver->output.written_records < settings.count ? os_interrupted() : EXIT_DONE;
    case MAPRING_PRODUCER_CLOSED: return EXIT_DONE;
    case MAPRING_PRODUCER_DIED:
        complain("the producer died; all %" PRIu64 " records that it left were read",
                 receiver->total);
        return EXIT_PEER_DIED;
    case MAPRING_REMOVED:
        complain("the ring was removed; all %" PRIu64 " records in it were read", receiver->total);
        return EXIT_PEER_DIED;
    case MAPRING_NOTHING:
    case MAPRING_TIMED_OUT:
        return timed_out(lacks_producer() ? "no producer appeared" : "no record arrived");
    default: return ring_failure();
    }
}

/* The next ring of that name is a different one, and is read from its beginning. */
static int open_next(struct receiver *receiver, const char *name)
{
    progress_clear();
    complain("the ring '%s' was removed; continuing with the next ring of that name", name);
    source_close(&receiver->source);
    memset(&receiver->source, 0, sizeof receiver->source);
    receiver->filter.since.sequence = 0;
    settings.ring.from = MAPRING_OLDEST;
    settings.wait = true;
    return open_ring(receiver, name);
}

static void set_up(struct receiver *receiver)
{
    settings.ring.durable = settings.consumer != NULL;
    settings.ring.wait_producer = settings.wait;
    settings.ring.name = settings.consumer ? settings.consumer : label_of(settings.label);
    receiver->output.json = settings.json;
    receiver->output.framing = settings.framing;
    receiver->output.time = settings.time;
    receiver->output.is_good = source_is_good;
    receiver->output.source = &receiver->source;
    receiver->filter = settings.filter;
    receiver->output.prefix = settings.prefix;
    receiver->output.ring = settings.prefix ? settings.name : NULL;
    receiver->count = settings.count;
    receiver->timeout_ns = settings.timeout_ns;
    receiver->follow = settings.follow;
}

static int check_options_of_several(void)
{
    if (settings.ring.from == MAPRING_AT_SEQUENCE)
        return usage_error("--from SEQUENCE applies to one ring only: each has its own numbers");
    if (settings.ring.wake_bytes > 0)
        return usage_error("--wake-bytes and --wake-delay apply to one ring only");
    return filter_is_clear_for_several(&settings.filter) ? EXIT_DONE : EXIT_USAGE;
}

static int run_several(int count, char **arguments)
{
    static struct several several;
    const struct mapring_consumer_options *ring = &settings.ring;
    int status = check_options_of_several();
    if (status != EXIT_DONE)
        return status;
    several.options = (struct mapring_merge_options){
        .scope = ring->scope,
        .from = ring->from,
        .after_lap = settings.after_lap,
        .name = settings.consumer ? settings.consumer : "mapring recv",
        .max_lag_bytes = ring->max_lag_bytes,
        .durable = settings.consumer != NULL,
        .prefault = ring->prefault,
        .wait_producer = settings.wait,
        .observe = settings.observe,
    };
    several.names = arguments;
    several.name_count = count;
    several.count = settings.count;
    several.timeout_ns = settings.timeout_ns;
    several.follow = settings.follow;
    several.wait = settings.wait;
    several.output.json = settings.json;
    several.output.framing = settings.framing;
    several.output.prefix = settings.prefix;
    several.output.time = settings.time;
    several.filter = settings.filter;
    progress_start(settings.progress);
    return receive_several(&several);
}

static int run(int count, char **arguments)
{
    static struct receiver receiver;
    int status = check_options();
    if (status != EXIT_DONE)
        return status;
    if (count > 1 || name_is_pattern(arguments[0]))
        return run_several(count, arguments);
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
    .arguments = "NAME [NAME...] [OPTION...]",
    .summary = "write the records of rings to standard output",
    .help = "Becomes a consumer of the ring NAME and writes its records to standard output until "
            "the producer has closed and everything is read. It begins with what no consumer has "
            "read yet, so that several recv commands run one after another get each record once. A "
            "ring has up to 32 consumers; each gets every record from where it began, and the "
            "producer waits for the slowest. Where the producer dropped or overwrote records, a "
            "message on standard error says which. A ring that overwrites is always observed.\n\n"
            "With several NAMEs, or a pattern such as 'app.*' (in quotes, so that the shell does "
            "not expand it), it reads all these rings, also those that appear later, until all "
            "producers have closed. Records of rings with times are written in the order of their "
            "times; no line is torn.",
    .options = options,
    .example = "mapring recv app --wait --follow >> app.log",
    .end = "Exit status: 0 the producer closed and everything is read, --count or --until was "
           "reached, or the reader of standard output is gone; 1 failed; 2 wrong usage; 3 a "
           "producer died or a ring was removed (everything in it is written); 4 timed out; 128+N "
           "ended by signal N.",
    .least = 1,
    .most = INT16_MAX,
    .run = run,
};
