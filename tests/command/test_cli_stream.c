/* SPDX-License-Identifier: MIT */
/* What goes into `mapring send` comes out of `mapring recv`, byte for byte. */
#include "actor.h"
#include "cli.h"

#define BINARY  "nul \0 inside\r\nonly \r\r\n\n\n\xff\xfe\x80 no text\ttab\x1a\n\0\n\0"
#define CHINESE "环形缓冲区：每条记录都到达。\nnaïve 😀\r\n最后一行没有换行"

/* A consumer that does only what it is told: "read N", "look" (and find nothing), "close". */
static int role_reader(int argc, char **argv)
{
    check_number(1, argc);
    struct mapring_record record;
    mapring_consumer *consumer;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, argv[0], NULL));
    role_say("ready");
    for (const char *line; strcmp(line = role_line(), "close") != 0;) {
        unsigned count = 0;
        if (sscanf(line, "read %u", &count) < 1) {
            int nothing = mapring_consumer_next(consumer, &record, 0);
            check(nothing == MAPRING_NOTHING || nothing == MAPRING_PRODUCER_CLOSED);
        }
        while (count-- > 0) {
            check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, TIME_LIMIT));
            check_result(MAPRING_OK, mapring_consumer_release(consumer));
        }
        role_say("done");
    }
    mapring_consumer_close(consumer);
    return 0;
}

static struct process *start_reader(const char *name)
{
    struct process *reader = start_role("reader", name, NULL);
    process_hear(reader, "ready");
    return reader;
}

/* Sends the file through the ring and checks what arrives. */
static void check_passes(const char *name, const char *framing, const char *file,
                         const void *expected, size_t bytes)
{
    const char *copy = new_path(".copy");
    struct process *receiver = START(TO(copy), "recv", "--framing", framing, "--wait", name);
    const struct ran *ran =
        RUN("send", "--framing", framing, "--wait-consumers", "1", "--linger", "30", name, file);
    check_text("", ran->errors);
    check_number(0, ran->code);
    process_finish(receiver);
    check_file(copy, expected, bytes);
}

static void check_lines_pass(const void *data, size_t bytes, uint64_t records)
{
    const char *name = new_ring(NULL);
    char *expected = calloc(bytes + 1, 1);
    if (bytes > 0)
        memcpy(expected, data, bytes);
    if (bytes > 0 && expected[bytes - 1] != '\n')
        expected[bytes++] = '\n';
    check_passes(name, "line", new_file(data, bytes > 0 && records > 0 ? bytes : 0), expected,
                 bytes);
    check_number(records, ring_stat(name).records);
    free(expected);
}

static void lines_pass_unharmed(void **state)
{
    (void)state;
    check_lines_pass("one\ntwo\n", 8, 2);
    check_lines_pass("one\r\ntwo\r\n", 10, 2);
    check_lines_pass("\n\n\n", 3, 3);
    check_lines_pass("", 0, 0);
    check_lines_pass(CHINESE "\n", sizeof CHINESE, 3);
    check_lines_pass(BINARY "\n", sizeof BINARY, 7);
}

static void a_last_line_without_a_newline_is_a_record_too(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    check_passes(name, "line", new_file("one\ntwo", 7), "one\ntwo\n", 8);
    check_number(2, ring_stat(name).records);
    check_number(6, ring_stat(name).payload_bytes);
}

static void blocks_pass_unharmed(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *empty = new_ring(NULL);
    check_passes(name, "block", new_file(BINARY, sizeof BINARY), BINARY, sizeof BINARY);
    check_number(1, ring_stat(name).records);
    check_passes(empty, "block", new_file("", 0), "", 0);
    check_number(0, ring_stat(empty).records);
}

static size_t put_record(char *at, const void *data, size_t bytes)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (char)(bytes >> 8 * i);
    if (bytes > 0)
        memcpy(at + 4, data, bytes);
    return 4 + bytes;
}

