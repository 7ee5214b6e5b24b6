/* SPDX-License-Identifier: MIT */
/* mapring rm: takes a ring away. */
#include <stddef.h>

#include "command.h"
#include "mapring/mapring.h"
#include "message.h"

static struct {
    enum mapring_scope scope;
    bool force;
} settings;

static const struct option_row options[] = {
    {"force", NULL, NULL, &settings.force, "also while it is in use"},
    OPTION_SCOPE(&settings.scope),
    {NULL, NULL, NULL, NULL, NULL},
};

static int run(int count, char **arguments)
{
    (void)count;
    int result = mapring_remove(arguments[0], settings.scope, settings.force);
    return result == MAPRING_OK ? EXIT_DONE : ring_failure();
}

const struct command command_rm = {
    .name = "rm",
    .full_name = "mapring rm",
    .arguments = "NAME [OPTION...]",
    .summary = "remove a ring",
    .help = "Removes the ring: nobody finds it any more. Refuses while a producer or a consumer is "
            "using it, unless --force; they then go on with it among themselves. On Windows only a "
            "ring in a file can be removed, any other goes with the last process that has it open.",
    .options = options,
    .end = "Exit status: 0 done, 1 failed or refused, 2 wrong usage.",
    .least = 1,
    .most = 1,
    .run = run,
};
