/* SPDX-License-Identifier: MIT */
/* mapring record and play: what was sent comes again, and damage is told. */
#include "cli.h"

static const struct mapring_options timed = {.capacity_bytes = 65536, .times = true};

static const char *recorded(const char **name)
{
    const char *file = new_path(".rec");
    *name = new_ring(&timed);
    check_number(0, RUN("send", *name, new_file("one\ntwo\nthree\n", 14))->code);
    check_number(0, RUN("record", *name, "-o", file)->code);
    return file;
}

static void what_was_recorded_is_printed_and_played(void **state)
{
    (void)state;
    const char *name, *file = recorded(&name), *copy = new_ring(&timed);
    check_text("one\ntwo\nthree\n", RUN("play", file, "-")->output);
    check_number(0, RUN("play", file, copy, "--speed", "max")->code);
    check_text("one\ntwo\nthree\n", RUN("recv", copy)->output);
}

static void a_torn_recording_is_told_and_continued(void **state)
{
    (void)state;
    const char *name, *file = recorded(&name);
    size_t bytes;
    char *text = read_file(file, &bytes);
    /* The last frame is the end of the run, 32 bytes; before it comes "three". */
    write_file(file, text, bytes - 32 - 2);
    free(text);
    const struct ran *ran = RUN("play", file, "-");
    check_number(1, ran->code);
    check_text("one\ntwo\n", ran->output);
    check_contains("ends within a record, at offset", ran->errors);
    check_number(0, RUN("record", name, "-o", file, "--from", "oldest")->code);
    ran = RUN("play", file, "-");
    check_number(0, ran->code);
    check_text("one\ntwo\nthree\n", ran->output);
}

static void a_damaged_recording_is_told_and_refused(void **state)
{
    (void)state;
    const char *name, *file = recorded(&name);
    check(os_file_write_at(file, os_file_size(file) - 33, "X", 1));
    const struct ran *ran = RUN("play", file, "-");
    check_number(1, ran->code);
    check_text("one\ntwo\n", ran->output);
    check_contains("is damaged at offset", ran->errors);
    check_number(1, RUN("record", name, "-o", file)->code);
    check_number(1, RUN("play", new_file("not a recording", 15), "-")->code);
}

static void several_rings_need_names_of_their_own(void **state)
{
    (void)state;
    const char *a = new_ring(&timed), *b = new_ring(&timed), *file = new_path(".rec");
    check_number(0, RUN("send", a, new_file("a\n", 2))->code);
    check_number(0, RUN("send", b, new_file("b\n", 2))->code);
    check_number(0, RUN("record", a, b, "-o", file)->code);
    check_text("a\nb\n", RUN("play", file, "-")->output);
    const char *copy = new_ring(&timed);
    check_contains("cannot be played into one", RUN("play", file, copy)->errors);
    char choice[256];
    snprintf(choice, sizeof choice, "%s=%s", b, copy);
    check_number(0, RUN("play", file, "--ring", choice)->code);
    check_text("b\n", RUN("recv", copy)->output);
}

static void content_and_dictionary_are_carried_over(void **state)
{
    (void)state;
    const struct mapring_options options = {
        .capacity_bytes = 65536, .content = "text/csv", .dictionary_bytes = 65536};
    const char *name = new_ring(&options), *file = new_path(".rec"), *copy = new_path(".ring");
    mapring_producer *producer;
    uint64_t offset;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_OK, mapring_producer_define(producer, 7, "columns", 7, &offset));
    check_result(MAPRING_OK, mapring_producer_send(producer, "a,b", 3, 0));
    mapring_producer_close(producer);
    check_number(0, RUN("record", name, "-o", file)->code);
    check_number(0, RUN("play", file, copy)->code);
    check_contains("columns", RUN("dictionary", copy)->output);
    check_contains("\"content\": \"text/csv\"", RUN("stat", copy, "--json")->output);
    check_text("a,b\n", RUN("recv", copy)->output);
}

/* Without a consumer, a ring that drops keeps what it has; with one that reads, it goes on. */
static void what_was_dropped_is_recorded_and_told(void **state)
{
    (void)state;
    static char lines[200000];
    memset(lines, 'x', sizeof lines);
    for (size_t i = 99; i < sizeof lines; i += 100)
        lines[i] = '\n';
    const struct mapring_options options = {.capacity_bytes = 65536, .when_full = MAPRING_DROP};
    const char *name = new_ring(&options), *file = new_path(".rec");
    check_number(0, RUN("send", name, new_file(lines, sizeof lines))->code);
    check_number(0, RUN("recv", name, "--count", "100")->code);
    check_number(0, RUN("send", name, new_file("last\n", 5))->code);
    check_number(0, RUN("record", name, "-o", file)->code);
    const struct ran *ran = RUN("play", file, "-", "--json");
    check_number(0, ran->code);
    check_contains("\"lost\": {\"first\": ", ran->output);
    check_contains("\"last\"", ran->output);
    check_contains("records", RUN("play", file, "-")->errors);
}

static void dump_says_how_to_read_a_recording(void **state)
{
    (void)state;
    const char *name, *file = recorded(&name);
    const struct ran *ran = RUN("dump", file);
    check_number(1, ran->code);
    check_contains("it is a recording: use mapring play ", ran->errors);
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(what_was_recorded_is_printed_and_played), TEST(a_torn_recording_is_told_and_continued),
    TEST(a_damaged_recording_is_told_and_refused), TEST(several_rings_need_names_of_their_own),
    TEST(content_and_dictionary_are_carried_over), TEST(what_was_dropped_is_recorded_and_told),
    TEST(dump_says_how_to_read_a_recording),
};
TEST_MAIN(roles, tests)
