/* SPDX-License-Identifier: MIT */
/* mapring top, as far as it needs no terminal; tests/check_top.py has one. */
#include "actor.h"
#include "cli.h"

static const struct mapring_options small = {.capacity_bytes = 65536, .times = true};

static const struct ran *top_wide(const char *name)
{
    os_set_environment("COLUMNS", "200");
    const struct ran *ran = RUN("top", name, "--once", "--interval", "0.2");
    os_set_environment("COLUMNS", "80");
    return ran;
}

static const char *last_line(const char *text)
{
    const char *line = text;
    for (const char *at = text; *at != '\0'; at++)
        if (*at == '\n' && at[1] != '\0')
            line = at + 1;
    return line;
}

/* ---- Once ---- */

static void once_shows_a_ring_and_its_reader(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest archive", name);
    expect(writer, MAPRING_OK, "send 7 50");
    expect(reader, MAPRING_OK, "read 7");
    tell(reader, "read 1 forever");
    check_soon(ring_stat(name).consumer[0].asleep);
    const struct ran *ran = top_wide(name);
    check_number(0, ran->code);
    check_text("", ran->errors);
    check_begins("mapring top  1 ring, 1 reader ", ran->output);
    check_contains(name, ran->output);
    check_contains(" open ", ran->output);
    check_contains(" block ", ran->output);
    check_begins(" RING  ", strstr(ran->output, "\n\n") + 2);
    check_contains(" archive ", last_line(ran->output));
    check_contains(" asleep ", last_line(ran->output));
    expect(writer, MAPRING_OK, "send 1 50");
    check_result(MAPRING_OK, answer(reader).result);
}

static void once_says_what_goes_in_and_out(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    tell(reader, "read 2000000 forever");
    tell(writer, "send 2000000 50 forever");
    check_soon(ring_stat(name).records > 0);
    const struct ran *ran = RUN("top", name, "--once", "--json", "--interval", "0.1");
    check_number(0, ran->code);
    check_json(ran->output, ran->bytes);
    const char *rate = strstr(ran->output, "\"records_per_second\": ");
    check(rate != NULL && strtod(strchr(rate, ':') + 1, NULL) > 0);
    rate = strstr(ran->output, "\"read_rate\": {");
    check(rate != NULL && strtod(strstr(rate, "second\": ") + 9, NULL) > 0);
    process_kill(writer);
    process_kill(reader);
}

static void once_says_for_whom_the_producer_waits(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest slow", name);
    tell(writer, "send 100000 50 forever");
    check_soon(ring_stat(name).producer_waits);
    os_set_environment("COLUMNS", "200");
    const struct ran *ran = RUN("top", name, "--once");
    os_set_environment("COLUMNS", "80");
    check_contains(", 1 producer waits ", ran->output);
    check_contains(" waits ", ran->output);
    check_contains(" slow ", ran->output);
    check_contains(" stalled ", last_line(ran->output));
    const char *json = RUN("top", name, "--once", "--json")->output;
    check_contains("\"blocked\": {\"now\": true, \"cell\": 0, ", json);
    check_contains("\"activity\": \"stalled\"", json);
    process_kill(writer);
}

static void a_reader_that_is_gone_is_shown_as_such(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *dead = start_consumer(name, "oldest"), *away = start_actor();
    expect(away, MAPRING_OK, "consumer %s oldest keeper durable", name);
    expect(away, MAPRING_OK, "close");
    process_kill(dead);
    const char *output = top_wide(name)->output;
    check_contains(" dead ", output);
    check_contains(" away ", output);
    const char *json = RUN("top", name, "--once", "--json", "--interval", "0.1")->output;
    check_contains("\"activity\": null, \"command\": null", json);
    check(strstr(json, "\"activity\": \"") == NULL);
}

static void the_command_of_a_reader_is_shown(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    START(NULL, "recv", name, "--wait", "--follow");
    await_consumers(name, 1);
    const char *json = RUN("top", name, "--once", "--json", "--interval", "0.1")->output;
    const char *command = strstr(json, "\"command\": \"");
    check(command != NULL);
    check_contains("mapring", command);
    check_contains(on_windows() ? "mapring." : " recv ", last_line(top_wide(name)->output));
}

