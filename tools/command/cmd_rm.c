/* SPDX-License-Identifier: MIT */
/* mapring rm: removes rings. */
#include <stddef.h>
#include <stdint.h>

#include "bridge/remains.h"
#include "commands.h"
#include "mapring/mapring.h"
#include "ring_options.h"
#include "shared/message.h"

static struct {
    enum mapring_scope scope;
    bool force;
} settings;

static const struct option_row options[] = {
    {"force", NULL, NULL, &settings.force, "remove the ring even while it is in use"},
    OPTION_SCOPE(&settings.scope),
    {NULL, NULL, NULL, NULL, NULL},
};

/* If several removals fail, wrong usage is reported only if nothing else failed. */
static int worse(int status, int other)
{
    return status == EXIT_FAILED ? status : other;
}

static int run(int count, char **arguments)
{
    int status = EXIT_DONE;
    for (int i = 0; i < count; i++)
        if (mapring_remove(arguments[i], settings.scope, settings.force) != MAPRING_OK)
            status = worse(status, ring_failure());
        else
            remains_forget(arguments[i], settings.scope);
    return status;
}

const struct command command_rm = {
    .name = "rm",
    .full_name = "mapring rm",
    .arguments = "NAME [NAME...] [OPTION...]",
    .summary = "remove rings",
    .help = "Removes the rings, so that no process can find them any more. Refuses while a "
            "producer or a consumer is using a ring. With --force the ring is removed anyway, and "
            "the processes that use it are told; an object that has the name of a ring but is not "
            "a valid ring is removed too. On Windows only a ring in a file can be removed; any "
            "other disappears with the last process that has it open.",
    .options = options,
    .example = "mapring rm log",
    .end = "Exit status: 0 all were removed, 1 failed or refused, 2 wrong usage.",
    .least = 1,
    .most = INT16_MAX,
    .run = run,
};
