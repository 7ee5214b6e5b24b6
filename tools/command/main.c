/* SPDX-License-Identifier: MIT */
/* The mapring command: its list of subcommands. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "complete.h"
#include "mapring/mapring.h"
#include "os.h"
#include "shared/message.h"
#include "shared/os.h"
#include "topics.h"

/* clang-format off: one per line */
static const struct command *const commands[] = {
    COMMAND_HEADING("Pass records"),
    &command_send,
    &command_recv,
    &command_run_program,
    &command_record,
    &command_play,
    &command_bridge,
    COMMAND_HEADING("Logs"),
    &command_log,
    &command_level,
    COMMAND_HEADING("Look at rings"),
    &command_top,
    &command_ls,
    &command_stat,
    &command_consumers,
    &command_dump,
    &command_dictionary,
    &command_exporter,
    &command_doctor,
    COMMAND_HEADING("Manage rings"),
    &command_create,
    &command_rm,
    &command_prune,
    &command_consumer,
    COMMAND_HEADING("Other"),
    &command_view,
    &command_bench,
    &command_stress,
    NULL,
};
/* clang-format on */

static bool version_is_wanted; /* only for the table: the option must stand alone */

static const struct option_row options[] = {
    {"version", NULL, NULL, &version_is_wanted, "print the version"},
    {NULL, NULL, NULL, NULL, NULL},
};

static const struct command root = {
    .name = "mapring",
    .full_name = "mapring",
    .arguments = "COMMAND [ARGUMENT...]",
    .help = "Passes records between processes through a ring in shared memory.",
    .commands = commands,
    .topics = topics,
    .options = options,
    .example = "mapring recv log --wait > copy &\n"
               "mapring send log /var/log/syslog --wait-consumers 1",
    .end = "'mapring help COMMAND' explains a command, 'mapring help TOPIC' a topic.",
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
    } else if (argc > 1 && strcmp(argv[1], "complete") == 0) {
        status = complete(&root, argc - 2, argv + 2);
    } else {
        status = command_run(&root, argc, argv);
    }
    return finish_output(status);
}
