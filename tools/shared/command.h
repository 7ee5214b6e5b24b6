/* SPDX-License-Identifier: MIT */
/* A command and its help. A command may have subcommands. */
#ifndef TOOLS_COMMAND_H
#define TOOLS_COMMAND_H

#include "options.h"

/* What 'mapring help NAME' explains besides the commands. */
struct topic {
    const char *name; /* NULL ends a table */
    const char *summary;
    const char *text;
};

struct command {
    const char *name;      /* "recv" */
    const char *full_name; /* "mapring recv" */
    const char *arguments; /* "NAME" */
    const char *summary;   /* a few words for the list of commands */
    const char *help;      /* what follows the usage line */
    const char *example;   /* a command line, or several, one per line; NULL: it has subcommands */
    const char *end;       /* what follows the options, or NULL */

    const struct command *const
        *commands;                    /* ends with NULL; of a heading, only the summary is set */
    const struct topic *topics;       /* or NULL; only of a command that has subcommands */
    const struct option_row *options; /* NULL: none but --help */
    bool names_no_ring; /* NAME among its arguments is not the name of a ring that exists */
    int least, most;    /* number of arguments that are not options */
    int (*run)(int count, char **arguments);
};

/* argv[0] is the command's own name. Returns the exit status. */
int command_run(const struct command *command, int argc, char **argv);

/* Says, like command_run(), whether the arguments can be understood, but does not run the command. */
int command_check(const struct command *command, int argc, char **argv);

/* The subcommand of this name, or NULL. */
const struct command *command_find(const struct command *command, const char *name);

/* The list of commands has this line before those that belong together. */
#define COMMAND_HEADING(title)         \
    &(const struct command)            \
    {                                  \
        .name = NULL, .summary = title \
    }

#endif
