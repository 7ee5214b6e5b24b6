/* SPDX-License-Identifier: MIT */
/* mapring send --tail: a file that is written, rotated, truncated and replaced meanwhile. */
#include "cli.h"

static void append(const char *path, const char *text)
{
    FILE *file = os_file_open(path, "ab");
    check(file != NULL);
    fputs(text, file);
    check(fclose(file) == 0);
}

static void write_on(FILE *file, const char *text)
{
    fputs(text, file);
    check(fflush(file) == 0);
}

static void check_ring(const char *expected, const char *name)
{
    check_text(expected, RUN("dump", name)->output);
}

static bool has_said(const char *path, const char *part)
{
    char *text = os_file_size(path) > 0 ? read_file(path, NULL) : NULL;
    bool found = text && strstr(text, part) != NULL;
    free(text);
    return found;
}

#define START_TAIL(name, errors, ...) \
    START(COMPLAINS_TO(errors), "send", (name), "--tail", __VA_ARGS__)

static void it_begins_at_the_end_and_waits_for_more(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *log = new_file("old\n", 4), *errors = new_path(".errors");
    struct process *sender = START_TAIL(name, errors, log);
    await_producer(name, MAPRING_PRODUCER_IS_OPEN);
    for (int i = 0; ring_stat(name).records == 0; i++)
        append(log, "new\n");
    process_kill(sender);
    const struct ran *ran = RUN("dump", name);
    check_begins("new\n", ran->output);
    check(strstr(ran->output, "old") == NULL);
}

static void it_begins_with_the_first_line_if_asked(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *log = new_file("old\nunfin", 9);
    struct process *sender = START_TAIL(name, new_path(".errors"), log, "--tail-from", "begin");
    await_records(name, 1);
    append(log, "ished\nlast\n");
    await_records(name, 3);
    process_kill(sender);
    check_ring("old\nunfinished\nlast\n", name);
}

static void it_waits_for_a_file_that_does_not_exist_yet(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *log = new_path(".log"), *errors = new_path(".errors");
    struct process *sender = START_TAIL(name, errors, log);
    check_soon(has_said(errors, "does not exist yet; waiting for it\n"));
    append(log, "first\n");
    await_records(name, 1);
    process_kill(sender);
    check_ring("first\n", name);
}

static void rotate(const char *log, const char *name, unsigned before)
{
    append(log, "first\nunfinished");
    await_records(name, before + 1);
    check(rename(log, new_path(".1")) == 0);
    append(log, "next\n");
    await_records(name, before + 3);
}

/* Under Wine it is not known whether a renamed file is still written, so each time takes longer. */
static void a_rotated_file_is_followed_by_the_next(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *log = new_path(".log"), *errors = new_path(".errors");
    struct process *sender = START_TAIL(name, errors, log, "--tail-from", "begin");
    rotate(log, name, 0);
    rotate(log, name, 3);
    process_kill(sender);
    check_ring("first\nunfinished\nnext\nfirst\nunfinished\nnext\n", name);
    check(has_said(errors, "was replaced; continuing with the new file\n"));
}

/* As a daemon that has not been told yet. Windows lets nobody rename a file that the C library has
 * open. */
static void a_rotated_file_that_is_still_written_is_read_to_its_end(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *log = new_path(".log"), *errors = new_path(".errors");
    if (on_windows())
        skip();
    struct process *sender = START_TAIL(name, errors, log, "--tail-from", "begin");
    FILE *writer = os_file_open(log, "ab");
    check(writer != NULL);
    write_on(writer, "before\n");
    await_records(name, 1);
    check(rename(log, new_path(".1")) == 0);
    append(log, "in the next file\n");
    write_on(writer, "after the rename\n");
    await_records(name, 2);
    check(rename(log, new_path(".2")) == 0);
    append(log, "in the file after that\n");
    write_on(writer, "late");
    check(fclose(writer) == 0);
    await_records(name, 5);
    process_kill(sender);
    check_ring("before\nafter the rename\nlate\nin the next file\nin the file after that\n", name);
}

enum { PATH_BYTES = 4096 };

static const char *beside(const char *log, const char *addition)
{
    static char paths[2][PATH_BYTES];
    static unsigned next;
    char *path = paths[next++ % 2];
    snprintf(path, PATH_BYTES, "%s%s", log, addition);
    return path;
}

static void append_beside(const char *log, const char *addition, const char *text, int seconds)
{
    append(beside(log, addition), text);
    check(os_file_set_written(beside(log, addition), seconds));
}