static void records_with_lengths_pass_unharmed(void **state)
{
    (void)state;
    char data[256];
    size_t bytes = put_record(data, NULL, 0);
    bytes += put_record(data + bytes, BINARY, sizeof BINARY);
    bytes += put_record(data + bytes, NULL, 0);
    bytes += put_record(data + bytes, "\n", 1);
    const char *name = new_ring(NULL), *empty = new_ring(NULL);
    check_passes(name, "length", new_file(data, bytes), data, bytes);
    check_number(4, ring_stat(name).records);
    check_passes(empty, "length", new_file("", 0), "", 0);
    check_number(0, ring_stat(empty).records);
}

static void framings_of_both_ends_are_independent(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *file = new_file("0123456789abcdefghijXYZ", 23);
    const char *lengths = new_path(".lengths"), *lines = new_path(".lines");
    struct process *first = START(TO(lengths), "recv", name, "--framing", "length");
    struct process *second = START(TO(lines), "recv", name, "--framing", "line");
    check_number(0, RUN("send", name, file, file, "--framing", "block", "--block-bytes", "10",
                        "--wait-consumers", "2")
                        ->code);
    process_finish(first);
    process_finish(second);
    static const char *const records[] = {"0123456789", "abcdefghij", "XYZ"};
    char expected[128];
    size_t bytes = 0;
    for (size_t i = 0; i < 6; i++)
        bytes += put_record(expected + bytes, records[i % 3], strlen(records[i % 3]));
    check_file(lengths, expected, bytes);
    check_file(lines, "0123456789\nabcdefghij\nXYZ\n0123456789\nabcdefghij\nXYZ\n", 52);
}

static void files_and_standard_input_are_sent_in_order(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *copy = new_path(".copy");
    const char *first = new_file("first\nno newline", 16), *last = new_file("last\n", 5);
    const struct process_streams streams = {.input = new_file("standard\r\ninput\n", 16)};
    process_finish(START(&streams, "send", name, first, "-", new_file("", 0), last));
    process_finish(START(TO(copy), "recv", name));
    check_file(copy, "first\nno newline\nstandard\r\ninput\nlast\n", 38);
}

static void what_comes_from_a_pipe_is_sent_at_once(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    struct process *sender = START(NULL, "send", name), *receiver = START(NULL, "recv", name);
    process_say(sender, "one");
    process_hear(receiver, "one");
    process_say(sender, "two\nthree");
    process_hear(receiver, "two");
    process_hear(receiver, "three");
    process_write(sender, "no newl", 7);
    process_write(sender, "ine", 3);
    process_close_input(sender);
    process_hear(receiver, "no newline");
    process_finish(sender);
    process_finish(receiver);
}

static void chinese_names_and_texts_pass(void **state)
{
    (void)state;
    const char *file = new_path("-日志 文件.txt"), *ring = new_path("-环.ring");
    const char *copy = new_path("-副本.txt");
    write_file(file, CHINESE "\n", sizeof CHINESE);
    check_number(0, RUN("send", ring, file)->code);
    process_finish(START(TO(copy), "recv", ring));
    check_file(copy, CHINESE "\n", sizeof CHINESE);
    const struct ran *ran = RUN("send", ring, "没有这个文件");
    check_number(1, ran->code);
    check_begins("mapring send: cannot open 没有这个文件: ", ran->errors);
}

static void a_ring_in_a_file_keeps_records_without_processes(void **state)
{
    (void)state;
    const char *ring = new_path(".ring"), *copy = new_path(".copy");
    check_number(0, RUN("send", ring, new_file("one\n", 4))->code);
    check_number(0, RUN("send", ring, new_file("two\n", 4))->code);
    process_finish(START(TO(copy), "recv", ring));
    check_file(copy, "one\ntwo\n", 8);
}

