/* SPDX-License-Identifier: MIT */
/* What mapring complete offers to shells. */
#include "cli.h"

/* Completes the last word, and checks that nothing goes wrong. */
#define OFFERED(...) offered(ARGUMENTS("complete", "--", __VA_ARGS__))
static const char *offered(const char *const *arguments)
{
    const struct ran *ran = run_command(arguments);
    check_number(0, ran->code);
    check_text("", ran->errors);
    return ran->output;
}

static bool has_line(const char *start, const char *text)
{
    for (; *text != '\0'; text += strcspn(text, "\n") + 1)
        if (strncmp(text, start, strlen(start)) == 0)
            return true;
    return false;
}

static void commands_are_offered_with_what_they_do(void **state)
{
    (void)state;
    check_text("recv\twrite the records of rings to standard output or a file\n", OFFERED("recv"));
    const char *all = OFFERED("");
    check(has_line("send\t", all) && has_line("view\t", all) && has_line("help\t", all));
    check(!has_line("complete\t", all));
    check_text("--version\tprint the version\n", OFFERED("--v"));
    check_text("read\tprint the text in a mapping\n", OFFERED("view", "re"));
    check_text("", OFFERED("nonsense", ""));
}

static void commands_and_topics_are_offered_after_help(void **state)
{
    (void)state;
    const char *all = OFFERED("help", "");
    check(has_line("recv\t", all) && has_line("framing\t", all) && !has_line("help\t", all));
    check_text("read\tprint the text in a mapping\n", OFFERED("help", "view", "re"));
    check_text("", OFFERED("help", "recv", ""));
}

static void options_are_offered_after_a_dash(void **state)
{
    (void)state;
    const char *all = OFFERED("recv", "-");
    check(has_line("--framing\tline: ", all) && has_line("--help\t", all));
    check_text("--json\twrite JSON\n", OFFERED("stat", "some-name", "--j"));
    check_text("", OFFERED("stat", "--", "--j"));
}

static void options_are_offered_where_no_argument_fits(void **state)
{
    (void)state;
    check(has_line("--json\t", OFFERED("bench", "")));
    check_text("", OFFERED("bench", "--", ""));
}

static void values_are_offered_with_what_they_mean(void **state)
{
    (void)state;
    check_text("line\ta newline after each record (default)\n"
               "length\tits length in 4 bytes, little-endian, before each\n",
               OFFERED("recv", "--framing", "l"));
    check_text("--framing=block\tnothing between them\n", OFFERED("recv", "--framing=b"));
    check_text("--time=epoch\tseconds since 1970\n", OFFERED("dump", "--time=e"));
    check_text("split\t\n", OFFERED("send", "x", "--too-long", "sp"));
    check_text("none\t\nclose\t\n", OFFERED("send", "x", "--sync", ""));
    check_text("", OFFERED("recv", "--count", ""));
    check_text("", OFFERED("recv", "--count", "--"));
    check_text("block\tnothing between them\n", OFFERED("recv", "--fram", "b"));
}

static void rings_are_offered_in_their_scope(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_ring *ring;
    char line[128];
    snprintf(line, sizeof line, "%s\tring\n", name);
    check_result(MAPRING_OK, mapring_open(&ring, name, NULL));
    check_text(line, OFFERED("recv", name));
    check_text(line, OFFERED("rm", "some-name", "--force", name));
    check(has_line(line, OFFERED("stat", "")));
    check_text(line, OFFERED("stat", "--scope", "local", name));
    check_text("", OFFERED("stat", "--scope=global", name));
    check_text("", OFFERED("create", name));
    check_text("", OFFERED("view", "read", name));
    mapring_close(ring);
}

static void files_are_wanted_where_they_fit(void **state)
{
    (void)state;
    check_text("files\n", OFFERED("send", "x", ""));
    check_text("files\n", OFFERED("recv", "./"));
    check_text("files\n", OFFERED("create", "./"));
    check_text("files\n", OFFERED("dump", "no-such-ring"));
    check_text("files\n", OFFERED("bench", "--html", ""));
    check_text("files\n", OFFERED("view", "write", "x", "--file="));
}

static void durable_consumers_are_offered(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    check_number(0, RUN("create", path)->code);
    check_number(4,
                 RUN("recv", path, "--wait", "--consumer", "archive", "--timeout", "0.01")->code);
    check_text("archive\taway\n", OFFERED("consumer", "rm", path, ""));
    check_text("archive\taway\n", OFFERED("recv", path, "--consumer", "arch"));
    check_text("--consumer=archive\taway\n", OFFERED("recv", path, "--consumer=a"));
    check_text("", OFFERED("recv", path, "--consumer", "b"));
    check_text("", OFFERED("recv", "--consumer", ""));
}

/* Nobody may be disturbed by a ring that makes no sense while he writes a command line. */
static void broken_rings_are_passed_over(void **state)
{
    (void)state;
    static char bytes[200000];
    const size_t sizes[] = {0, 1, 4096, sizeof bytes};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        memset(bytes, (int)i, sizeof bytes);
        check_text("", OFFERED("consumer", "rm", new_file(bytes, sizes[i]), ""));
    }
    check_text("", OFFERED("consumer", "rm", new_path(".none"), ""));
    check_text("", OFFERED("consumer", "rm", "no:name", ""));
}

static void nothing_is_offered_without_a_word(void **state)
{
    (void)state;
    check_text("", offered(ARGUMENTS("complete")));
    check_text("", offered(ARGUMENTS("complete", "--")));
    check_text("", offered(ARGUMENTS("complete", "recv", "x")));
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(commands_are_offered_with_what_they_do), TEST(commands_and_topics_are_offered_after_help),
    TEST(options_are_offered_after_a_dash),       TEST(options_are_offered_where_no_argument_fits),
    TEST(values_are_offered_with_what_they_mean), TEST(rings_are_offered_in_their_scope),
    TEST(files_are_wanted_where_they_fit),        TEST(durable_consumers_are_offered),
    TEST(broken_rings_are_passed_over),           TEST(nothing_is_offered_without_a_word),
};
TEST_MAIN(roles, tests)
