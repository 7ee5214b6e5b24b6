/* SPDX-License-Identifier: MIT */
/* A table of options: reads them from the command line, and prints their help. */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alternative.h"
#include "message.h"
#include "nearest.h"

enum { WIDTH = 79, HELP_COLUMN = 26, FIRST_ROW = 256 /* no character has this value */ };

static const char HELP[] = "help";

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

/* Returns a table for getopt, where the value of each entry is the index of its row plus FIRST_ROW;
 * free() it. NULL: there is not enough memory. */
static struct option *make_table(const struct option_row *rows)
{
    size_t count = 0;
    while (rows[count].name)
        count++;
    struct option *table = calloc(count + 2, sizeof *table);
    if (!table)
        return NULL;
    for (size_t i = 0; i < count; i++)
        table[i] =
            (struct option){rows[i].name, kind_of(rows[i].argument), NULL, (int)i + FIRST_ROW};
    table[count] = (struct option){HELP, no_argument, NULL, 'h'};
    return table;
}

static void tell_bad_value(const struct option_row *row, const char *text, const char *wanted)
{
    struct nearest nearest = nearest_begin(text, strlen(text));
    struct alternative each;
    for (const char *rest = row->argument; (each = alternative_next(&rest)).text;)
        if (each.is_literal)
            nearest_try(&nearest, each.text, each.length);
    if (nearest.word)
        usage_error("--%s: '%s' is not %s; did you mean '%.*s'?", row->name, text, wanted,
                    (int)nearest.length, nearest.word);
    else
        usage_error("--%s: '%s' is not %s", row->name, text, wanted);
}

/* The short form of --output; '?': the command has no such option. */
static int output_row(const struct option_row *rows)
{
    for (int i = 0; rows[i].name; i++)
        if (strcmp(rows[i].name, "output") == 0)
            return i + FIRST_ROW;
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
        tell_bad_value(row, text, wanted);
    return wanted == NULL;
}

/* Returns the first of these rows whose name begins with the text. */
static const struct option_row *find_beginning(const struct option_row *rows, const char *text,
                                               size_t length)
{
    while (rows->name && strncmp(rows->name, text, length) != 0)
        rows++;
    return rows->name ? rows : NULL;
}

const struct option_row *options_find(const struct option_row *rows, const char *name,
                                      size_t length)
{
    const struct option_row *first = find_beginning(rows, name, length), *row = first;
    for (; row; row = find_beginning(row + 1, name, length))
        if (row->name[length] == '\0')
            return row;
    return first && !find_beginning(first + 1, name, length) ? first : NULL;
}

/* Writes the names that begin with the text, "--wait, --wake-bytes or --wake-delay", and returns how
 * many there are. */
static unsigned list_beginning(const struct option_row *rows, const char *text, size_t length,
                               char *list, size_t bytes)
{
    unsigned count = 0;
    const char *next;
    bool help_begins = strncmp(HELP, text, length) == 0;
    const struct option_row *row = find_beginning(rows, text, length);
    for (const char *name = row ? row->name : help_begins ? HELP : NULL; name; name = next) {
        row = row ? find_beginning(row + 1, text, length) : NULL;
        next = row ? row->name : help_begins && name != HELP ? HELP : NULL;
        const char *before = count++ == 0 ? "" : next ? ", " : " or ";
        size_t used = strlen(list);
        snprintf(list + used, bytes - used, "%s--%s", before, name);
    }
    return count;
}

static void tell_unknown(const struct option_row *rows, const char *word, const char *text,
                         size_t length)
{
    struct nearest nearest = nearest_begin(text, length);
    for (const struct option_row *row = rows; row->name; row++)
        nearest_try(&nearest, row->name, strlen(row->name));
    nearest_try(&nearest, HELP, strlen(HELP));
    if (nearest.word)
        usage_error("'%s' is not an option of this command; did you mean '--%s'?", word,
                    nearest.word);
    else
        usage_error("'%s' is not an option of this command", word);
}

int options_refuse(const struct option_row *rows, const char *word)
{
    const char *text = word + strspn(word, "-");
    size_t length = strcspn(text, "=");
    char list[512] = "";
    bool is_long = strncmp(word, "--", 2) == 0 && length > 0;
    unsigned count = is_long ? list_beginning(rows, text, length, list, sizeof list) : 0;
    const struct option_row *row = count > 0 ? options_find(rows, text, length) : NULL;
    bool is_exact = row && row->name[length] == '\0';
    if (count == 0)
        tell_unknown(rows, word, text, length);
    else if (count == 1 || is_exact)
        usage_error("'%.*s' takes no argument", (int)(text + length - word), word);
    else
        usage_error("'%.*s' is short for more than one option: %s", (int)(text + length - word),
                    word, list);
    return EXIT_USAGE;
}

/* The word that getopt has found wrong: within a word of several letters, it has not passed it. */
static const char *wrong_word(int argc, char **argv)
{
    const char *last = argv[optind - 1];
    bool is_letter = optopt > 0 && optopt < FIRST_ROW;
    bool is_passed = !is_letter || optind >= argc || strchr(argv[optind], optopt) == NULL ||
                     argv[optind][0] != '-' || (last[0] == '-' && last[1] == optopt);
    return is_passed ? last : argv[optind];
}

/* C libraries return different codes for a flag with an argument. */
static void tell_wrong(int found, const struct option_row *rows, const char *word)
{
    if (found == ':' && strchr(word, '=') == NULL)
        usage_error("'%s' needs an argument", word);
    else
        options_refuse(rows, word);
}

static enum options_result read_all(const struct option_row *rows, const struct option *table,
                                    int argc, char **argv)
{
    opterr = 0;
    for (int found; (found = getopt_long(argc, argv, ":ho:", table, NULL)) != -1;) {
        if (found == 'o')
            found = output_row(rows);
        if (found == 'h')
            return OPTIONS_HELP;
        if (found < FIRST_ROW)
            tell_wrong(found, rows, wrong_word(argc, argv));
        if (found < FIRST_ROW || !read_row(&rows[found - FIRST_ROW], optarg))
            return OPTIONS_WRONG;
    }
    return OPTIONS_READ;
}

enum options_result options_read(const struct option_row *rows, int argc, char **argv, int *first)
{
    struct option *table = make_table(rows);
    if (!table) {
        complain("not enough memory to read the options");
        return OPTIONS_WRONG;
    }
    enum options_result result = read_all(rows, table, argc, argv);
    free(table);
    *first = optind;
    return result;
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
    row_help(HELP, NULL, "show this help");
}
