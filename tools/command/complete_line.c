/* SPDX-License-Identifier: MIT */
/* What the words before the one that is being completed say about it. */
#include "complete_line.h"

#include <stddef.h>
#include <string.h>

#include "ring_values.h"

static void read_scope(struct complete_line *line, const struct option_row *option,
                       const char *text)
{
    enum mapring_scope scope;
    if (strcmp(option->name, "scope") == 0 && value_scope(text, &scope) == NULL)
        line->scope = scope;
}

static void read_option(struct complete_line *line, const char *word)
{
    const char *name = word + 2, *equals = strchr(name, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const struct option_row *options = line->command->options;
    const struct option_row *row = options ? options_find(options, name, length) : NULL;
    if (row && equals)
        read_scope(line, row, equals + 1);
    else if (row && row->argument && row->argument[0] != '[')
        line->option = row;
}

static void read_argument(struct complete_line *line, const char *word)
{
    if (line->arguments++ == 0)
        line->name = word;
}

static void read_word(struct complete_line *line, const char *word)
{
    if (line->option) {
        read_scope(line, line->option, word);
        line->option = NULL;
    } else if (line->command->commands) {
        bool is_help = strcmp(word, "help") == 0 && !line->is_help;
        line->is_help |= is_help;
        line->command = is_help ? line->command : command_find(line->command, word);
    } else if (strcmp(word, "--") == 0 && !line->options_have_ended) {
        line->options_have_ended = true;
    } else if (strncmp(word, "--", 2) == 0 && !line->options_have_ended) {
        read_option(line, word);
    } else {
        read_argument(line, word);
    }
}

struct complete_line complete_line_read(const struct command *root, int count, char **words)
{
    struct complete_line line = {.command = root, .scope = MAPRING_LOCAL};
    for (int i = 0; i + 1 < count && line.command; i++)
        read_word(&line, words[i]);
    return line;
}

/* The usage of a command lists its arguments, in the order in which they are given: "NAME [FILE...]
 * [OPTION...]". Options stand after them. */
const char *complete_argument(const struct command *command, int position)
{
    const char *word = command->arguments;
    for (; *word != '\0'; word += strcspn(word, " "), word += strspn(word, " ")) {
        size_t length = strcspn(word, " ");
        const char *name = word + strspn(word, "[(");
        if (strncmp(name, "OPTION", strlen("OPTION")) == 0 || strncmp(name, "--", 2) == 0)
            return NULL;
        bool is_last = position-- == 0;
        bool repeats = length > 4 && strncmp(word + length - 4, "...]", 4) == 0;
        if (is_last || repeats)
            return name;
    }
    return NULL;
}
