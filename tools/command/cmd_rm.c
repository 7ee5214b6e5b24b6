/* SPDX-License-Identifier: MIT */
/* mapring rm: takes a ring away. */
#include <stddef.h>
#include <stdint.h>

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

/* Of several, wrong usage counts only if nothing else failed. */
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
    return status;
}

const struct command command_rm = {
    .name = "rm",
    .full_name = "mapring rm",
    .arguments = "NAME [NAME...] [OPTION...]",
    .summary = "remove rings",
    .help =
        "Removes the rings: nobody finds them any more. Refuses while a producer or a consumer is "
        "using one, unless --force; who uses it is then told. By force, whatever has the name of a "
        "ring is removed. On Windows only a ring in a file can be removed, any other goes with the "
        "last process that has it open.",
    .options = options,
    .end = "Exit status: 0 all are removed, 1 failed or refused, 2 wrong usage.",
    .least = 1,
    .most = INT16_MAX,
    .run = run,
};
