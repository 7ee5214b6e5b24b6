/* SPDX-License-Identifier: MIT */
/* A table of options: reads them from the command line, and prints their help. */
#ifndef TOOLS_OPTIONS_H
#define TOOLS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "values.h"

struct option_row {
    const char *name;     /* without the dashes; NULL ends the table */
    const char *argument; /* its name in the help, or what it may be: "none|close|MS"; "[=NAME]": it
                             may be left out, and `text` is then NULL; NULL: the option is a flag */
    const char *(*read)(const char *text, void *value); /* NULL: a flag, *value is a bool */
    void *value;
    const char *help;
};

enum options_result { OPTIONS_READ, OPTIONS_HELP, OPTIONS_WRONG };

/* The row of this name, or the only one that the name abbreviates; NULL: there is none. */
const struct option_row *options_find(const struct option_row *rows, const char *name,
                                      size_t length);

/* Prints what is wrong with a word that is meant to be an option. Returns EXIT_USAGE. */
int options_refuse(const struct option_row *rows, const char *word);

/* Reads the options and moves the other arguments to the end of argv, where they begin at *first.
 * Prints a message if an option is wrong. */
enum options_result options_read(const struct option_row *rows, int argc, char **argv, int *first);

/* Writes a paragraph to stdout in lines of at most 79 columns. The first line continues at
 * `column`, the others begin at `indent`. Newlines in the text are kept. */
void print_wrapped(const char *text, int column, int indent);

void options_help(const struct option_row *rows);

/* A row that the command and the benchmarks share. */
#define OPTION_JSON(target)                      \
    {                                            \
        "json", NULL, NULL, target, "write JSON" \
    }

#endif
