/* SPDX-License-Identifier: MIT */
/* Finds the command that the arguments name, reads its options, and runs it or shows its help. */
#include "command.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "message.h"

static void print_help(const struct command *command)
{
    printf("Usage: %s %s\n\n", command->full_name, command->arguments);
    print_wrapped(command->help, 0, 0);
    if (command->commands) {
        puts("\nCommands:");
        for (const struct command *const *each = command->commands; *each != NULL; each++)
            printf("  %-11s%s\n", (*each)->name, (*each)->summary);
    }
    if (command->options)
        options_help(command->options);
    if (command->end) {
        putchar('\n');
        print_wrapped(command->end, 0, 0);
    }
}

static const struct command *find(const struct command *command, const char *name)
{
    for (const struct command *const *each = command->commands; *each != NULL; each++)
        if (strcmp((*each)->name, name) == 0)
            return *each;
    usage_error("'%s' is not a command", name);
    return NULL;
}

int command_help(const struct command *command, int count, char **words)
{
    message_from(command->full_name);
    if (count == 0) {
        print_help(command);
        return EXIT_DONE;
    }
    if (!command->commands)
        return usage_error("'%s' is not a command", words[0]);
    const struct command *found = find(command, words[0]);
    return found ? command_help(found, count - 1, words + 1) : EXIT_USAGE;
}

static int run_subcommand(const struct command *command, int argc, char **argv)
{
    if (argc < 2)
        return usage_error("a command is missing");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return command_help(command, 0, NULL);
    if (argv[1][0] == '-')
        return usage_error("'%s' is not an option of this command", argv[1]);
    const struct command *found = find(command, argv[1]);
    return found ? command_run(found, argc - 1, argv + 1) : EXIT_USAGE;
}

/* The required arguments are the first words of the command's usage line. */
static int tell_missing(const struct command *command, int count)
{
    const char *word = command->arguments;
    for (; count > 0; count--)
        word += strcspn(word, " ") + 1;
    return usage_error("%.*s is missing", (int)strcspn(word, " "), word);
}

int command_run(const struct command *command, int argc, char **argv)
{
    message_from(command->full_name);
    if (command->commands)
        return run_subcommand(command, argc, argv);
    int first = 0;
    enum options_result result = options_read(command->options, argc, argv, &first);
    if (result != OPTIONS_READ)
        return result == OPTIONS_HELP ? command_help(command, 0, NULL) : EXIT_USAGE;
    int count = argc - first;
    if (count < command->least)
        return tell_missing(command, count);
    if (count > command->most)
        return usage_error("unexpected argument '%s'", argv[first + command->most]);
    return command->run(count, argv + first);
}
