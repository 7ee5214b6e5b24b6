/* SPDX-License-Identifier: MIT */
/* mapring ls with its long lines, patterns and scopes, and the directory of MAPRING_DIR. */
#include <inttypes.h>

#include "cli.h"

/* The line of a ring, or NULL. */
static const char *line_of(const char *output, const char *name)
{
    size_t length = strlen(name);
    for (const char *line = output; line && *line;) {
        if (strncmp(line, name, length) == 0 && line[length] == ' ')
            return line;
        line = strchr(line, '\n');
        line += line != NULL;
    }
    return NULL;
}

static const char *word_in(const char *output, const char *name, const char *word)
{
    const char *line = line_of(output, name);
    if (!line)
        check_failed(__FILE__, __LINE__, "'%s' is not listed in: %s", name, output);
    const char *end = strchr(line, '\n'), *found = strstr(line, word);
    if (!found || found > end)
        check_failed(__FILE__, __LINE__, "'%s' is not in: %s", word, line);
    return found;
}

/* ---- ls ---- */

static void ls_lists_what_patterns_and_names_mean(void **state)
{
    (void)state;
    use_directory();
    static const char *const names[] = {"app.one", "app.two", "other"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        check_number(0, RUN("create", names[i])->code);
    check_text("app.one\napp.two\nother\n", RUN("ls")->output);
    check_text("app.one\napp.two\n", RUN("ls", "app.*")->output);
    check_text("app.two\nother\n", RUN("ls", "other", "app.t??")->output);
    check_text("[\"app.one\"]\n", RUN("ls", "app.one", "--json")->output);
    const struct ran *ran = RUN("ls", "no*");
    check_number(0, ran->code);
    check_text("", ran->output);
    ran = RUN("ls", "nothing", "other");
    check_number(1, ran->code);
    check_text("other\n", ran->output);
    check_contains("there is no ring file", ran->errors);
}

static void what_is_called_like_no_ring_is_not_listed(void **state)
{
    (void)state;
    const char *directory = use_directory();
    char endless[151] = "";
    char other[1200];
    memset(endless, 'x', sizeof endless - 1);
    check(os_make_directory(file_of("folder")));
    write_file(file_of("odd name"), "", 0);
    write_file(file_of(".."), "", 0);
    write_file(file_of(endless), "", 0);
    snprintf(other, sizeof other, "%s/upper.RING", directory);
    write_file(other, "", 0);
    check_number(0, RUN("create", "right")->code);
    check_text("right\n", RUN("ls")->output);
    check_text("right\n", RUN("ls", "*")->output);
}

static void ls_says_which_name_is_not_there(void **state)
{
    (void)state;
    const char *name = new_ring_name(), *file = new_ring_file(NULL);
    const struct ran *ran = RUN("ls", name);
    check_number(1, ran->code);
    check_contains("there is no ring '", ran->errors);
    check_contains(name, ran->errors);
    ran = RUN("ls", name, "--long");
    check_number(1, ran->code);
    check_contains("there is no ring '", word_in(ran->output, name, "there is no ring"));
    check_contains(file, RUN("ls", file)->output);
    word_in(RUN("ls", file, "--long")->output, file, " file ");
}

static void ls_shows_who_uses_a_ring(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.content = "text/x-test"});
    const struct ran *ran = RUN("ls", name, "--long");
    word_in(ran->output, name, " local ");
    word_in(ran->output, name, " 1.0 MiB ");
    word_in(ran->output, name, " none yet ");
    word_in(ran->output, name, "  text/x-test\n");
}

static void ls_shows_producer_and_consumers(void **state)
{
    (void)state;
    char expected[64];
    const char *name = new_ring(&(struct mapring_options){.content = "text/plain"});
    struct process *sender = START(NULL, "send", name), *receiver = START(NULL, "recv", name);
    await_consumers(name, 1);
    await_producer(name, MAPRING_PRODUCER_IS_OPEN);
    const struct ran *ran = RUN("ls", name, "--long");
    snprintf(expected, sizeof expected, "open, %" PRIu64 " mapring", process_id(sender));
    const char *producer = word_in(ran->output, name, expected);
    const char *line = line_of(ran->output, name), *header = ran->output;
    check_number(strstr(header, "PRODUCER") - header, producer - line);
    check_number(strstr(header, "CONSUMERS") - header, word_in(line, name, "  1  ") + 2 - line);
    check_number(strstr(header, "CONTENT") - header, word_in(line, name, "text/plain") - line);
    process_kill(sender);
    process_wait(receiver);
    word_in(RUN("ls", name, "--long")->output, name, " died, ");
}

