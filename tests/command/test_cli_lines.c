/* SPDX-License-Identifier: MIT */
/* Lines, and other units of input, that are longer than a record may be. */
#include "cli.h"

enum { LONG_BYTES = 100000, LIMIT = 32760 };

static const struct mapring_options small = {.capacity_bytes = 65536};

/* "one", a long line of 'x', "two". */
static const char *long_lines(char **data, size_t *bytes)
{
    *bytes = LONG_BYTES + 9;
    *data = malloc(*bytes);
    memset(*data, 'x', *bytes);
    memcpy(*data, "one\n", 4);
    memcpy(*data + 4 + LONG_BYTES, "\ntwo\n", 5);
    return new_file(*data, *bytes);
}

static void check_passes(const char *framing)
{
    size_t bytes;
    char *data;
    const char *name = new_ring(&small), *copy = new_path(".copy");
    const char *file = long_lines(&data, &bytes);
    struct process *receiver = START(TO(copy), "recv", name, "--framing", framing);
    await_consumers(name, 1);
    const struct ran *ran = RUN("send", name, file, "--framing", framing, "--block-bytes", "50000");
    check_text("", ran->errors);
    check_number(0, ran->code);
    process_finish(receiver);
    check_file(copy, data, bytes);
    free(data);
}

static void a_line_longer_than_the_ring_passes_whole(void **state)
{
    (void)state;
    check_passes("line");
}

static void blocks_longer_than_a_record_pass_whole(void **state)
{
    (void)state;
    check_passes("block");
}

static void a_record_with_its_length_comes_whole_with_its_length(void **state)
{
    (void)state;
    char *data = calloc(LONG_BYTES + 4, 1);
    const char *name = new_ring(&small), *copy = new_path(".copy");
    for (unsigned i = 0; i < 4; i++)
        data[i] = (char)(LONG_BYTES >> 8 * i);
    struct process *receiver = START(TO(copy), "recv", name, "--framing", "length");
    await_consumers(name, 1);
    check_number(0, RUN("send", name, new_file(data, LONG_BYTES + 4), "--framing", "length")->code);
    process_finish(receiver);
    check_file(copy, data, LONG_BYTES + 4);
    free(data);
}

static void check_left_out(const char *how, const char *told, size_t kept)
{
    size_t bytes;
    char *data;
    const char *name = new_ring(&small), *copy = new_path(".copy");
    const char *file = long_lines(&data, &bytes);
    const struct ran *ran = RUN("send", name, file, "--too-long", how);
    check_number(0, ran->code);
    check_contains(told, ran->errors);
    process_finish(START(TO(copy), "recv", name));
    memcpy(data + 4 + kept, kept > 0 ? "\ntwo\n" : "two\n", kept > 0 ? 5 : 4);
    check_file(copy, data, 4 + kept + (kept > 0 ? 5 : 4));
    free(data);
}

static void what_is_truncated_or_skipped_is_counted_and_told(void **state)
{
    (void)state;
    check_left_out("truncate", "truncated 1 lines", LIMIT);
    check_left_out("skip", "skipped 1 lines", 0);
}

static void a_line_that_is_cut_is_told_and_ended(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &attach));
    check_result(MAPRING_OK, mapring_producer_send_part(producer, "half", 4, 0));
    mapring_producer_close(producer);
    const struct ran *ran = RUN("dump", name);
    check_text("half\n", ran->output);
    check_contains("is incomplete there", ran->errors);
    check_text("{\"sequence\": 0, \"bytes\": 4, \"continued\": true, \"payload\": \"half\"}\n",
               RUN("dump", name, "--json")->output);
    ran = RUN("recv", name);
    check_text("half\n", ran->output);
    check_contains("is incomplete there", ran->errors);
}

/* As when `head` has ended: nobody reads the output, and the producer is silent. */
static void recv_ends_when_nobody_reads_it_while_it_is_idle(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *sender = START(NULL, "send", name), *receiver = START(NULL, "recv", name);
    process_say(sender, "one");
    process_hear(receiver, "one");
    process_close_output(receiver);
    process_finish(receiver);
    process_close_input(sender);
    process_finish(sender);
}

/* Output is appended to half a line, and then up to a limit of the file size. */
static void appended_output_stays_whole(void **state)
{
    (void)state;
    if (on_windows())
        skip();
    const char *name = new_ring(&small), *file = new_file("half", 4);
    char command[2048];
    check_number(0, RUN("send", name, new_file("one\ntwo\n", 8))->code);
    snprintf(command, sizeof command, "exec '%s' dump '%s' >> '%s'", getenv("MAPRING_TOOL"), name,
             file);
    process_finish(start_program(NULL, "/bin/sh", ARGUMENTS("-c", command)));
    check_file(file, "half\none\ntwo\n", 13);
    char *lines = malloc(20000);
    for (size_t i = 0; i < 20000; i++)
        lines[i] = i % 7 == 6 ? '\n' : 'x';
    check_number(0, RUN("send", name, new_file(lines, 19999))->code);
    free(lines);
    snprintf(command, sizeof command, "ulimit -f 8; exec '%s' dump '%s' >> '%s'",
             getenv("MAPRING_TOOL"), name, file);
    check_number(1, process_exit_code(start_program(NULL, "/bin/sh", ARGUMENTS("-c", command))));
    size_t bytes;
    char *text = read_file(file, &bytes);
    check(bytes > 4000 && text[bytes - 1] == '\n');
    check_text("xxxxxx\n", text + bytes - 7);
    free(text);
}

static const struct role roles[] = {{"none", NULL}};

static const struct CMUnitTest tests[] = {
    TEST(a_line_longer_than_the_ring_passes_whole),
    TEST(blocks_longer_than_a_record_pass_whole),
    TEST(a_record_with_its_length_comes_whole_with_its_length),
    TEST(what_is_truncated_or_skipped_is_counted_and_told),
    TEST(a_line_that_is_cut_is_told_and_ended),
    TEST(recv_ends_when_nobody_reads_it_while_it_is_idle),
    TEST(appended_output_stays_whole),
};

TEST_MAIN(roles, tests)
