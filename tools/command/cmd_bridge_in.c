/* SPDX-License-Identifier: MIT */
/* mapring bridge in: carries a stream into a ring. */
#include <stddef.h>

#include "bridge/connection.h"
#include "bridge/engine.h"
#include "commands.h"
#include "shared/message.h"

static struct {
    struct connection connection;
    const char *stream;
} settings;

static const struct option_row options[] = {
    OPTIONS_CONNECTION(settings.connection),
    {"stream", "STREAM", value_text, &settings.stream, "the stream's name"},
    {NULL, NULL, NULL, NULL, NULL},
};

static int run(int count, char **arguments)
{
    (void)count, (void)arguments;
    if (!connection_check(&settings.connection))
        return EXIT_USAGE;
    if (engine_missing()) {
        complain("%s", engine_missing());
        return EXIT_FAILED;
    }
    return EXIT_DONE;
}

const struct command command_bridge_in = {
    .name = "in",
    .full_name = "mapring bridge in",
    .arguments = "NAME [OPTION...]",
    .summary = "carry a stream into a ring",
    .help = "Carries the records of a stream of a NATS server into the ring NAME.",
    .options = options,
    .example = "mapring bridge in log --stream log",
    .end = "Exit status: 0 done, 1 failed, 2 wrong usage, 128+N ended by signal N.",
    .least = 1,
    .most = 1,
    .names_no_ring = true,
    .run = run,
};
