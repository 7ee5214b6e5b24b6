/* SPDX-License-Identifier: MIT */
/* mapring complete: what shells offer when a command line is completed. */
#include "complete.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "complete_line.h"
#include "consumer_row.h"
#include "file_name.h"
#include "look.h"
#include "mapring/mapring.h"
#include "names.h"
#include "shared/alternative.h"
#include "shared/message.h"

/* What is before the word that is offered, such as "--framing=", and the beginning of that word. */
struct begun {
    const char *prefix;
    int prefix_length;
    const char *word;
};

static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == '\x7f')
            return false;
    return true;
}

/* Writes a candidate, unless it does not begin as the word does. */
static void offer(const struct begun *begun, const char *text, size_t length,
                  const char *description, size_t description_length)
{
    size_t begun_length = strlen(begun->word);
    if (length >= begun_length && strncmp(text, begun->word, begun_length) == 0)
        printf("%.*s%.*s\t%.*s\n", begun->prefix_length, begun->prefix, (int)length, text,
               (int)description_length, description);
}

static void offer_text(const struct begun *begun, const char *text, const char *description)
{
    offer(begun, text, strlen(text), description, strlen(description));
}

static void offer_commands(const struct begun *begun, const struct complete_line *line)
{
    const struct command *command = line->command;
    for (const struct command *const *each = command->commands; *each != NULL; each++)
        if ((*each)->name)
            offer_text(begun, (*each)->name, (*each)->summary);
    if (!line->is_help)
        offer_text(begun, "help", "explain a command");
    for (const struct topic *topic = command->topics; line->is_help && topic && topic->name;
         topic++)
        offer_text(begun, topic->name, topic->summary);
}

static void offer_options(const struct begun *begun, const struct complete_line *line)
{
    const struct begun name = {"--", 2, begun->word + strspn(begun->word, "-")};
    for (const struct option_row *row = line->command->options; row && row->name; row++)
        offer_text(&name, row->name, row->help);
    offer_text(&name, "help", "show this help");
}

/* The help of an option often explains its values: "line: a newline after each record; block: ..." */
static const char *value_help(const char *help, const struct alternative *value, size_t *length)
{
    for (const char *at = help; (at = strstr(at, ": ")) != NULL; at++) {
        const char *word = at - value->length;
        if (word < help || strncmp(word, value->text, value->length) != 0)
            continue;
        *length = strcspn(at + 2, ";:");
        return at + 2;
    }
    *length = 0;
    return "";
}

static void offer_rings(const struct begun *begun, enum mapring_scope scope)
{
    struct names names = {NULL, 0, false};
    names_find(&names, scope, NULL);
    for (size_t i = 0; i < names.count; i++)
        offer_text(begun, names.name[i], "ring");
    names_free(&names);
}

static void offer_consumers(const struct begun *begun, const struct complete_line *line)
{
    static struct mapring_stat stat;
    if (!line->name || look(line->name, line->scope, &stat) != MAPRING_OK)
        return;
    for (unsigned i = 0; i < stat.consumers; i++)
        if (stat.consumer[i].durable && is_plain(stat.consumer[i].name))
            offer_text(begun, stat.consumer[i].name, consumer_state(&stat.consumer[i]));
}

/* Offers what an argument may be, by its name in the help. A NAME with a slash is a path. */
static void offer_argument(const struct begun *begun, const struct complete_line *line,
                           const char *argument, const char *help)
{
    bool is_path = file_name_is_path(begun->word), files = false;
    struct alternative each;
    while ((each = alternative_next(&argument)).text) {
        size_t length;
        const char *description = value_help(help, &each, &length);
        if (each.is_literal)
            offer(begun, each.text, each.length, description, length);
        else if (alternative_is(&each, "FILE") || (alternative_is(&each, "NAME") && is_path))
            files = true;
        else if (alternative_is(&each, "NAME") && !line->command->names_no_ring)
            offer_rings(begun, line->scope);
        else if (alternative_is(&each, "CONSUMER"))
            offer_consumers(begun, line);
    }
    if (files)
        puts("files");
}

/* "--framing=li" is completed to "--framing=line". */
static void offer_joined(const struct complete_line *line, const char *word, const char *equals)
{
    const struct begun begun = {word, (int)(equals + 1 - word), equals + 1};
    const struct option_row *options = line->command->options;
    const struct option_row *row =
        options ? options_find(options, word + 2, (size_t)(equals - word - 2)) : NULL;
    if (row && row->argument)
        offer_argument(&begun, line, row->argument, row->help);
}

static void offer_all(const struct complete_line *line, const char *word)
{
    const struct begun begun = {"", 0, word};
    const char *equals = strchr(word, '=');
    bool is_option = word[0] == '-' && !line->options_have_ended && !line->is_help;
    const char *argument =
        line->command->commands ? NULL : complete_argument(line->command, line->arguments);
    if (line->option)
        offer_argument(&begun, line, line->option->argument, line->option->help);
    else if (is_option && strncmp(word, "--", 2) == 0 && equals)
        offer_joined(line, word, equals);
    else if (is_option)
        offer_options(&begun, line);
    else if (line->command->commands)
        offer_commands(&begun, line);
    else if (argument && !line->is_help)
        offer_argument(&begun, line, argument, "");
    else if (word[0] == '\0' && !line->options_have_ended && !line->is_help)
        offer_options(&begun, line);
}

int complete(const struct command *root, int count, char **words)
{
    if (count > 0 && strcmp(words[0], "--check") == 0)
        return command_check(root, count, words);
    if (count < 2 || strcmp(words[0], "--") != 0)
        return EXIT_DONE;
    struct complete_line line = complete_line_read(root, count - 1, words + 1);
    if (line.command)
        offer_all(&line, words[count - 1]);
    return EXIT_DONE;
}