static void rename_beside(const char *log, const char *from, const char *to)
{
    check(rename(beside(log, from), beside(log, to)) == 0);
}

/* As the command sees it while the ring is full, or the machine is busy. */
static void files_that_came_and_went_between_two_looks_are_sent_in_order(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *log = new_path(".log"), *errors = new_path(".errors");
    append_beside(log, ".1", "long before\n", -100);
    struct process *sender = START_TAIL(name, errors, log, "--tail-from", "begin");
    append(log, "first\n");
    await_records(name, 1);
    process_pause(sender);
    rename_beside(log, ".1", ".3");
    append_beside(log, "", "rest of the first\n", 1);
    rename_beside(log, "", ".2");
    append_beside(log, "", "second\n", 2);
    rename_beside(log, "", ".1");
    append_beside(log, "", "third\n", 3);
    rename_beside(log, "", "-20261129");
    append_beside(log, ".0.gz", "compressed\n", 4);
    append_beside(log, ".json", "another program's\n", 4);
    append(log, "last\n");
    process_resume(sender);
    await_records(name, 5);
    process_kill(sender);
    check_ring("first\nrest of the first\nsecond\nthird\nlast\n", name);
}

/* Under Wine a file stays where it is as long as somebody has it open. */
static void a_file_that_was_removed_is_awaited(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *log = new_path(".log"), *errors = new_path(".errors");
    if (on_windows())
        skip();
    struct process *sender = START_TAIL(name, errors, log, "--tail-from", "begin");
    append(log, "one\n");
    await_records(name, 1);
    check(remove(log) == 0);
    check_soon(has_said(errors, "no longer exists; waiting for a new one\n"));
    append(log, "two\n");
    await_records(name, 2);
    process_kill(sender);
    check_ring("one\ntwo\n", name);
}

static void a_truncated_file_is_read_from_its_beginning(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *log = new_path(".log"), *errors = new_path(".errors");
    struct process *sender = START_TAIL(name, errors, log, "--tail-from", "begin");
    append(log, "before, and long\n");
    await_records(name, 1);
    check(os_file_resize(log, 0));
    check_soon(has_said(errors, "was truncated; continuing at its beginning\n"));
    append(log, "after\n");
    await_records(name, 2);
    process_kill(sender);
    check_ring("before, and long\nafter\n", name);
}

/* It is longer again before anybody looks. */
static void a_file_that_was_written_anew_is_read_from_its_beginning(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *log = new_path(".log"), *errors = new_path(".errors");
    struct process *sender = START_TAIL(name, errors, log, "--tail-from", "begin");
    append(log, "before\n");
    await_records(name, 1);
    process_pause(sender);
    check(os_file_resize(log, 0));
    append(log, "this is longer than what was there before\n");
    process_resume(sender);
    await_records(name, 2);
    process_kill(sender);
    check_ring("before\nthis is longer than what was there before\n", name);
    check(has_said(errors, "was truncated; continuing at its beginning\n"));
}

static void what_cannot_be_followed_together_is_refused(void **state)
{
    (void)state;
    check_number(2, RUN("send", "x", "--tail", "a", "b")->code);
    check_number(2, RUN("send", "x", "--tail-from", "begin")->code);
    check_number(2, RUN("send", "x", "--tail", "a", "--tail-from", "middle")->code);
}

static void a_ring_that_was_removed_ends_it(void **state)
{
    (void)state;
    const char *name = new_path(".ring"), *log = new_file("x\n", 2), *errors = new_path(".errors");
    struct process *sender = START_TAIL(name, errors, log, "--tail-from", "begin");
    check_soon(ring_stat(name).records == 1);
    if (RUN("rm", name, "--force")->code != 0)
        skip();
    free(complaint_of(sender, 3, errors));
    check(has_said(errors, "was removed: "));
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(it_begins_at_the_end_and_waits_for_more),
    TEST(it_begins_with_the_first_line_if_asked),
    TEST(it_waits_for_a_file_that_does_not_exist_yet),
    TEST(a_rotated_file_is_followed_by_the_next),
    TEST(a_rotated_file_that_is_still_written_is_read_to_its_end),
    TEST(files_that_came_and_went_between_two_looks_are_sent_in_order),
    TEST(a_file_that_was_removed_is_awaited),
    TEST(a_truncated_file_is_read_from_its_beginning),
    TEST(a_file_that_was_written_anew_is_read_from_its_beginning),
    TEST(what_cannot_be_followed_together_is_refused),
    TEST(a_ring_that_was_removed_ends_it),
};
TEST_MAIN(roles, tests)