static void a_ring_that_cannot_be_read_is_listed_with_the_reason(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *missing = new_ring_name(), *file = new_file("no ring", 7);
    const struct ran *ran = RUN("top", name, missing, file, "--once", "--interval", "0.1");
    check_number(1, ran->code);
    check_contains(" never ", ran->output);
    check_contains(" missing there is no ring '", ran->output);
    check_contains("2 not readable", ran->output);
    check_contains("mapring top: ", ran->errors);
    ran = RUN("top", missing, "--once", "--json", "--interval", "0.1");
    check_number(1, ran->code);
    check_json(ran->output, ran->bytes);
    check_contains("\"error\": \"there is no ring '", ran->output);
}

static void patterns_choose_rings(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    char pattern[80];
    snprintf(pattern, sizeof pattern, "%.*s?", (int)strlen(name) - 1, name);
    check_contains(name, RUN("top", pattern, "--once", "--json", "--interval", "0.1")->output);
    const struct ran *ran = RUN("top", "no-such-*", "--once", "--interval", "0.1");
    check_number(0, ran->code);
    check_contains("0 rings, 0 readers", ran->output);
    check_contains("\n no rings\n", ran->output);
}

static void rings_are_sorted(void **state)
{
    (void)state;
    const char *first = new_ring(&small), *second = new_ring(&small);
    struct process *writer = start_producer(second);
    expect(writer, MAPRING_OK, "send 300 50");
    const char *by_name = RUN("top", first, second, "--once", "--interval", "0.1")->output;
    check(strstr(by_name, first) < strstr(by_name, second));
    const char *by_full =
        RUN("top", first, second, "--once", "--interval", "0.1", "--sort", "full")->output;
    check(strstr(by_full, first) > strstr(by_full, second));
    const char *reversed =
        RUN("top", first, second, "--once", "--interval", "0.1", "--reverse")->output;
    check(strstr(reversed, first) > strstr(reversed, second));
}

static size_t width_of(const char *line, size_t bytes)
{
    size_t width = 0;
    for (size_t i = 0; i < bytes; i++)
        width += ((unsigned char)line[i] & 0xc0) != 0x80;
    return width;
}

static void no_line_is_wider_than_the_terminal(void **state)
{
    (void)state;
    static const char *const columns[] = {"60", "80", "100", "200", "none"};
    static const size_t widths[] = {60, 80, 100, 200, 80};
    const char *name = new_ring(&small);
    struct process *reader = start_actor();
    expect(reader, MAPRING_OK,
           "consumer %s oldest a-name-that-is-longer-than-any-column-could-be-on-a-screen", name);
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        os_set_environment("COLUMNS", columns[i]);
        const char *line = RUN("top", name, "--once", "--interval", "0.1")->output;
        for (size_t bytes; *line != '\0'; line += bytes + 1) {
            bytes = strcspn(line, "\n");
            check(width_of(line, bytes) <= widths[i]);
        }
    }
    os_set_environment("COLUMNS", "80");
}

static void names_of_readers_cannot_control_the_terminal(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    mapring_consumer *consumer;
    const struct mapring_consumer_options options = {.name = "a\x1b[2J\xff\xe2\x80\xaey"};
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &options));
    const char *output = top_wide(name)->output;
    mapring_consumer_close(consumer);
    check(strchr(output, '\x1b') == NULL && strstr(output, "\xe2\x80\xae") == NULL);
    check_contains(" a?[2J?", output);
}

static void blocks_are_drawn_only_where_the_locale_has_them(void **state)
{
    (void)state;
    if (on_windows())
        skip();
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    expect(writer, MAPRING_OK, "send 300 50");
    os_set_environment("LC_ALL", "C");
    const char *output = RUN("top", name, "--once", "--interval", "0.1")->output;
    check_contains("#", output);
    for (const char *at = output; *at != '\0'; at++)
        check((unsigned char)*at < 0x80);
    os_set_environment("LC_ALL", "C.UTF-8");
    check_contains("\xe2\x96", RUN("top", name, "--once", "--interval", "0.1")->output);
}

/* ---- Again and again ---- */

