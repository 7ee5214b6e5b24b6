/* SPDX-License-Identifier: MIT */
/* The file of recv --output: rotated, compressed, opened again, and whole after kills. */
#include "cli.h"

enum { LINES = 20000, LINE_BYTES = 32 };

static const struct mapring_options large = {.capacity_bytes = 4 << 20};

static char *numbered(size_t *bytes)
{
    char *text = malloc((size_t)LINES * LINE_BYTES), *at = text;
    for (int i = 0; i < LINES; i++)
        at += sprintf(at, "record %d of %d\n", i, LINES);
    *bytes = (size_t)(at - text);
    return text;
}

static const char *sent(void)
{
    size_t bytes;
    const char *name = new_ring(&large);
    char *text = numbered(&bytes);
    check_number(0, RUN("send", name, new_file(text, bytes))->code);
    free(text);
    return name;
}

static const char *older(const char *file, int number)
{
    static char path[4][4096];
    static unsigned next;
    char *at = path[next++ % 4];
    snprintf(at, sizeof path[0], "%s.%d", file, number);
    return at;
}

/* The older files and the present one, in the order in which they were written. */
static char *read_all(const char *file, size_t *bytes)
{
    char *all = malloc((size_t)LINES * LINE_BYTES * 2);
    int last = 0;
    *bytes = 0;
    while (os_file_size(older(file, last + 1)) >= 0)
        last++;
    for (int i = last; i >= 0; i--) {
        size_t some;
        char *text = read_file(i > 0 ? older(file, i) : file, &some);
        memcpy(all + *bytes, text, some);
        *bytes += some;
        free(text);
    }
    all[*bytes] = '\0';
    return all;
}

static void rotation_by_size_splits_no_record(void **state)
{
    (void)state;
    const char *name = sent(), *file = new_path(".log");
    check_number(0, RUN("recv", name, "--output", file, "--rotate", "64K")->code);
    size_t bytes, wanted;
    char *all = read_all(file, &bytes), *text = numbered(&wanted);
    check_number(wanted, bytes);
    check(memcmp(text, all, bytes) == 0);
    check(os_file_size(older(file, 1)) > 65000 && os_file_size(older(file, 1)) <= 65536);
    free(all);
    free(text);
}

static void only_so_many_older_files_are_kept(void **state)
{
    (void)state;
    const char *name = sent(), *file = new_path(".log");
    check_number(0, RUN("recv", name, "--output", file, "--rotate", "64K", "--keep", "2")->code);
    check(os_file_size(older(file, 2)) > 0);
    check_number(-1, os_file_size(older(file, 3)));
}

static void older_files_are_compressed(void **state)
{
    (void)state;
    const char *name = sent(), *file = new_path(".log");
    const struct ran *ran = RUN("recv", name, "--output", file, "--rotate", "64K", "--compress");
    if (strstr(ran->errors, "without zlib"))
        skip();
    check_number(0, ran->code);
    char path[4200];
    snprintf(path, sizeof path, "%s.gz", older(file, 1));
    check(os_file_size(path) > 0);
    check_number(-1, os_file_size(older(file, 1)));
    snprintf(path, sizeof path, "%s.gz.tmp", file);
    check_number(-1, os_file_size(path));
}

/* A durable consumer may write a record twice, but none is missing or torn. */
static void check_lines(const char *all)
{
    int next = 0, number;
    for (const char *line = all, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        if (sscanf(line, "record %d of 20000", &number) != 1)
            continue;
        check(number <= next);
        next = number == next ? next + 1 : next;
    }
    check_number(LINES, next);
}

static void nothing_is_lost_over_kills(void **state)
{
    (void)state;
    enum { KILLS = 6 };
    const char *name = new_ring(&large), *file = new_path(".log");
    const char *const recv[] = {"recv", name,       "--consumer", "arc", "--output",
                                file,   "--rotate", "64K",        NULL};
    size_t bytes, all_bytes;
    char *text = numbered(&bytes);
    struct process *sender = START(NULL, "send", name);
    for (size_t i = 0; i < KILLS; i++) {
        struct process *receiver = start_tool(TO(new_path(".out")), recv);
        await_consumers(name, 1);
        process_write(sender, text + i * bytes / KILLS,
                      (i + 1) * bytes / KILLS - i * bytes / KILLS);
        check_soon(os_file_size(file) > 0);
        process_kill(receiver);
    }
    process_close_input(sender);
    process_finish(sender);
    process_finish(start_tool(TO(new_path(".out")), recv));
    char *all = read_all(file, &all_bytes);
    check_lines(all);
    free(all);
    free(text);
}

static void a_file_that_was_renamed_is_opened_again(void **state)
{
    (void)state;
    const char *name = new_ring(&large), *file = new_path(".log");
    struct process *sender = START(NULL, "send", name);
    struct process *receiver = START(NULL, "recv", name, "--output", file);
    process_say(sender, "one");
    check_soon(os_file_size(file) == 4);
    check_number(0, rename(file, older(file, 1)));
    check_soon(os_file_size(file) == 0);
    process_say(sender, "two");
    check_soon(os_file_size(file) == 4);
    process_close_input(sender);
    process_finish(sender);
    process_finish(receiver);
    check_file(older(file, 1), "one\n", 4);
    check_file(file, "two\n", 4);
}

