/* SPDX-License-Identifier: MIT */
/* What recv and dump write stays whole, after what killed commands left, on full disks, and in
 * pipes. */
#include "cli.h"

enum { LINES = 20000, LINE_BYTES = 64, SMALL = 65536 };

static const struct mapring_options small = {.capacity_bytes = SMALL};
static const struct mapring_options large = {.capacity_bytes = 4 << 20};

/* Makes a file with the lines "record 0 of 20000" and so on. */
static const char *numbered_lines(void)
{
    char *text = malloc((size_t)LINES * LINE_BYTES), *at = text;
    for (int i = 0; i < LINES; i++)
        at += sprintf(at, "record %d of %d\n", i, LINES);
    const char *file = new_file(text, (size_t)(at - text));
    free(text);
    return file;
}

/* The number of the record if the line is whole, otherwise -1. */
static int number_of(const char *line, bool json)
{
    char expected[2 * LINE_BYTES + 64], text[LINE_BYTES];
    const char *digits = json ? strstr(line, "record ") : line;
    int number = -1;
    if (!digits || sscanf(digits, "record %d", &number) != 1)
        return -1;
    int length = sprintf(text, "record %d of %d", number, LINES);
    if (json)
        sprintf(expected, "{\"sequence\": %d, \"bytes\": %d, \"payload\": \"%s\"}", number, length,
                text);
    else
        strcpy(expected, text);
    return strcmp(expected, line) == 0 ? number : -1;
}

/* All lines must be there, whole and in order, except that some may be repeated. `torn` other lines
 * were torn on purpose. */
static void check_lines(const char *path, size_t torn, bool json)
{
    size_t bytes, others = 0;
    char *text = read_file(path, &bytes), *end;
    int next = 0;
    check(bytes > 0 && text[bytes - 1] == '\n');
    for (char *line = text; line < text + bytes; line = end + 1) {
        end = memchr(line, '\n', (size_t)(text + bytes - line));
        *end = '\0'; /* many a function of strings looks at all that follows */
        int number = number_of(line, json);
        if (number < 0)
            others++;
        else if (number > next)
            check_failed(__FILE__, __LINE__, "line %d is missing", next);
        else
            next = number == next ? next + 1 : next;
    }
    free(text);
    check_number(LINES, next);
    check_number(torn, others);
}

static void append(const char *path, const char *text)
{
    size_t bytes;
    char *old = read_file(path, &bytes), *both = malloc(bytes + strlen(text) + 1);
    memcpy(both, old, bytes);
    strcpy(both + bytes, text);
    write_file(path, both, bytes + strlen(text));
    free(old);
    free(both);
}

static void appended_records_begin_on_a_new_line(void **state)
{
    (void)state;
    static const struct {
        const char *before, *framing, *after;
    } cases[] = {
        {"half", "line", "half\none\ntwo\n"},
        {"whole\n", "line", "whole\none\ntwo\n"},
        {"", "line", "one\ntwo\n"},
        {"half", "block", "halfonetwo"},
    };
    const char *name = new_ring(&small);
    check_number(0, RUN("send", name, new_file("one\ntwo\n", 8))->code);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *dumped = new_file(cases[i].before, strlen(cases[i].before));
        const char *received = new_file(cases[i].before, strlen(cases[i].before));
        process_finish(START(APPENDED_TO(dumped), "dump", name, "--framing", cases[i].framing));
        check_file(dumped, cases[i].after, strlen(cases[i].after));
        process_finish(START(APPENDED_TO(received), "recv", name, "--from", "oldest", "--framing",
                             cases[i].framing));
        check_file(received, cases[i].after, strlen(cases[i].after));
    }
    const char *json = new_file("{\"seq", 5);
    process_finish(START(APPENDED_TO(json), "dump", name, "--json"));
    char *text = read_file(json, NULL);
    check_begins("{\"seq\n{\"sequence\": 0, ", text);
    free(text);
}

/* If no record is written, no newline is added either. */
static void without_records_a_file_stays_as_it_is(void **state)
{
    (void)state;
    const char *name = new_ring(&small), *file = new_file("half", 4);
    check_number(4, process_exit_code(START(APPENDED_TO(file), "recv", name, "--timeout", "0")));
    check_file(file, "half", 4);
}

