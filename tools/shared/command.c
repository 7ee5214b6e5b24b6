/* SPDX-License-Identifier: MIT */
/* Finds the command that the arguments name, reads its options, and runs it or shows its help. */
#include "command.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "message.h"
#include "nearest.h"

static const struct option_row no_options[] = {{NULL, NULL, NULL, NULL, NULL}};

static const struct option_row *options_of(const struct command *command)
{
    return command->options ? command->options : no_options;
}

static void print_list(const struct command *command)
{
    bool has_headings = command->commands[0]->name == NULL;
    if (!has_headings)
        puts("\nCommands:");
    for (const struct command *const *each = command->commands; *each != NULL; each++) {
        if ((*each)->name)
            printf("  %-12s%s\n", (*each)->name, (*each)->summary);
        else
            printf("\n%s:\n", (*each)->summary);
    }
}

static void print_topics(const struct command *command)
{
    puts("\nTopics:");
    for (const struct topic *topic = command->topics; topic->name; topic++)
        printf("  %-13s%s\n", topic->name, topic->summary);
}

static void print_example(const char *example)
{
    puts(strchr(example, '\n') ? "\nExamples:" : "\nExample:");
    for (const char *line = example; *line != '\0';) {
        int length = (int)strcspn(line, "\n");
        printf("  %.*s\n", length, line);
        line += length + (line[length] != '\0');
    }
}

static void print_help(const struct command *command)
{
    printf("Usage: %s %s\n\n", command->full_name, command->arguments);
    print_wrapped(command->help, 0, 0);
    if (command->commands)
        print_list(command);
    if (command->topics)
        print_topics(command);
    if (command->options)
        options_help(command->options);
    if (command->example)
        print_example(command->example);
    if (command->end) {
        putchar('\n');
        print_wrapped(command->end, 0, 0);
    }
}

const struct command *command_find(const struct command *command, const char *name)
{
    for (const struct command *const *each = command->commands; each && *each != NULL; each++)
        if ((*each)->name && strcmp((*each)->name, name) == 0)
            return *each;
    return NULL;
}

static const struct topic *find_topic(const struct command *command, const char *name)
{
    for (const struct topic *topic = command->topics; topic && topic->name; topic++)
        if (strcmp(topic->name, name) == 0)
            return topic;
    return NULL;
}

/* What was asked for: a command, or the help of a command or a topic. */
static int refuse(const struct command *command, const char *name, bool is_help)
{
    const char *kind = is_help && command->topics ? "a command or a topic" : "a command";
    struct nearest nearest = nearest_begin(name, strlen(name));
    for (const struct command *const *each = command->commands; each && *each != NULL; each++)
        if ((*each)->name)
            nearest_try(&nearest, (*each)->name, strlen((*each)->name));
    for (const struct topic *topic = command->topics; is_help && topic && topic->name; topic++)
        nearest_try(&nearest, topic->name, strlen(topic->name));
    if (!is_help)
        nearest_try(&nearest, "help", strlen("help"));
    if (nearest.word)
        return usage_error("'%s' is not %s; did you mean '%s'?", name, kind, nearest.word);
    return usage_error("'%s' is not %s", name, kind);
}

/* Prints the help of what the words name. */
static int help(const struct command *command, int count, char **words)
{
    message_from(command->full_name);
    if (count == 0) {
        print_help(command);
        return EXIT_DONE;
    }
    const struct command *found = command_find(command, words[0]);
    if (found)
        return help(found, count - 1, words + 1);
    const struct topic *topic = find_topic(command, words[0]);
    if (!topic)
        return refuse(command, words[0], true);
    if (count > 1)
        return usage_error("unexpected argument '%s'", words[1]);
    print_wrapped(topic->text, 0, 0);
    return EXIT_DONE;
}

/* The required arguments are the first words of the command's usage line. */
static int tell_missing(const struct command *command, int count)
{
    const char *word = command->arguments;
    for (; count > 0; count--)
        word += strcspn(word, " ") + 1;
    return usage_error("%.*s is missing", (int)strcspn(word, " "), word);
}

/* What a command line asks for. */
struct request {
    const struct command *command;
    bool is_help; /* about what the arguments name */
    int count;
    char **arguments;
};

/* Reads the options on the way. Returns EXIT_DONE, or EXIT_USAGE after a message. */
static int understand(struct request *request, const struct command *command, int argc,
                      char **argv);

static int understand_subcommand(struct request *request, const struct command *command, int argc,
                                 char **argv)
{
    if (argc < 2)
        return usage_error("a command is missing");
    bool is_option = strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0;
    if (is_option || strcmp(argv[1], "help") == 0) {
        *request = (struct request){command, true, is_option ? 0 : argc - 2, argv + 2};
        return EXIT_DONE;
    }
    if (argv[1][0] == '-')
        return options_refuse(options_of(command), argv[1]);
    const struct command *found = command_find(command, argv[1]);
    return found ? understand(request, found, argc - 1, argv + 1) : refuse(command, argv[1], false);
}

static int understand(struct request *request, const struct command *command, int argc, char **argv)
{
    message_from(command->full_name);
    if (command->commands)
        return understand_subcommand(request, command, argc, argv);
    int first = 0;
    enum options_result result = options_read(options_of(command), argc, argv, &first);
    *request = (struct request){command, result == OPTIONS_HELP, argc - first, argv + first};
    if (result == OPTIONS_HELP)
        request->count = 0;
    if (result != OPTIONS_READ)
        return result == OPTIONS_HELP ? EXIT_DONE : EXIT_USAGE;
    if (request->count < command->least)
        return tell_missing(command, request->count);
    if (request->count > command->most)
        return usage_error("unexpected argument '%s'", request->arguments[command->most]);
    return EXIT_DONE;
}

int command_run(const struct command *command, int argc, char **argv)
{
    struct request request;
    int status = understand(&request, command, argc, argv);
    if (status != EXIT_DONE)
        return status;
    return request.is_help ? help(request.command, request.count, request.arguments)
                           : request.command->run(request.count, request.arguments);
}

int command_check(const struct command *command, int argc, char **argv)
{
    struct request request;
    return understand(&request, command, argc, argv);
}
