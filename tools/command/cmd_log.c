/* SPDX-License-Identifier: MIT */
/* mapring log: what there is to do with logs besides reading them. */
#include <stddef.h>

#include "commands.h"

static const struct command *const commands[] = {&command_log_write, &command_log_sites, NULL};

const struct command command_log = {
    .name = "log",
    .full_name = "mapring log",
    .arguments = "write|sites NAME [OPTION...]",
    .summary = "write lines into a log, or list the places that log",
    .help = "Programs write logs with mapring/log.h. 'mapring recv NAME' shows the lines, 'mapring "
            "dump NAME' those that are still there, and 'mapring level NAME debug' changes how "
            "much is written.",
    .commands = commands,
};
