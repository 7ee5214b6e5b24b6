/* SPDX-License-Identifier: MIT */
/* What the words before the one that is being completed say about it. */
#ifndef TOOLS_COMPLETE_LINE_H
#define TOOLS_COMPLETE_LINE_H

#include <stdbool.h>

#include "mapring/mapring.h"
#include "shared/command.h"

struct complete_line {
    const struct command *command;   /* NULL: the words before it make no sense */
    bool is_help;                    /* after the word "help" */
    bool options_have_ended;         /* after "--" */
    const struct option_row *option; /* the word is the argument of this option; or NULL */
    int arguments;                   /* how many words before it are not options */
    const char *name;                /* the first of them, or NULL */
    enum mapring_scope scope;
};

/* All words but the last are taken into account. */
struct complete_line complete_line_read(const struct command *root, int count, char **words);

/* What the argument at this position is called, such as "NAME|FILE", or NULL. */
const char *complete_argument(const struct command *command, int position);

#endif
