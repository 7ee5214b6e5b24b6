/* SPDX-License-Identifier: MIT */
/* mapring bridge: carries rings to other machines. */
#include <stddef.h>

#include "commands.h"

static const struct command *const commands[] = {&command_bridge_out, &command_bridge_in, NULL};

const struct command command_bridge = {
    .name = "bridge",
    .full_name = "mapring bridge",
    .arguments = "out|in NAME [OPTION...]",
    .summary = "carry rings to other machines, by NATS JetStream",
    .help = "Carries the records of a ring into a stream of a NATS server ('out'), and from there "
            "into rings of other machines ('in'), each record once and in order.",
    .commands = commands,
    .end = "'mapring help bridge out' and 'mapring help bridge in' explain the options.",
};
