/* SPDX-License-Identifier: MIT */
/* mapring bridge out: carries rings into streams. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bridge/batch_builder.h"
#include "bridge/connection.h"
#include "bridge/engine.h"
#include "carried.h"
#include "commands.h"
#include "ring_options.h"
#include "shared/message.h"

enum { LARGEST_BATCH = 8 << 20 };

static struct out_settings settings = {.batch_bytes = 256 << 10, .batch_delay_ns = 1000000};
static struct carried_names names;

static const char *value_replicas(const char *text, void *value)
{
    bool is_one = text[0] >= '1' && text[0] <= '5' && text[1] == '\0';
    if (is_one)
        *(unsigned *)value = (unsigned)(text[0] - '0');
    return is_one ? NULL : "1 to 5";
}

static const char *value_batch(const char *text, void *value)
{
    const char *problem = value_size(text, value);
    return !problem && *(uint64_t *)value > LARGEST_BATCH ? "at most 8M" : problem;
}

static const struct option_row options[] = {
    OPTIONS_CONNECTION(settings.connection),
    {"stream", "STREAM", value_text, &names.stream,
     "the stream's name; with several rings, % in it stands for a ring's name, in which '_' "
     "replaces what a stream cannot be called (default: %); without it, the further rings of a log "
     "have STREAM_1 and so on"},
    {"subject", "SUBJECT", value_text, &names.subject,
     "where the stream takes its messages from, also with % (default: the only one that it has; "
     "of a new stream mapring.STREAM)"},
    {"create", NULL, NULL, &settings.create, "make the stream if there is none"},
    {"replicas", "1|2|3|4|5", value_replicas, &settings.new_stream.replicas,
     "with --create: how many servers keep it (default 1)"},
    {"max-bytes", "SIZE", value_size, &settings.new_stream.max_bytes,
     "with --create: a stream of this size is full (default: when the server is)"},
    {"max-age", "TIME", value_duration, &settings.new_stream.max_age_ns,
     "with --create: the server removes messages after this time, such as 7d (default: never)"},
    {"anew", NULL, NULL, &settings.anew,
     "begin with what the ring still has if the stream is empty, though records of this ring were "
     "stored before"},
    {"compress", NULL, NULL, &settings.compress, "compress the messages, by zstd"},
    {"batch-bytes", "SIZE", value_batch, &settings.batch_bytes,
     "send a message when it has this size (default 256K)"},
    {"batch-delay", "SECONDS", value_seconds, &settings.batch_delay_ns,
     "or when its first record has waited this long (default 0.001)"},
    {"consumer", "CONSUMER", value_consumer, &settings.consumer,
     "the name under which the ring keeps the bridge's place (default: 'bridge STREAM')"},
    {"until-end", NULL, NULL, &settings.until_end,
     "end when the ring's producer has ended, and all of the ring is in the stream; of several "
     "rings, when that holds for all that were found, at least one"},
    OPTION_SCOPE(&settings.scope),
    {NULL, NULL, NULL, NULL, NULL},
};

static int check_options(void)
{
    const struct engine_new_stream *stream = &settings.new_stream;
    if (connection_problem(&settings.connection))
        return usage_error("%s", connection_problem(&settings.connection));
    if (carried_problem(&names))
        return usage_error("%s", carried_problem(&names));
    if (!settings.create && (stream->replicas || stream->max_bytes || stream->max_age_ns))
        return usage_error("--replicas, --max-bytes and --max-age describe a new stream: they need "
                           "--create");
    if (settings.compress && !batch_can_compress())
        return usage_error("--compress is not in this build, which was made without zstd");
    if (engine_missing()) {
        complain("%s", engine_missing());
        return EXIT_FAILED;
    }
    return EXIT_DONE;
}

static int run(int count, char **arguments)
{
    names.count = count;
    names.names = arguments;
    int status = check_options();
    return status == EXIT_DONE ? carried_run(&settings, &names) : status;
}

const struct command command_bridge_out = {
    .name = "out",
    .full_name = "mapring bridge out",
    .arguments = "NAME [NAME...] [OPTION...]",
    .summary = "carry rings into streams",
    .help =
        "Carries the rings, each into a stream of its own of a NATS server: each record once "
        "and in order, with its time, what is missing, what is defined, and the ends of runs. "
        "The bridge is a durable consumer of the ring, which keeps every record until the "
        "server has stored it: while the server is away or the stream is full, the ring fills "
        "up, and does what --when-full said when it was created; of a ring that overwrites, the "
        "bridge keeps a copy beside it, and counts what it came too late for. However the "
        "bridge or the server ends, the next bridge goes on where the stream ends. NAME may be "
        "a pattern such as 'app.*' (in quotes): then rings that appear later are carried, too. "
        "The name of a log stands for the rings of all its threads.",
    .options = options,
    .example = "mapring bridge out log --url nats://hub:4222 --stream log --create",
    .end = "Exit status: 0 with --until-end: everything is stored; 1 failed; 2 wrong usage; 3 the "
           "ring was removed (everything in it is stored); 128+N ended by signal N (what was sent "
           "and not yet stored is sent again by the next bridge).",
    .least = 1,
    .most = INT16_MAX,
    .run = run,
};
