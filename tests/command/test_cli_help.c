/* SPDX-License-Identifier: MIT */
/* What the command says about itself. Which subcommands there are is asked of the command. */
#include "cli.h"

enum { WIDTH = 80, WORD_LIMIT = 32 };

static char *copy_of(const char *text)
{
    char *copy = malloc(strlen(text) + 1);
    check(copy != NULL);
    return strcpy(copy, text);
}

static const struct ran *help_of(const char *command, const char *subcommand)
{
    return subcommand ? RUN(command, subcommand, "--help")
           : command  ? RUN(command, "--help")
                      : RUN("--help");
}

/* The words that complete a command, each ended by a tab and a description; free() it. */
static char *words_after(const char *command)
{
    return copy_of(
        (command ? RUN("complete", "--", command, "") : RUN("complete", "--", ""))->output);
}

typedef void visitor(const char *command, const char *subcommand);

/* Visits all commands, but not "help". Returns how many there are. */
static unsigned visit_all(const char *command, visitor *visit)
{
    unsigned count = 0;
    char *words = words_after(command), *next;
    for (char *word = words; *word != '\0'; word = next) {
        next = strchr(word, '\n') + 1;
        *strchr(word, '\t') = '\0';
        if (strcmp(word, "help") == 0)
            continue;
        bool has_subcommands =
            strstr(help_of(command ? command : word, command ? word : NULL)->output,
                   "\nCommands:\n") != NULL;
        if (has_subcommands)
            count += visit_all(word, visit);
        visit(command ? command : word, command ? word : NULL);
        count++;
    }
    free(words);
    return count;
}

static void check_help(const struct ran *ran, const char *usage)
{
    check_number(0, ran->code);
    check_text("", ran->errors);
    check_begins(usage, ran->output);
    for (const char *line = ran->output; *line; line += strcspn(line, "\n") + 1) {
        size_t width = strcspn(line, "\n");
        if (width >= WIDTH || line[width] != '\n' || (width > 0 && line[width - 1] == ' '))
            check_failed(__FILE__, __LINE__, "%s...: a line of %zu columns, cut or padded: %.*s",
                         usage, width, (int)width, line);
    }
}

static void check_help_of(const char *command, const char *subcommand)
{
    char usage[80];
    const char *space = subcommand ? " " : "", *last = subcommand ? subcommand : "";
    snprintf(usage, sizeof usage, "Usage: mapring %s%s%s ", command, space, last);
    check_help(help_of(command, subcommand), usage);
    check_help(subcommand ? RUN("help", command, subcommand) : RUN("help", command), usage);
}

static void help_of_every_command_fits_the_terminal(void **state)
{
    (void)state;
    check_help(RUN("--help"), "Usage: mapring COMMAND ");
    check_help(RUN("help"), "Usage: mapring COMMAND ");
    check_help(RUN("recv", "some-name", "-h"), "Usage: mapring recv ");
    check_help(RUN("view", "help", "rm"), "Usage: mapring view rm ");
    check(visit_all(NULL, check_help_of) > 15);
}

static void check_that_help_lists(const char *command, const char *subcommand)
{
    char line[64];
    snprintf(line, sizeof line, "\n  %s ", subcommand ? subcommand : command);
    check_contains(line, help_of(subcommand ? command : NULL, NULL)->output);
}

static void help_lists_every_command(void **state)
{
    (void)state;
    visit_all(NULL, check_that_help_lists);
}

/* ---- Examples ---- */

/* Divides a command line as a shell does, up to a pipe, a redirection or the background. */
static unsigned split(char *line, const char **words)
{
    unsigned count = 0;
    char *at = line, *to;
    while (*(at += strspn(at, " ")) != '\0' && strchr("|>&<;", *at) == NULL) {
        check(count < WORD_LIMIT);
        words[count++] = to = at;
        for (char quote = '\0'; *at != '\0' && (*at != ' ' || quote); at++) {
            if (quote ? *at == quote : *at == '\'' || *at == '"')
                quote = quote ? '\0' : *at;
            else
                *to++ = *at;
        }
        at += *at != '\0';
        *to = '\0';
    }
    return count;
}

