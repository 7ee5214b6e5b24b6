/* SPDX-License-Identifier: MIT */
/* What the command says about itself, and how it answers what it does not understand. */
#include "cli.h"

enum { WIDTH = 80 };

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

static void help_of_every_command_fits_the_terminal(void **state)
{
    (void)state;
    check_help(RUN("--help"), "Usage: mapring COMMAND ");
    check_help(RUN("help"), "Usage: mapring COMMAND ");
    check_help(RUN("view", "--help"), "Usage: mapring view write|read|rm NAME ");
    check_help(RUN("view", "rm", "--help"), "Usage: mapring view rm NAME");
    check_help(RUN("view", "write", "--help"), "Usage: mapring view write NAME ");
    check_help(RUN("view", "read", "--help"), "Usage: mapring view read NAME ");
    static const char *const commands[] = {"create", "send", "run", "recv",
                                           "ls",     "stat", "rm",  "bench"};
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        char usage[64];
        snprintf(usage, sizeof usage, "Usage: mapring %s ", commands[i]);
        check_help(RUN(commands[i], "--help"), usage);
        check_help(RUN("help", commands[i]), usage);
        check_help(RUN(commands[i], "some-name", "-h"), usage);
    }
}

static void help_lists_every_command(void **state)
{
    (void)state;
    static const char *const lines[] = {"\n  create ", "\n  send ", "\n  recv ", "\n  ls ",
                                        "\n  stat ",   "\n  rm ",   "\n  view ", "\n  bench "};
    const struct ran *ran = RUN("--help");
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        check_contains(lines[i], ran->output);
}

static void version_is_told(void **state)
{
    (void)state;
    char expected[64];
    snprintf(expected, sizeof expected, "mapring %s\n", mapring_version());
    const struct ran *ran = RUN("--version");
    check_number(0, ran->code);
    check_text(expected, ran->output);
    check_text("", ran->errors);
}

/* Expects exit status 2, nothing on standard output, one line that says what is wrong, and perhaps
 * one that says where to find help. */
static void check_refused(const char *const *arguments, const char *message)
{
    const struct ran *ran = run_command(arguments);
    const char *rest = strchr(ran->errors, '\n');
    bool plain = rest && (!rest[1] || (strncmp(rest, "\ntry 'mapring", 13) == 0 &&
                                       strchr(rest + 1, '\n')[1] == '\0'));
    if (ran->code != 2 || ran->bytes != 0 || !plain ||
        strncmp(ran->errors, message, strlen(message)) != 0)
        check_failed(__FILE__, __LINE__, "%s...: ended with %d, wrote %zu bytes, and said: %s",
                     message, ran->code, ran->bytes, ran->errors);
}
#define REFUSED(message, ...) check_refused(ARGUMENTS(__VA_ARGS__), (message))

static void unknown_commands_are_refused(void **state)
{
    (void)state;
    check_refused((const char *const[]){NULL}, "mapring: a command is missing\n");
    REFUSED("mapring: 'sned' is not a command\n", "sned", "x");
    REFUSED("mapring: '' is not a command\n", "");
    REFUSED("mapring: '--nothing' is not an option of this command\n", "--nothing");
    REFUSED("mapring: 'sned' is not a command\n", "help", "sned");
    REFUSED("mapring send: 'more' is not a command\n", "help", "send", "more");
    REFUSED("mapring view: a command is missing\n", "view");
    REFUSED("mapring view: 'look' is not a command\n", "view", "look", "x");
}

static void unknown_options_are_refused(void **state)
{
    (void)state;
    REFUSED("mapring create: '--nothing' ", "create", "x", "--nothing");
    REFUSED("mapring send: '--from' ", "send", "x", "--from", "newest");
    REFUSED("mapring recv: '--linger' ", "recv", "x", "--linger", "1");
    REFUSED("mapring ls: '--force' ", "ls", "--force");
    REFUSED("mapring stat: '--force' ", "stat", "x", "--force");
    REFUSED("mapring rm: '--json' ", "rm", "x", "--json");
    REFUSED("mapring view write: '--length' ", "view", "write", "x", "--length", "1");
    REFUSED("mapring view read: '--size' ", "view", "read", "x", "--size", "1");
    REFUSED("mapring recv: '--follow=yes' ", "recv", "x", "--follow=yes");
    REFUSED("mapring recv: '-x' ", "recv", "-x");
}

static void missing_and_superfluous_arguments_are_refused(void **state)
{
    (void)state;
    REFUSED("mapring create: NAME is missing\n", "create");
    REFUSED("mapring send: NAME is missing\n", "send");
    REFUSED("mapring recv: NAME is missing\n", "recv", "--wait");
    REFUSED("mapring stat: NAME is missing\n", "stat");
    REFUSED("mapring rm: NAME is missing\n", "rm");
    REFUSED("mapring view read: NAME is missing\n", "view", "read");
    REFUSED("mapring view rm: NAME is missing\n", "view", "rm");
    REFUSED("mapring create: unexpected argument 'b'\n", "create", "a", "b");
    REFUSED("mapring ls: unexpected argument 'a'\n", "ls", "a");
    REFUSED("mapring recv: '--count' needs an argument\n", "recv", "x", "--count");
    REFUSED("mapring view write: --size is missing\n", "view", "write", "x", "--text", "t");
    REFUSED("mapring view write: exactly one of --text and --file ", "view", "write", "x", "--size",
            "9");
    REFUSED("mapring view write: exactly one of --text and --file ", "view", "write", "x", "--size",
            "9", "--text", "t", "--file", "f");
}

