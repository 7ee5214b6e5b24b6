/* SPDX-License-Identifier: MIT */
/* mapring consumer rm: forgets a durable consumer. */
#include <stddef.h>

#include "commands.h"
#include "mapring/mapring.h"
#include "ring_options.h"
#include "shared/message.h"

static enum mapring_scope scope;

static const struct option_row options[] = {
    OPTION_SCOPE(&scope),
    {NULL, NULL, NULL, NULL, NULL},
};

static int run(int count, char **arguments)
{
    (void)count;
    int result = mapring_consumer_remove(arguments[0], scope, arguments[1]);
    return result == MAPRING_OK ? EXIT_DONE : ring_failure();
}

const struct command command_consumer_rm = {
    .name = "rm",
    .full_name = "mapring consumer rm",
    .arguments = "NAME CONSUMER [OPTION...]",
    .summary = "forget a durable consumer",
    .help = "Gives up the place that the ring NAME keeps for the durable consumer CONSUMER: the "
            "producer no longer waits for it, and it loses what it has not read. Refuses while the "
            "consumer is attached.",
    .options = options,
    .example = "mapring consumer rm log archive",
    .end = "Exit status: 0 done, 1 failed or refused, 2 wrong usage.",
    .least = 2,
    .most = 2,
    .run = run,
};

static const struct command *const commands[] = {&command_consumer_rm, &command_consumer_evict,
                                                 NULL};

const struct command command_consumer = {
    .name = "consumer",
    .full_name = "mapring consumer",
    .arguments = "rm|evict NAME CONSUMER [OPTION...]",
    .summary = "forget a durable consumer, or let an attached one go",
    .help = "Acts on one consumer of a ring; 'mapring consumers' lists them.",
    .commands = commands,
};