static void ls_as_json_says_everything(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.content = "text/plain"});
    struct process *receiver = START(NULL, "recv", name, "--wait");
    await_consumers(name, 1);
    const struct ran *ran = RUN("ls", name, "--long", "--json");
    check_json(ran->output, ran->bytes);
    static const char *const parts[] = {"\"owner\": \"",
                                        "\"scope\": \"local\"",
                                        "\"capacity_bytes\": 1048576",
                                        "\"content\": \"text/plain\"",
                                        "\"unread_records\": 0",
                                        "\"producer\": {\"state\": \"never\"",
                                        "\"consumers\": [",
                                        "\"state\": \"attached\"",
                                        "\"problem\": null"};
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        check_contains(parts[i], ran->output);
    process_kill(receiver);
    ran = RUN("ls", new_ring_name(), "--long", "--json");
    check_json(ran->output, ran->bytes);
    check_contains("\"problem\": \"there is no ring", ran->output);
    check_text("[]\n", RUN("ls", "no-ring-has-this-name*", "--all", "--json")->output);
}

static void ls_of_all_shows_both_scopes(void **state)
{
    (void)state;
    const char *local = new_ring(NULL), *global = new_ring_name();
    const struct mapring_options options = {.scope = MAPRING_GLOBAL};
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, global, &options));
    const struct ran *ran = RUN("ls", "--all");
    check_number(0, ran->code);
    word_in(ran->output, local, " local ");
    word_in(ran->output, global, " global ");
    check(line_of(RUN("ls", "--long")->output, global) == NULL);
    word_in(RUN("ls", "--long", "--scope", "global")->output, global, " global ");
    mapring_close(ring);
}

static void what_cannot_be_opened_is_listed_with_the_reason(void **state)
{
    (void)state;
    use_directory();
    static char junk[200000];
    memset(junk, 'x', sizeof junk);
    write_file(file_of("junk"), junk, sizeof junk);
    write_file(file_of("half"), "", 0);
    const struct ran *ran = RUN("ls", "--long");
    check_number(0, ran->code);
    word_in(ran->output, "half", "is empty or half-made: its creator died");
    word_in(ran->output, "junk", " directory  ");
    word_in(ran->output, "junk", "not a ring");
    ran = RUN("ls", "--all", "--json");
    check_json(ran->output, ran->bytes);
    check_contains("\"problem\": \"", ran->output);
}

/* ---- The directory of MAPRING_DIR ---- */

static void a_name_is_a_file_in_the_directory(void **state)
{
    (void)state;
    const char *input = new_file("one\n", 4);
    use_directory();
    const struct ran *ran = RUN("send", "app", input);
    check_text("", ran->errors);
    check_number(0, ran->code);
    check(os_file_size(file_of("app")) > 0);
    check_number(0, RUN("send", "app", "--scope", "global", "--sync", "close", input)->code);
    check_text("one\none\n", RUN("recv", "app")->output);
    check_contains("\nproducer        closed, ", RUN("stat", "app")->output);
    check_contains("one\none\n", RUN("dump", "app")->output);
    check_text("app\n", RUN("ls")->output);
    check_text("app\n", RUN("ls", "--scope", "global")->output);
    word_in(RUN("ls", "--all")->output, "app", " directory ");
    check_number(0, RUN("rm", "app")->code);
    check_number(-1, os_file_size(file_of("app")));
    check_text("", RUN("ls")->output);
    use_no_directory();
    check_number(1, RUN("stat", "app")->code);
}

/* Also where other names vanish with their last process. */
static void a_ring_in_the_directory_is_created_and_stays(void **state)
{
    (void)state;
    use_directory();
    check_text("", RUN("create", "flight.ring", "--capacity", "128K")->errors);
    check_number(128 * 1024, ring_stat("flight.ring").capacity_bytes);
    check_text("flight.ring\n", RUN("ls")->output);
}

static void several_rings_are_read_from_the_directory(void **state)
{
    (void)state;
    use_directory();
    check_number(0, RUN("send", "app.one", new_file("one\n", 4))->code);
    check_number(0, RUN("send", "app.two", new_file("two\n", 4))->code);
    const struct ran *ran = RUN("recv", "app.*", "--prefix");
    check_contains("app.one: one\n", ran->output);
    check_contains("app.two: two\n", ran->output);
    struct process *reader = START(NULL, "recv", "new.*", "--wait", "--follow");
    struct process *sender = START(NULL, "send", "new.one");
    process_say(sender, "three");
    process_hear(reader, "three");
    process_close_input(sender);
    process_finish(sender);
    process_kill(reader);
}

