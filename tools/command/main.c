/* SPDX-License-Identifier: MIT */
/* The mapring command: its list of subcommands. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "mapring/mapring.h"
#include "os.h"
#include "shared/message.h"
#include "shared/os.h"

static const struct command *const commands[] = {
    &command_create,   &command_send, &command_recv,
    &command_ls,       &command_stat, &command_consumers,
    &command_consumer, &command_dump, &command_dictionary,
    &command_rm,       &command_view, &command_bench,
    &command_stress,   NULL,
};

static const struct command root = {
    .name = "mapring",
    .full_name = "mapring",
    .arguments = "COMMAND [ARGUMENT...]",
    .help = "Passes records between processes through a ring in shared memory. NAME is a ring's "
            "name, 1 to 100 of the characters A-Z a-z 0-9 . _ -, or a path (anything that contains "
            "a / or a \\), which means a ring in a file.",
    .commands = commands,
    .end =
        "'mapring help COMMAND' explains a command; 'mapring --version' prints the version.\n\n  "
        "mapring recv log --wait > copy &\n  mapring send log /var/log/syslog --wait-consumers 1",
};

/* Writing text that is still in the stdio buffer may fail only now. */
static int finish_output(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    if (os_reader_is_gone())
        return status;
    complain("cannot write to standard output: %s", os_error());
    return EXIT_FAILED;
}

int command_line(int argc, char **argv)
{
    os_catch_interrupts();
    int status;
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        printf("mapring %s\n", mapring_version());
        status = EXIT_DONE;
    } else if (argc > 1 && strcmp(argv[1], "help") == 0) {
        status = command_help(&root, argc - 2, argv + 2);
    } else {
        status = command_run(&root, argc, argv);
    }
    return finish_output(status);
}