/* Sends several laps of the ring to two receivers at once. */
static void check_log_passes(const char *framing)
{
    size_t bytes, lines;
    char *log = make_log(4000000, &bytes, &lines);
    const char *name = new_ring(NULL), *file = new_file(log, bytes);
    const char *copies[] = {new_path(".copy"), new_path(".copy")};
    struct process *one = START(TO(copies[0]), "recv", name, "--framing", framing);
    struct process *two = START(TO(copies[1]), "recv", name, "--framing", framing);
    check_number(0, RUN("send", name, file, "--framing", framing, "--wait-consumers", "2")->code);
    process_finish(one);
    process_finish(two);
    check_file(copies[0], log, bytes);
    check_file(copies[1], log, bytes);
    uint64_t records = strcmp(framing, "line") == 0 ? lines : (bytes + 4095) / 4096;
    check_number(records, ring_stat(name).records);
    free(log);
}

static void a_log_of_megabytes_passes_in_lines(void **state)
{
    (void)state;
    check_log_passes("line");
}

static void a_log_of_megabytes_passes_in_blocks(void **state)
{
    (void)state;
    check_log_passes("block");
}

static void a_log_of_megabytes_passes_with_lengths(void **state)
{
    (void)state;
    size_t bytes, lines, framed = 0;
    char *log = make_log(4000000, &bytes, &lines), *data = malloc(bytes + 4 * lines);
    for (char *line = log, *end; line < log + bytes; line = end + 1) {
        end = memchr(line, '\n', (size_t)(log + bytes - line));
        framed += put_record(data + framed, line, (size_t)(end - line));
    }
    const char *name = new_ring(NULL);
    check_passes(name, "length", new_file(data, framed), data, framed);
    check_number(lines, ring_stat(name).records);
    free(log);
    free(data);
}

static void a_line_of_megabytes_passes(void **state)
{
    (void)state;
    size_t bytes, lines;
    char *log = make_log(5000000, &bytes, &lines);
    for (size_t i = 0; i + 1 < bytes; i++)
        log[i] = log[i] == '\n' ? '\0' : log[i];
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = 16 << 20});
    check_passes(name, "line", new_file(log, bytes), log, bytes);
    check_number(1, ring_stat(name).records);
    free(log);
}

static void a_record_that_is_too_large_is_named(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = 65536});
    char *data = calloc(40000, 1);
    memset(data, 'x', 40000);
    memcpy(data, "one\ntwo\n", 8);
    const char *file = new_file(data, 40000), *copy = new_path(".copy");
    const struct ran *ran = RUN("send", name, file, "--too-long", "fail");
    check_number(1, ran->code);
    check_begins("mapring send: ", ran->errors);
    check_contains(file, ran->errors);
    check_contains(": line 3 at byte 8 is larger than the ring's record limit of 32760 bytes",
                   ran->errors);
    memcpy(data, "\x01\0\0\0y\xff\xff\xff\xff", 9);
    ran = RUN("send", name, new_file(data, 40000), "--framing", "length", "--too-long", "fail");
    check_number(1, ran->code);
    check_contains(": record 2 at byte 5 is larger than ", ran->errors);
    ran = RUN("send", name, file, "--framing", "block", "--block-bytes", "32761", "--too-long",
              "fail");
    check_number(1, ran->code);
    check_contains(": record 1 at byte 0 is larger than ", ran->errors);
    process_finish(START(TO(copy), "recv", name));
    check_file(copy, "one\ntwo\ny\n", 10);
    free(data);
}

static void a_truncated_record_is_an_error(void **state)
{
    (void)state;
    char data[64];
    const char *name = new_ring(NULL), *copy = new_path(".copy");
    size_t whole = put_record(data, "whole", 5);
    put_record(data + whole, "cut off", 7);
    const char *file = new_file(data, whole + 6);
    const struct ran *ran = RUN("send", name, file, "--framing", "length");
    check_number(1, ran->code);
    check_contains(file, ran->errors);
    check_contains(
        ": truncated: the input ends at byte 15, inside record 2, which begins at byte 9",
        ran->errors);
    ran = RUN("send", name, new_file(data, whole + 3), "--framing", "length");
    check_number(1, ran->code);
    check_contains(" ends at byte 12, ", ran->errors);
    process_finish(START(TO(copy), "recv", name));
    check_file(copy, "whole\nwhole\n", 12);
}