static void readers_in_the_directory_are_told_of_a_removal(void **state)
{
    (void)state;
    use_directory();
    const char *errors = new_path(".errors");
    check_number(0, RUN("create", "app")->code);
    struct process *sender = START(NULL, "send", "app");
    struct process *reader = START(COMPLAINS_TO(errors), "recv", "app");
    await_consumers("app", 1);
    await_producer("app", MAPRING_PRODUCER_IS_OPEN);
    check_number(1, RUN("rm", "app")->code);
    check_number(0, RUN("rm", "app", "--force")->code);
    char *text = complaint_of(reader, 3, errors);
    check_contains("removed", text);
    free(text);
    process_kill(sender);
}

static void a_path_stays_a_path(void **state)
{
    (void)state;
    const char *path = new_ring_file(NULL);
    use_directory();
    check_number(0, RUN("stat", path)->code);
    check_text("", RUN("ls")->output);
}

static void check_refused(const char *base, const char *reason)
{
    static const char *const commands[] = {"create", "send", "recv", "stat", "rm", "ls"};
    os_set_environment("MAPRING_DIR", base);
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        const struct ran *ran = RUN(commands[i], "app");
        check(ran->code == 2 || ran->code == 1);
        check_contains(reason, ran->errors);
        check_number(0, ran->bytes);
    }
    check_number(2, RUN("recv", "app", "--wait")->code);
    check_contains(reason, RUN("prune", "--yes")->errors);
}

static void a_directory_that_cannot_be_used_is_told(void **state)
{
    (void)state;
    char missing[1200];
    snprintf(missing, sizeof missing, "there is no directory '%s", new_path("-missing"));
    check_refused(strchr(missing, '\'') + 1, missing);
    check_refused("some/where", "which is not an absolute path");
    check_refused(new_file("x", 1), "which is not a directory");
    static char endless[5000];
    memset(endless, 'x', sizeof endless - 1);
    endless[0] = '/';
    check_refused(endless, on_windows() ? "too long" : "the limit is 4095");
}

static void a_path_that_becomes_too_long_is_told(void **state)
{
    (void)state;
    struct mapring_options options = {.how = MAPRING_ATTACH};
    mapring_ring *ring;
    char base[4090];
    const char *directory = new_path("-long");
    check(os_make_directory(directory));
    size_t length = strlen(directory);
    memcpy(base, directory, length);
    while (length + 2 < sizeof base - 1) {
        memcpy(base + length, "/.", 2);
        length += 2;
    }
    base[length] = '\0';
    os_set_environment("MAPRING_DIR", base);
    int result = mapring_open(&ring, "a-name-of-some-length", &options);
    const char *text = mapring_last_error()->text;
    use_no_directory();
    check_result(MAPRING_ERROR_NAME, result);
    check(strstr(text, "the limit is 4095") || strstr(text, "there is no directory"));
}

/* The suite find_linux tries what it does on Linux. */
static void a_group_is_refused_where_rings_have_none(void **state)
{
    (void)state;
    if (!on_windows())
        skip();
    use_directory();
    const struct ran *ran = RUN("create", "app", "--group", "Users");
    check_number(1, ran->code);
    check_contains("on Windows, a ring has no group", ran->errors);
    check_text("", RUN("ls")->output);
}

static const struct CMUnitTest tests[] = {
    TEST(ls_lists_what_patterns_and_names_mean),
    TEST(what_is_called_like_no_ring_is_not_listed),
    TEST(ls_says_which_name_is_not_there),
    TEST(ls_shows_who_uses_a_ring),
    TEST(ls_shows_producer_and_consumers),
    TEST(ls_as_json_says_everything),
    TEST(ls_of_all_shows_both_scopes),
    TEST(what_cannot_be_opened_is_listed_with_the_reason),
    TEST(a_name_is_a_file_in_the_directory),
    TEST(a_ring_in_the_directory_is_created_and_stays),
    TEST(several_rings_are_read_from_the_directory),
    TEST(readers_in_the_directory_are_told_of_a_removal),
    TEST(a_path_stays_a_path),
    TEST(a_directory_that_cannot_be_used_is_told),
    TEST(a_path_that_becomes_too_long_is_told),
    TEST(a_group_is_refused_where_rings_have_none),
};
static const struct role roles[] = {{"none", NULL}};
TEST_MAIN(roles, tests)