/* Checks what is written in an example after "mapring ". */
static void check_example(const char *command, const char *example)
{
    const char *words[WORD_LIMIT + 3] = {"complete", "--check"};
    char *line = copy_of(example);
    unsigned count = split(line, words + 2);
    words[2 + count] = NULL;
    check(count > 0);
    const struct ran *ran = run_command(words);
    if (ran->code != 0 || ran->bytes > 0 || ran->errors[0] != '\0')
        check_failed(__FILE__, __LINE__,
                     "the example in the help of '%s' is not a valid command line: mapring %s: %s",
                     command, example, ran->errors);
    free(line);
}

static void check_examples(const char *name, const char *text)
{
    const char *found = NULL;
    for (const char *at = text; (at = strstr(at, "mapring ")) != NULL; at++) {
        char *line = copy_of(at + strlen("mapring "));
        line[strcspn(line, "\n")] = '\0';
        if (at[-1] == ' ' || at[-1] == '\n')
            check_example(name, found = line);
        free(line);
    }
    if (!found)
        check_failed(__FILE__, __LINE__, "the example in the help of '%s' does not use mapring",
                     name);
}

static void check_example_of(const char *command, const char *subcommand)
{
    const char *text = help_of(command, subcommand)->output;
    const char *name = subcommand ? subcommand : command;
    if (strstr(text, "\nCommands:\n"))
        return;
    const char *begin = strstr(text, "\nExample");
    if (!begin)
        check_failed(__FILE__, __LINE__,
                     "the help of '%s' has no example: give its struct command an .example", name);
    char *examples = copy_of(strchr(begin + 1, '\n'));
    char *end = strstr(examples, "\n\n");
    if (end)
        end[1] = '\0';
    check_examples(name, examples);
    free(examples);
}

static void every_command_has_an_example_that_is_valid(void **state)
{
    (void)state;
    visit_all(NULL, check_example_of);
    char *examples = copy_of(strstr(RUN("help")->output, "\nExamples:\n"));
    *strstr(examples, "\n\n") = '\0';
    check_examples("mapring", examples);
    free(examples);
}

static void only_valid_command_lines_pass_the_check(void **state)
{
    (void)state;
    const struct ran *ran = RUN("complete", "--check", "recv", "log", "--wiat");
    check_number(2, ran->code);
    check_begins("mapring recv: '--wiat' is not an option", ran->errors);
    check_number(2, RUN("complete", "--check", "recv")->code);
    check_number(0, RUN("complete", "--check", "recv", new_ring_name())->code);
}

/* ---- Topics ---- */

static void every_topic_is_listed_and_explained_on_one_screen(void **state)
{
    (void)state;
    char *help = copy_of(RUN("help")->output);
    char *line = strstr(help, "\nTopics:\n"), *end = strstr(line, "\n\n");
    unsigned count = 0;
    *end = '\0';
    for (line = strchr(line + 1, '\n'); line; line = strchr(line, '\n'), count++) {
        char name[32];
        check_number(1, sscanf(++line, "  %31s", name));
        const struct ran *ran = RUN("help", name);
        check_help(ran, "");
        unsigned lines = 0;
        for (const char *at = ran->output; *at != '\0'; at++)
            lines += *at == '\n';
        if (lines < 3 || lines > 22)
            check_failed(__FILE__, __LINE__, "the topic '%s' has %u lines", name, lines);
    }
    check(count >= 8);
    free(help);
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(help_of_every_command_fits_the_terminal),
    TEST(help_lists_every_command),
    TEST(every_command_has_an_example_that_is_valid),
    TEST(only_valid_command_lines_pass_the_check),
    TEST(every_topic_is_listed_and_explained_on_one_screen),
};
TEST_MAIN(roles, tests)
