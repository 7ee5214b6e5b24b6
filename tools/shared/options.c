/* SPDX-License-Identifier: MIT */
/* A table of options: reads them from the command line, and prints their help. */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "message.h"

enum { OPTION_LIMIT = 32, WIDTH = 79, HELP_COLUMN = 26 };

static bool may_be_missing(const char *argument)
{
    return argument && argument[0] == '[';
}

static int kind_of(const char *argument)
{
    return !argument                  ? no_argument
           : may_be_missing(argument) ? optional_argument
                                      : required_argument;
}

/* Fills `table` for getopt: the value of each entry is the index of its row plus 1. */
static void make_table(const struct option_row *rows, struct option *table)
{
    int count = 0;
    for (; rows[count].name && count < OPTION_LIMIT - 2; count++)
        table[count] =
            (struct option){rows[count].name, kind_of(rows[count].argument), NULL, count + 1};
    table[count] = (struct option){"help", no_argument, NULL, 'h'};
    table[count + 1] = (struct option){NULL, 0, NULL, 0};
}

/* The short form of --output; '?': the command has no such option. */
static int output_row(const struct option_row *rows)
{
    for (int i = 0; rows[i].name; i++)
        if (strcmp(rows[i].name, "output") == 0)
            return i + 1;
    return '?';
}

static bool read_row(const struct option_row *row, const char *text)
{
    if (!row->read) {
        *(bool *)row->value = true;
        return true;
    }
    const char *wanted = row->read(text, row->value);
    if (wanted)
        usage_error("--%s: '%s' is not %s", row->name, text, wanted);
    return wanted == NULL;
}

/* C libraries return different codes for a flag with an argument, so the message covers both. */
static void tell_wrong(int found, const char *option)
{
    if (strchr(option, '=') != NULL) {
        usage_error("'%s' is not an option of this command, or takes no argument", option);
    } else {
        usage_error("'%s' %s", option,
                    found == ':' ? "needs an argument" : "is not an option of this command");
    }
}

enum options_result options_read(const struct option_row *rows, int argc, char **argv, int *first)
{
    struct option table[OPTION_LIMIT];
    make_table(rows, table);
    opterr = 0;
    for (int found; (found = getopt_long(argc, argv, ":ho:", table, NULL)) != -1;) {
        if (found == 'o')
            found = output_row(rows);
        if (found == 'h')
            return OPTIONS_HELP;
        if (found == ':' || found == '?') {
            tell_wrong(found, argv[optind - 1]);
            return OPTIONS_WRONG;
        }
        if (!read_row(&rows[found - 1], optarg))
            return OPTIONS_WRONG;
    }
    *first = optind;
    return OPTIONS_READ;
}

static int word_length(const char *text)
{
    return (int)strcspn(text, " \n");
}

void print_wrapped(const char *text, int column, int indent)
{
    for (const char *rest = text; *rest != '\0';) {
        int word = word_length(rest);
        printf("%*s%.*s", column < indent ? indent - column : 0, "", word, rest);
        column = (column < indent ? indent : column) + word;
        rest += word;
        if (*rest == ' ' && column + 1 + word_length(rest + 1) <= WIDTH) {
            putchar(' ');
            column++;
        } else if (*rest != '\0') {
            putchar('\n');
            column = 0;
        }
        rest += *rest != '\0';
    }
    putchar('\n');
}

static void row_help(const char *name, const char *argument, const char *help)
{
    int column = printf("  --%s%s%s", name, argument && !may_be_missing(argument) ? " " : "",
                        argument ? argument : "");
    if (column + 2 > HELP_COLUMN) {
        putchar('\n');
        column = 0;
    }
    print_wrapped(help, column, HELP_COLUMN);
}

void options_help(const struct option_row *rows)
{
    puts("\nOptions:");
    for (const struct option_row *row = rows; row->name != NULL; row++)
        row_help(row->name, row->argument, row->help);
    row_help("help", NULL, "show this help");
}
