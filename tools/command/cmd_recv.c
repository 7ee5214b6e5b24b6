/* SPDX-License-Identifier: MIT */
/* mapring recv: writes records of rings to standard output or a file, as one of their consumers
 * or observers. */
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "commands.h"
#include "label.h"
#include "log_level.h"
#include "look.h"
#include "names.h"
#include "output_failure.h"
#include "receive.h"
#include "recv_log.h"
#include "recv_open.h"
#include "recv_settings.h"
#include "recv_several.h"
#include "ring_options.h"
#include "shared/message.h"
#include "shared/progress.h"

static struct recv_settings settings = RECV_SETTINGS_DEFAULT;

static const struct option_row options[] = {
    OPTION_FRAMING(&settings.framing.kind),
    OPTION_JSON_RECORDS(&settings.json),
    OPTION_TIME(&settings.time),
    OPTIONS_FILTER(settings.filter),
    OPTION_LEAST_LEVEL(&settings.log.least),
    OPTIONS_LOG_STYLE(settings.style),
    OPTION_PREFIX(&settings.prefix),
    OPTIONS_ARCHIVE(settings.archive),
    {"strip-cr", NULL, NULL, &settings.strip_cr,
     "leave out a CR at the end of a record, as in lines from Windows"},
    OPTIONS_READER(settings),
    {"label", "TEXT", value_text, &settings.label,
     "the name that 'mapring stat' shows for this reader (default: where its output goes, such as "
     "'mapring recv > app.log')"},
    {"wake-bytes", "SIZE", value_size, &settings.ring.wake_bytes,
     "once asleep, wake up only when that many bytes are there ..."},
    {"wake-delay", "SECONDS", value_seconds, &settings.ring.wake_delay_ns,
     "... or that long after the first of them arrived"},
    OPTION_PREFAULT(&settings.ring.prefault),
    OPTION_SCOPE(&settings.ring.scope),
    OPTION_PROGRESS(&settings.progress),
    {NULL, NULL, NULL, NULL, NULL},
};

static int check_options(void)
{
    if (!output_is_clear(settings.json, settings.framing.kind, settings.time) ||
        !prefix_is_clear(settings.prefix, settings.framing.kind) ||
        !archive_is_clear(&settings.archive) || !reader_is_clear(&settings))
        return EXIT_USAGE;
    if (settings.label && (settings.consumer || settings.observe))
        return usage_error("--label cannot be used with --consumer, whose name is shown, or with "
                           "--observe, since observers are not shown");
    return EXIT_DONE;
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
        return recv_timed_out(&settings,
                              lacks_producer() ? "no producer appeared" : "no record arrived");
    default: return ring_failure();
    }
}

/* The next ring of that name is a different one, and is read from its beginning. */
static int open_next(struct receiver *receiver, const char *name)
{
    progress_clear();
    complain("the ring '%s' was removed; continuing with the next ring of that name", name);
    source_close(&receiver->source);
    log_lines_forget(&settings.log, name);
    memset(&receiver->source, 0, sizeof receiver->source);
    receiver->filter.since.sequence = 0;
    settings.ring.from = MAPRING_OLDEST;
    settings.wait = true;
    return recv_open(&settings, receiver, name);
}

static void set_up_output(struct output *output)
{
    output->archive = settings.archive;
    output->json = settings.json;
    output->framing = settings.framing;
    output->time = settings.time;
    output->prefix = settings.prefix;
    output->strip_cr = settings.strip_cr;
    output->log = recv_makes_lines(&settings) ? &settings.log : NULL;
    output->log_style = log_style_of(&settings.style, settings.time, settings.archive.path);
    settings.log.scope = settings.ring.scope;
}

static void set_up(struct receiver *receiver)
{
    settings.ring.durable = settings.consumer != NULL;
    settings.ring.wait_producer = settings.wait && !settings.has_appeared;
    settings.ring.name =
        settings.consumer ? settings.consumer : label_of(settings.label, settings.archive.path);
    receiver->output.is_good = source_is_good;
    receiver->output.source = &receiver->source;
    receiver->filter = settings.filter;
    receiver->filter.log = receiver->output.log ? &settings.log : NULL;
    receiver->output.ring = settings.prefix ? settings.name : NULL;
    receiver->count = settings.count;
    receiver->timeout_ns = settings.timeout_ns;
    receiver->follow = settings.follow;
}

static int receive_one(struct receiver *receiver, const char *name)
{
    settings.name = name;
    set_up(receiver);
    int status = recv_open(&settings, receiver, name);
    if (status != EXIT_DONE)
        return status;
    progress_start(settings.progress);
    int result = receive(receiver);
    while (result == MAPRING_REMOVED && settings.follow && status == EXIT_DONE) {
        status = open_next(receiver, name);
        if (status == EXIT_DONE)
            result = receive(receiver);
    }
    progress_clear();
    if (status == EXIT_DONE)
        status = exit_status(receiver, result);
    source_close(&receiver->source);
    return log_lines_end(&settings.log, status);
}

/* The rings of a log are read together. */
static int receive_all(struct receiver *receiver, int count, char **names)
{
    struct output *output = &receiver->output;
    bool several = count > 1 || name_is_pattern(names[0]), is_log = false;
    int status = several ? EXIT_DONE : recv_find_log(&settings, output, names[0], &is_log);
    if (status != EXIT_DONE || output->state != OS_WRITTEN)
        return status;
    if (several || is_log)
        return recv_several(
            &settings, is_log ? label_of(settings.label, settings.archive.path) : "mapring recv",
            output, count, names);
    return receive_one(receiver, names[0]);
}

static int run(int count, char **arguments)
{
    static struct receiver receiver;
    struct output *output = &receiver.output;
    int status = check_options();
    if (status != EXIT_DONE)
        return status;
    set_up_output(output);
    status = output_open(output);
    if (status != EXIT_DONE)
        return status;
    status = receive_all(&receiver, count, arguments);
    output_close(output);
    return status;
}

const struct command command_recv = {
    .name = "recv",
    .full_name = "mapring recv",
    .arguments = "NAME [NAME...] [OPTION...]",
    .summary = "write the records of rings to standard output or a file",
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