static void count_takes_no_more_than_that(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *file = new_file("1\n2\n3\n4\n5\n", 10);
    struct process *reader = start_reader(name);
    check_number(0, RUN("send", name, file)->code);
    const struct ran *ran = RUN("recv", name, "--count", "3");
    check_number(0, ran->code);
    check_text("1\n2\n3\n", ran->output);
    ran = RUN("recv", name, "--count", "5", "--from", "oldest");
    check_number(0, ran->code);
    check_text("1\n2\n3\n4\n5\n", ran->output);
    process_say(reader, "close");
    process_finish(reader);
}

static void from_newest_begins_with_what_comes_next(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    check_number(0, RUN("send", name, new_file("old\n", 4))->code);
    struct process *receiver =
        START(NULL, "recv", name, "--from", "newest", "--follow", "--count", "1");
    struct process *all = START(NULL, "recv", name, "--from", "oldest", "--follow", "--count", "2");
    await_consumers(name, 2);
    check_number(0, RUN("send", name, new_file("new\n", 4))->code);
    process_hear(receiver, "new");
    process_finish(receiver);
    process_hear(all, "old");
    process_hear(all, "new");
    process_finish(all);
}

static void follow_goes_on_with_the_next_producer(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    struct process *receiver = START(NULL, "recv", name, "--follow", "--count", "3");
    check_number(0, RUN("send", name, new_file("one\n", 4))->code);
    process_hear(receiver, "one");
    struct process *victim = START(NULL, "send", name);
    process_say(victim, "two");
    process_hear(receiver, "two");
    process_kill(victim);
    await_producer(name, MAPRING_PRODUCER_HAS_DIED);
    check_number(0, RUN("send", name, new_file("three\n", 6))->code);
    process_hear(receiver, "three");
    check(process_line(receiver) == NULL);
    process_finish(receiver);
}

static void wait_waits_for_the_ring(void **state)
{
    (void)state;
    const char *const names[] = {new_ring_name(), new_path(".ring")};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct process *receiver = START(NULL, "recv", names[i], "--wait");
        check_number(0, RUN("send", names[i], new_file("hello\n", 6), "--linger", "30")->code);
        process_hear(receiver, "hello");
        process_finish(receiver);
    }
}

/* A receiver that begins with the newest record would miss what was sent before it came. */
static void wait_consumers_sends_nothing_before_they_come(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *file = new_file("one\ntwo\n", 8);
    struct process *sender = START(NULL, "send", name, file, "--wait-consumers", "2");
    await_producer(name, MAPRING_PRODUCER_IS_OPEN);
    struct process *first = START(NULL, "recv", name, "--from", "newest");
    await_consumers(name, 1);
    struct process *second = START(NULL, "recv", name, "--from", "newest");
    process_finish(sender);
    struct process *const receivers[] = {first, second};
    for (size_t i = 0; i < 2; i++) {
        process_hear(receivers[i], "one");
        process_hear(receivers[i], "two");
        process_finish(receivers[i]);
    }
}

/* Only the sender has the ring open. */
static void linger_keeps_the_ring_until_all_is_read(void **state)
{
    (void)state;
    const char *name = new_ring_name(), *file = new_file("one\ntwo\n", 8),
               *copy = new_path(".copy");
    struct process *sender = START(NULL, "send", name, file, "--linger", "30");
    await_records(name, 2);
    struct process *receiver = START(TO(copy), "recv", name);
    process_finish(sender);
    process_finish(receiver);
    check_file(copy, "one\ntwo\n", 8);
}

