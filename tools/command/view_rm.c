/* SPDX-License-Identifier: MIT */
/* mapring view rm: removes a named mapping on systems where it would stay. */
#include <stddef.h>

#include "commands.h"
#include "shared/message.h"
#include "shared/os.h"

static const struct option_row options[] = {{NULL, NULL, NULL, NULL, NULL}};

static int run(int count, char **arguments)
{
    (void)count;
    return os_view_remove_name(arguments[0]) ? EXIT_DONE : EXIT_FAILED;
}

const struct command command_view_rm = {
    .name = "rm",
    .full_name = "mapring view rm",
    .arguments = "NAME",
    .summary = "remove a mapping (Linux)",
    .help = "Removes a named mapping, so that no process can find it any more; processes that have "
            "it open keep using it. On Windows this command fails: a mapping disappears with the "
            "last process that has it open.",
    .options = options,
    .example = "mapring view rm Greeting",
    .end = "Exit status: 0 done, 1 failed, 2 wrong usage.",
    .least = 1,
    .most = 1,
    .names_no_ring = true,
    .run = run,
};