static void each_look_is_a_line_of_json(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    const struct ran *ran = RUN("top", name, "--json", "--count", "3", "--interval", "0.1");
    check_number(0, ran->code);
    const char *line = ran->output;
    for (int i = 0; i < 3; i++) {
        size_t bytes = strcspn(line, "\n") + 1;
        check_begins("{\"time_ns\": ", line);
        check_json(line, bytes);
        line += bytes;
    }
    check_text("", line);
}

static bool next_line_contains(struct process *top, const char *part)
{
    const char *line = process_line(top);
    return line && strstr(line, part) != NULL;
}

/* Where a ring lives only as long as somebody has it open, top does not keep it. */
static void rings_come_and_go_while_it_looks_on(void **state)
{
    (void)state;
    have_console();
    const char *name = new_ring_name();
    char shown[100];
    snprintf(shown, sizeof shown, "\"name\": \"%s\", \"error\": null", name);
    struct process *top = START(NULL, "top", name, "--json", "--interval", "0.1");
    check(next_line_contains(top, "\"error\": \"there is no ring"));
    for (int i = 0; i < 2; i++) {
        mapring_ring *ring;
        check_result(MAPRING_OK, mapring_open(&ring, name, &small));
        check_soon(next_line_contains(top, shown));
        mapring_close(ring);
        mapring_remove(name, MAPRING_LOCAL, false);
        check_soon(next_line_contains(top, "\"error\": \"there is no ring"));
    }
    if (process_interrupt(top))
        check_number(130, process_wait(top).code | 128);
    else
        process_kill(top);
}

static void it_ends_when_nobody_reads_it(void **state)
{
    (void)state;
    struct process *top = START(NULL, "top", new_ring(NULL), "--json", "--interval", "0.1");
    check(process_line(top) != NULL);
    process_close_output(top);
    process_wait(top);
}

/* ---- Refusals ---- */

static void without_a_terminal_it_says_what_to_use(void **state)
{
    (void)state;
    const struct ran *ran = RUN("top");
    check_number(1, ran->code);
    check_text("", ran->output);
    check_text("mapring top: standard output is not a terminal: use --once for one frame as plain "
               "text, or --json\n",
               ran->errors);
}

static void wrong_options_are_refused(void **state)
{
    (void)state;
    check_number(2, RUN("top", "--interval", "0.01")->code);
    check_contains("a number of seconds from 0.1 to 3600", RUN("top", "--interval", "x")->errors);
    check_contains("name, state, full, in, bytes", RUN("top", "--sort", "colour")->errors);
    check_number(2, RUN("top", "--once", "--count", "0")->code);
}

static void a_log_is_shown_with_its_level(void **state)
{
    (void)state;
    use_directory();
    check_number(0, RUN("log", "write", "app", "text")->code);
    const char *path = file_of("app");
    check_contains(" log, INFO", top_wide(path)->output);
    check_number(0, RUN("level", "app", "debug")->code);
    check_contains(" log, DEBUG", top_wide(path)->output);
    check_contains("\"level\": \"DEBUG\"",
                   RUN("top", path, "--once", "--json", "--interval", "0.1")->output);
    check_contains("\"level\": null", RUN("top", new_ring(NULL), "--once", "--json", "--interval",
                                         "0.1")->output);
    use_no_directory();
}

static const struct CMUnitTest tests[] = {
    TEST(once_shows_a_ring_and_its_reader),
    TEST(once_says_what_goes_in_and_out),
    TEST(once_says_for_whom_the_producer_waits),
    TEST(a_reader_that_is_gone_is_shown_as_such),
    TEST(the_command_of_a_reader_is_shown),
    TEST(a_ring_that_cannot_be_read_is_listed_with_the_reason),
    TEST(patterns_choose_rings),
    TEST(rings_are_sorted),
    TEST(no_line_is_wider_than_the_terminal),
    TEST(names_of_readers_cannot_control_the_terminal),
    TEST(blocks_are_drawn_only_where_the_locale_has_them),
    TEST(each_look_is_a_line_of_json),
    TEST(rings_come_and_go_while_it_looks_on),
    TEST(it_ends_when_nobody_reads_it),
    TEST(without_a_terminal_it_says_what_to_use),
    TEST(wrong_options_are_refused),
    TEST(a_log_is_shown_with_its_level),
};

static const struct role roles[] = {ACTOR_ROLE};

TEST_MAIN(roles, tests)