static void linger_waits_for_the_slowest(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *file = new_file("1\n2\n3\n", 6);
    struct process *fast = start_reader(name), *slow = start_reader(name);
    struct process *sender = START(NULL, "send", name, file, "--linger", "30");
    process_say(fast, "read 3\nlook");
    process_hear(fast, "done");
    process_hear(fast, "done");
    process_say(slow, "read 2");
    process_hear(slow, "done");
    check_number(MAPRING_PRODUCER_IS_OPEN, ring_stat(name).producer_state);
    process_say(slow, "read 1\nclose");
    process_hear(slow, "done");
    process_finish(slow);
    process_finish(sender);
}

static void linger_gives_up_in_time(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *file = new_file("1\n2\n3\n", 6);
    const struct ran *ran = RUN("send", name, file, "--linger", "0.1");
    check_number(4, ran->code);
    check_begins("mapring send: no consumer attached to the ring '", ran->errors);
    check_contains("' within 0.1 s: 3 records are unread\n", ran->errors);
    start_reader(name);
    ran = RUN("send", name, file, "--linger", "0.1");
    check_number(4, ran->code);
    check_begins("mapring send: 6 records of the ring '", ran->errors);
    check_contains("' were not read within 0.1 s\n", ran->errors);
}

static void linger_tells_of_a_consumer_that_went_away(void **state)
{
    (void)state;
    for (int kill = 0; kill < 2; kill++) {
        const char *name = new_ring(NULL), *errors = new_path(".errors");
        const char *file = new_file("1\n2\n3\n", 6);
        struct process *reader = start_reader(name);
        struct process *other = start_reader(name);
        struct process *sender = START(COMPLAINS_TO(errors), "send", name, file, "--linger", "30");
        await_records(name, 3);
        await_sleeping_producer(name);
        if (kill)
            process_kill(reader);
        else
            process_say(reader, "close");
        await_consumers(name, 1);
        await_sleeping_producer(name);
        process_say(other, "read 3\nlook");
        char *text = complaint_of(sender, 3, errors);
        check_begins("mapring send: a consumer of the ring '", text);
        check_contains("' went away before it had read everything\n", text);
        free(text);
    }
}

static void linger_tells_of_a_consumer_that_came_and_went_before(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        const char *name = new_ring(NULL), *errors = new_path(".errors");
        struct process *sender = START(COMPLAINS_TO(errors), "send", name, "--linger", "30");
        process_write(sender, "1\n2\n3\n4\n5\n", 10);
        await_records(name, 5);
        const struct ran *ran = RUN("recv", name, "--count", "2");
        check_number(0, ran->code);
        check_text("1\n2\n", ran->output);
        process_close_input(sender);
        char *text = complaint_of(sender, 3, errors);
        check_begins("mapring send: a consumer of the ring '", text);
        check_contains("' went away before it had read everything\n", text);
        free(text);
    }
}

static void records_that_go_with_their_ring_are_told(void **state)
{
    (void)state;
    const char *name = new_ring_name(), *file = new_file("1\n2\n3\n", 6);
    const struct ran *ran = RUN("send", name, file);
    if (on_windows()) {
        check_number(3, ran->code);
        check_begins("mapring send: 3 unread records are lost: ", ran->errors);
    } else {
        check_number(0, ran->code);
        check_text("", ran->errors);
        check_text("1\n2\n3\n", RUN("recv", name)->output);
        check_number(0, RUN("rm", name)->code);
    }
    check_number(0, RUN("send", new_path(".ring"), file)->code);
    check_number(0, RUN("send", new_ring(NULL), file)->code); /* the test has it open */
    name = new_ring_name();
    struct process *sender = START(NULL, "send", name);
    process_write(sender, "1\n2\n", 4);
    await_records(name, 2);
    check_number(0, RUN("recv", name, "--count", "2")->code);
    process_close_input(sender);
    process_finish(sender);
    if (!on_windows())
        check_number(0, RUN("rm", name)->code);
}