static void bad_values_of_options_are_refused(void **state)
{
    (void)state;
    static const char *const bad[][3] = {
        {"create", "--capacity", "big"},    {"create", "--capacity", "64i"},
        {"create", "--capacity", "1MBB"},   {"create", "--capacity", "-65536"},
        {"create", "--capacity", "1 M"},    {"create", "--capacity", "64iB"},
        {"create", "--capacity", "1KM"},    {"create", "--capacity", "1P"},
        {"create", "--capacity", "0"},      {"create", "--capacity", ""},
        {"create", "--capacity", "1.5M"},   {"create", "--capacity", "99999999999G"},
        {"create", "--slot-bytes", "4"},    {"create", "--slot-bytes", "512"},
        {"create", "--slot-bytes", "16 "},  {"create", "--mode", "0888"},
        {"create", "--mode", "rw"},         {"create", "--mode", "0"},
        {"create", "--scope", "world"},     {"send", "--framing", "lines"},
        {"send", "--block-bytes", "0"},     {"send", "--wait-consumers", "0"},
        {"send", "--wait-consumers", "33"}, {"send", "--timeout", "soon"},
        {"send", "--timeout", "-1"},        {"send", "--linger", "1s"},
        {"recv", "--from", "middle"},       {"recv", "--count", "0"},
        {"recv", "--count", "-1"},          {"recv", "--count", "1K"},
        {"recv", "--timeout", "1e3"},       {"recv", "--timeout", "."},
        {"recv", "--timeout", "inf"},       {"recv", "--count", "18446744073709551616"},
        {"bench", "--size", "7"},           {"bench", "--size", "8,,64"},
        {"bench", "--size", "65537"},       {"bench", "--rate", "0"},
        {"bench", "--rate", "10000001"},    {"bench", "--duration", "0"},
        {"bench", "--consumers", "33"},     {"bench", "--observers", "33"},
        {"bench", "--capacity", "32K"},     {"bench", "--capacity", "96K"},
        {"bench", "--capacity", "4M"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        char message[80];
        snprintf(message, sizeof message, "mapring %s: %s: '%s' is not ", bad[i][0], bad[i][1],
                 bad[i][2]);
        REFUSED(message, bad[i][0], "never-made", bad[i][1], bad[i][2]);
    }
    REFUSED("mapring view read: --encoding: 'latin-1' is not ", "view", "read", "x", "--encoding",
            "latin-1");
    REFUSED("mapring view read: --length must be even", "view", "read", "x", "--encoding", "utf-16",
            "--length", "5");
}

static void sizes_have_units_in_every_spelling(void **state)
{
    (void)state;
    static const char *const sizes[] = {"131072", "131072B", "128K",   "128k",
                                        "128KB",  "128kb",   "128KiB", "128kiB"};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        const char *path = new_path(".ring");
        check_text("", RUN("create", path, "--capacity", sizes[i])->errors);
        check_number(128 * 1024, ring_stat(path).capacity_bytes);
    }
}

static void what_an_option_would_take_is_told(void **state)
{
    (void)state;
    REFUSED(
        "mapring create: --capacity: '60M' is not a power of two from 64K to 64T, such as 64M\n",
        "create", "x", "--capacity", "60M");
    REFUSED(
        "mapring create: --capacity: '1KB' is not a power of two from 64K to 64T, such as 64K\n",
        "create", "x", "--capacity", "1KB");
    REFUSED(
        "mapring send: --capacity: '100TiB' is not a power of two from 64K to 64T, such as 64T\n",
        "send", "x", "--capacity", "100TiB");
    REFUSED(
        "mapring recv: --timeout: '1000000001' is not a number of seconds from 0 to 1000000000, "
        "such as 0.5 or 10\n",
        "recv", "x", "--timeout", "1000000001");
}

static void names_that_no_ring_can_have_are_refused(void **state)
{
    (void)state;
    char longest[102];
    memset(longest, 'n', sizeof longest - 1);
    longest[101] = '\0';
    const char *const names[] = {"", "with space", "a:b", "a+b", "环", longest};
    static const char *const commands[] = {"create", "send", "recv", "stat", "rm"};
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        char message[32];
        snprintf(message, sizeof message, "mapring %s: ", commands[i]);
        for (size_t j = 0; j < COUNT_OF(names); j++)
            REFUSED(message, commands[i], names[j]);
    }
}

static void geometries_that_no_ring_can_have_are_refused(void **state)
{
    (void)state;
    REFUSED("mapring create: ", "create", new_ring_name(), "--capacity", "100K");
    REFUSED("mapring create: ", "create", new_ring_name(), "--capacity", "32K");
    REFUSED("mapring create: ", "create", new_ring_name(), "--slot-bytes", "24");
    REFUSED("mapring send: ", "send", new_ring_name(), "--capacity", "65537");
}

static void options_stand_anywhere_and_may_be_abbreviated(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    check_number(0, RUN("create", "--cap=128K", path, "--slot", "32")->code);
    struct mapring_stat stat = ring_stat(path);
    check_number(128 * 1024, stat.capacity_bytes);
    check_number(32, stat.slot_bytes);
    check_number(0, RUN("rm", "--", path)->code);
    REFUSED("mapring rm: ", "rm", "--", "--force me");
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(help_of_every_command_fits_the_terminal),
    TEST(help_lists_every_command),
    TEST(version_is_told),
    TEST(unknown_commands_are_refused),
    TEST(unknown_options_are_refused),
    TEST(missing_and_superfluous_arguments_are_refused),
    TEST(bad_values_of_options_are_refused),
    TEST(sizes_have_units_in_every_spelling),
    TEST(what_an_option_would_take_is_told),
    TEST(names_that_no_ring_can_have_are_refused),
    TEST(geometries_that_no_ring_can_have_are_refused),
    TEST(options_stand_anywhere_and_may_be_abbreviated),
};
TEST_MAIN(roles, tests)
