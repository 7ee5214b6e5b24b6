/* SPDX-License-Identifier: MIT */
/* mapring create: creates a ring before its producer or its consumers attach. */
#include <stddef.h>

#include "commands.h"
#include "file_name.h"
#include "mapring/mapring.h"
#include "ring_options.h"
#include "shared/message.h"
#include "shared/os.h"

static struct mapring_options settings = {.how = MAPRING_CREATE};

static const struct option_row options[] = {
    OPTIONS_NEW_RING(settings),
    OPTION_HUGE(&settings.huge),
    OPTION_NUMA_NODE(&settings),
    {NULL, NULL, NULL, NULL, NULL},
};

static void keep_alive(const char *name)
{
    complain("the ring '%s' exists until this command is interrupted (Ctrl-C)", name);
    while (os_interrupted() == 0)
        os_pause_ms(100);
}

static int run(int count, char **arguments)
{
    (void)count;
    const char *name = arguments[0];
    struct mapring_ring *ring = NULL;
    if (mapring_open(&ring, name, &settings) != MAPRING_OK)
        return ring_failure();
    if (file_name_is_likely(name))
        file_name_tell(name);
    if (!file_name_is_one(name) && !os_names_outlive_processes())
        keep_alive(name);
    mapring_close(ring);
    return EXIT_DONE;
}

const struct command command_create = {
    .name = "create",
    .full_name = "mapring create",
    .arguments = "NAME [OPTION...]",
    .summary = "create a ring",
    .help =
        "Creates the ring NAME, or a ring in a file if NAME is a path. It is an error if the ring "
        "already exists. On Linux the ring stays until 'mapring rm' removes it or, if it is not in "
        "a file, until the machine restarts. On Windows a ring without a file disappears with the "
        "last process that has it open: there the command keeps the ring until it is interrupted.",
    .options = options,
    .example = "mapring create ./flight.ring --capacity 16M --when-full overwrite",
    .end = "Exit status: 0 done; 1 failed; 2 wrong usage, or an invalid ring name or geometry.",
    .least = 1,
    .most = 1,
    .names_no_ring = true,
    .run = run,
};