/* Longer than a record may be in a ring of 64 KiB. */
static void say_long_line(struct process *process)
{
    static char line[40001];
    memset(line, 'x', sizeof line);
    line[sizeof line - 1] = '\n';
    process_write(process, line, sizeof line);
}

/* A writer that has heard OK may forget the record. */
static void confirm_says_which_records_are_in_the_ring(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = 65536});
    struct process *sender = START(NULL, "send", name, "--confirm");
    process_hear(sender, "OK");
    check_number(0, ring_stat(name).records);
    for (uint64_t records = 1; records <= 3; records++) {
        process_say(sender, "line");
        process_hear(sender, "OK");
        check_number(records, ring_stat(name).records);
    }
    say_long_line(sender); /* in parts */
    process_hear(sender, "OK");
    check_soon(ring_stat(name).records > 4);
    process_say(sender, "two\nlines");
    process_hear(sender, "OK");
    process_hear(sender, "OK");
    process_close_input(sender);
    size_t bytes;
    char *rest = process_read_all(sender, &bytes);
    check_number(0, bytes);
    free(rest);
    process_finish(sender);
    check_number(2, RUN("send", name, "--confirm", "--too-long", "skip")->code);
}

static void confirm_waits_for_room(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = 65536});
    struct process *sender = START(NULL, "send", name, "--confirm");
    process_hear(sender, "OK");
    for (int i = 0; i < 3; i++)
        say_long_line(sender);
    process_hear(sender, "OK");
    check_soon(ring_stat(name).producer_waits);
    check_number(0, RUN("recv", name, "--count", "1")->code);
    process_hear(sender, "OK");
    process_kill(sender);
}

static void confirm_ends_when_nobody_reads_it(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *errors = new_path(".err");
    struct process *sender = START(COMPLAINS_TO(errors), "send", name, "--confirm");
    process_hear(sender, "OK");
    process_close_output(sender);
    process_say(sender, "line");
    char *complaint = complaint_of(sender, 1, errors);
    check_text("mapring send: cannot confirm on standard output: nobody reads it any more\n",
               complaint);
    free(complaint);
    check_number(1, ring_stat(name).records);
}

static const struct role roles[] = {{"reader", role_reader}};
static const struct CMUnitTest tests[] = {
    TEST(lines_pass_unharmed),
    TEST(a_last_line_without_a_newline_is_a_record_too),
    TEST(blocks_pass_unharmed),
    TEST(records_with_lengths_pass_unharmed),
    TEST(framings_of_both_ends_are_independent),
    TEST(files_and_standard_input_are_sent_in_order),
    TEST(what_comes_from_a_pipe_is_sent_at_once),
    TEST(chinese_names_and_texts_pass),
    TEST(a_ring_in_a_file_keeps_records_without_processes),
    TEST(a_log_of_megabytes_passes_in_lines),
    TEST(a_log_of_megabytes_passes_in_blocks),
    TEST(a_log_of_megabytes_passes_with_lengths),
    TEST(a_line_of_megabytes_passes),
    TEST(a_record_that_is_too_large_is_named),
    TEST(a_truncated_record_is_an_error),
    TEST(count_takes_no_more_than_that),
    TEST(from_newest_begins_with_what_comes_next),
    TEST(follow_goes_on_with_the_next_producer),
    TEST(wait_waits_for_the_ring),
    TEST(wait_consumers_sends_nothing_before_they_come),
    TEST(linger_keeps_the_ring_until_all_is_read),
    TEST(linger_waits_for_the_slowest),
    TEST(linger_gives_up_in_time),
    TEST(linger_tells_of_a_consumer_that_went_away),
    TEST(linger_tells_of_a_consumer_that_came_and_went_before),
    TEST(records_that_go_with_their_ring_are_told),
    TEST(confirm_says_which_records_are_in_the_ring),
    TEST(confirm_waits_for_room),
    TEST(confirm_ends_when_nobody_reads_it),
};
TEST_MAIN(roles, tests)
