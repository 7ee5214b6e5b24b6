/* SPDX-License-Identifier: MIT */
/* mapring bridge out: carries a ring into a stream. */
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
    if (connection_problem(&settings.connection))
        return usage_error("%s", connection_problem(&settings.connection));
    if (engine_missing()) {
        complain("%s", engine_missing());
        return EXIT_FAILED;
    }
    return EXIT_DONE;
}

const struct command command_bridge_out = {
    .name = "out",
    .full_name = "mapring bridge out",
    .arguments = "NAME [OPTION...]",
    .summary = "carry a ring into a stream",
    .help = "Carries the records of the ring NAME into a stream of a NATS server.",
    .options = options,
    .example = "mapring bridge out log --stream log",
    .end = "Exit status: 0 done, 1 failed, 2 wrong usage, 128+N ended by signal N.",
    .least = 1,
    .most = 1,
    .run = run,
};
