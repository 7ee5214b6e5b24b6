/* SPDX-License-Identifier: MIT */
/* mapring create: makes a ring ahead of its producer and consumers. */
#include <stddef.h>
#include <string.h>

#include "command.h"
#include "file_name.h"
#include "mapring/mapring.h"
#include "message.h"
#include "os.h"

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
    bool is_path = strpbrk(name, "/\\") != NULL;
    if (!is_path && !os_names_outlive_processes())
        keep_alive(name);
    mapring_close(ring);
    return EXIT_DONE;
}

const struct command command_create = {
    .name = "create",
    .full_name = "mapring create",
    .arguments = "NAME [OPTION...]",
    .summary = "make a ring",
    .help = "Makes the ring NAME, or the file of that path. It is an error if the ring already "
            "exists. On Linux the ring stays until 'mapring rm' or, if it is not in a file, until "
            "the next start of the machine. On Windows a ring that is not in a file goes with the "
            "last process that has it open: there the command keeps it until it is interrupted.",
    .options = options,
    .end = "Exit status: 0 done, 1 failed, 2 wrong usage, or a name or size that no ring can have.",
    .least = 1,
    .most = 1,
    .run = run,
};