static void run_shell(const char *line)
{
    struct process *shell = start_program(&(struct process_streams){.output = new_path(".out")},
                                          "/bin/sh", ARGUMENTS("-c", line));
    process_finish(shell);
}

static void logrotate_and_sighup_lose_nothing(void **state)
{
    (void)state;
    char text[4096], line[4096];
    if (on_windows() || os_file_size("/usr/sbin/logrotate") < 0) {
        print_message("needs /usr/sbin/logrotate\n");
        skip();
    }
    const char *name = new_ring(&large), *file = new_path(".log");
    struct process *sender = START(NULL, "send", name);
    struct process *receiver = START(NULL, "recv", name, "--output", file);
    process_say(sender, "one");
    check_soon(os_file_size(file) == 4);
    int length = snprintf(text, sizeof text,
                          "%s {\n size 1\n rotate 2\n create\n postrotate\n  kill -HUP %llu\n "
                          "endscript\n}\n",
                          file, (unsigned long long)process_id(receiver));
    const char *settings = new_file(text, (size_t)length);
    snprintf(line, sizeof line, "chmod 644 '%s'; exec /usr/sbin/logrotate -s '%s' '%s'", settings,
             new_path(".state"), settings);
    run_shell(line);
    check_file(older(file, 1), "one\n", 4);
    process_say(sender, "two");
    check_soon(os_file_size(file) == 4 || os_file_size(older(file, 1)) == 8);
    process_close_input(sender);
    process_finish(sender);
    process_finish(receiver);
    size_t bytes;
    char *all = read_all(file, &bytes);
    check_text("one\ntwo\n", all);
    free(all);
}

/* A limit of the file size does the same as a full disk. */
static void a_file_stays_whole_on_a_full_disk(void **state)
{
    (void)state;
    if (on_windows())
        skip();
    char line[4096];
    const char *name = sent(), *file = new_path(".log"), *errors = new_path(".errors");
    snprintf(line, sizeof line, "ulimit -f 100; exec '%s' recv '%s' --consumer arc --output '%s'",
             getenv("MAPRING_TOOL"), name, file);
    for (int i = 0; i < 2; i++) {
        char *text = complaint_of(
            start_program(&(struct process_streams){.output = new_path(".out"), .errors = errors},
                          "/bin/sh", ARGUMENTS("-c", line)),
            1, errors);
        check_contains("cannot write to '", text);
        free(text);
        text = read_file(file, NULL);
        check(strlen(text) > 40000 && text[strlen(text) - 1] == '\n');
        free(text);
    }
    check_number(0, RUN("recv", name, "--consumer", "arc", "--output", file)->code);
    char *text = read_file(file, NULL);
    check_lines(text);
    free(text);
}

static void a_second_writer_is_refused(void **state)
{
    (void)state;
    const char *name = new_ring(&large), *file = new_path(".log");
    struct process *sender = START(NULL, "send", name);
    struct process *receiver = START(NULL, "recv", name, "--output", file);
    await_consumers(name, 1);
    const struct ran *ran = RUN("recv", name, "--output", file);
    check_number(1, ran->code);
    check_contains("is being written by another command", ran->errors);
    process_close_input(sender);
    process_finish(sender);
    process_finish(receiver);
}

static void a_cr_at_the_end_of_a_record_is_left_out(void **state)
{
    (void)state;
    const char *name = new_ring(&large);
    check_number(0, RUN("send", name, new_file("one\r\n\r\na\rb\n", 11))->code);
    check_text("one\n\na\rb\n", RUN("recv", name, "--strip-cr")->output);
}

static void options_that_do_not_fit_together_are_refused(void **state)
{
    (void)state;
    const char *name = new_ring(&large);
    check_number(2, RUN("recv", name, "--rotate", "1M")->code);
    check_number(2, RUN("recv", name, "--output", new_path(".a"), "--keep", "3")->code);
    check_contains("10min", RUN("recv", name, "--output", "a", "--rotate", "10m")->errors);
    check_number(2, RUN("recv", name, "--output", "a", "--rotate", "7h")->code);
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(rotation_by_size_splits_no_record),
    TEST(only_so_many_older_files_are_kept),
    TEST(older_files_are_compressed),
    TEST(nothing_is_lost_over_kills),
    TEST(a_file_that_was_renamed_is_opened_again),
    TEST(logrotate_and_sighup_lose_nothing),
    TEST(a_file_stays_whole_on_a_full_disk),
    TEST(a_second_writer_is_refused),
    TEST(a_cr_at_the_end_of_a_record_is_left_out),
    TEST(options_that_do_not_fit_together_are_refused),
};
TEST_MAIN(roles, tests)