/* Each kill leaves half a record, as a kill in the middle of a write does. */
static void an_archive_stays_whole_over_kills(void **state)
{
    (void)state;
    enum { KILLS = 4 };
    for (int json = 0; json < 2; json++) {
        const char *name = new_ring(&large), *archive = new_path(".archive");
        const char *const recv[] = {"recv", name, "--consumer", "arc", json ? "--json" : NULL,
                                    NULL};
        size_t bytes;
        char *lines = read_file(numbered_lines(), &bytes);
        struct process *sender = START(NULL, "send", name);
        for (size_t i = 0; i < KILLS; i++) {
            int64_t before = os_file_size(archive);
            struct process *receiver = start_tool(APPENDED_TO(archive), recv);
            process_write(sender, lines + i * bytes / KILLS,
                          (i + 1) * bytes / KILLS - i * bytes / KILLS);
            check_soon(os_file_size(archive) > before && os_file_size(archive) > 0);
            process_kill(receiver);
            append(archive, json ? "{\"sequence\": 1" : "record 1");
        }
        free(lines);
        process_say(sender, "the last one");
        process_close_input(sender);
        process_finish(sender);
        process_finish(start_tool(APPENDED_TO(archive), recv));
        check_lines(archive, KILLS + 1, json); /* and the line at the end */
    }
}

static struct process *start_limited(const char *archive, const char *name, bool json)
{
    char line[2048];
    snprintf(line, sizeof line, "ulimit -f 100; exec '%s' recv '%s' --consumer arc %s",
             getenv("MAPRING_TOOL"), name, json ? "--json" : "");
    return start_program(&(struct process_streams){.appended = archive, .errors = new_path(".err")},
                         "/bin/sh", ARGUMENTS("-c", line));
}

/* A limit of the file size does the same as a full disk. */
static void an_archive_stays_whole_on_a_full_disk(void **state)
{
    (void)state;
    if (on_windows())
        skip();
    for (int json = 0; json < 2; json++) {
        const char *name = new_ring(&large), *archive = new_path(".archive");
        const char *const recv[] = {"recv", name, "--consumer", "arc", json ? "--json" : NULL,
                                    NULL};
        check_number(0, RUN("send", name, numbered_lines())->code);
        for (int i = 0; i < 2; i++) {
            check_number(1, process_exit_code(start_limited(archive, name, json)));
            size_t bytes;
            char *text = read_file(archive, &bytes);
            check(bytes > 40000 && text[bytes - 1] == '\n');
            free(text);
        }
        process_finish(start_tool(APPENDED_TO(archive), recv));
        check_lines(archive, 0, json);
    }
}

/* Two writers share one pipe. */
static void receivers_share_a_pipe_without_tearing_lines(void **state)
{
    (void)state;
    if (on_windows())
        skip();
    char line[4096];
    const char *name = new_ring(&large), *tool = getenv("MAPRING_TOOL");
    check_number(0, RUN("send", name, numbered_lines())->code);
    snprintf(line, sizeof line,
             "'%s' recv '%s' --from oldest & '%s' recv '%s' --from oldest & wait", tool, name, tool,
             name);
    struct process *shell =
        start_program(&(struct process_streams){0}, "/bin/sh", ARGUMENTS("-c", line));
    process_close_input(shell);
    size_t bytes, lines = 0;
    char *text = process_read_all(shell, &bytes), *end;
    process_finish(shell);
    for (char *at = text; at < text + bytes; at = end + 1, lines++) {
        end = memchr(at, '\n', (size_t)(text + bytes - at));
        check(end != NULL);
        *end = '\0';
        check(number_of(at, false) >= 0);
    }
    free(text);
    check_number(2 * LINES, lines);
}

/* ---- Nobody reads the output any more, and the producer is silent ---- */

static void a_quiet_receiver_ends_when_nobody_reads_it(void **state)
{
    (void)state;
    static const char *const more[][2] = {
        {"--follow", NULL}, {"--observe", NULL}, {"--wait", NULL}};
    for (size_t i = 0; i < COUNT_OF(more); i++) {
        const char *name = new_ring(&small), *errors = new_path(".errors");
        struct process *sender = START(NULL, "send", name);
        struct process *receiver = START(COMPLAINS_TO(errors), "recv", name, more[i][0]);
        process_say(sender, "one");
        process_hear(receiver, "one");
        process_close_output(receiver);
        char *text = complaint_of(receiver, 0, errors);
        check_text("", text);
        free(text);
        process_close_input(sender);
        process_finish(sender);
    }
}

static void nor_does_it_wait_for_a_ring_or_a_producer_then(void **state)
{
    (void)state;
    const char *const names[] = {new_ring_name(), new_ring(&small)};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct process *receiver = START(NULL, "recv", names[i], "--wait");
        process_close_output(receiver);
        process_finish(receiver);
    }
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(appended_records_begin_on_a_new_line),
    TEST(without_records_a_file_stays_as_it_is),
    TEST(an_archive_stays_whole_over_kills),
    TEST(an_archive_stays_whole_on_a_full_disk),
    TEST(receivers_share_a_pipe_without_tearing_lines),
    TEST(a_quiet_receiver_ends_when_nobody_reads_it),
    TEST(nor_does_it_wait_for_a_ring_or_a_producer_then),
};
TEST_MAIN(roles, tests)
