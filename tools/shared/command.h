/* SPDX-License-Identifier: MIT */
/* A command and its help. A command may have subcommands. */
#ifndef TOOLS_COMMAND_H
#define TOOLS_COMMAND_H

#include "options.h"

struct command {
    const char *name;      /* "recv" */
    const char *full_name; /* "mapring recv" */
    const char *arguments; /* "NAME" */
    const char *summary;   /* a few words for the list of commands */
    const char *help;      /* what follows the usage line */
    const char *end;       /* what follows the options, or NULL */

    const struct command *const *commands; /* ends with NULL; if there are none: */
    const struct option_row *options;
    int least, most; /* number of arguments that are not options */
    int (*run)(int count, char **arguments);
};

/* argv[0] is the command's own name. Returns the exit status. */
int command_run(const struct command *command, int argc, char **argv);

/* Runs "mapring help ...": the words name a command. */
int command_help(const struct command *command, int count, char **words);

#endif
