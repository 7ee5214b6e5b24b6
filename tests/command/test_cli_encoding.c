/* SPDX-License-Identifier: MIT */
/* mapring send --encoding: input in UTF-16. */
#include "cli.h"

#define BYTES(text) text, sizeof(text) - 1
#define SENT(name, encoding, text) \
    RUN("send", (name), new_file(BYTES(text)), "--encoding", (encoding))

static void check_sent(const char *expected, const char *name, const struct ran *ran)
{
    check_number(0, ran->code);
    check_text("", ran->errors);
    check_text(expected, RUN("recv", name)->output);
}

static void utf16_becomes_utf8_in_either_byte_order(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    static const char expected[] = "\303\244\n\360\237\230\200z\n";
    check_sent(expected, name, SENT(name, "utf-16", "\xff\xfe\xe4\0\n\0\x3d\xd8\0\xdez\0\n\0"));
    check_sent(expected, name, SENT(name, "utf-16", "\xfe\xff\0\xe4\0\n\xd8\x3d\xde\0\0z\0\n"));
    check_sent(expected, name, SENT(name, "utf-16", "\xe4\0\n\0\x3d\xd8\0\xdez\0\n\0"));
    check_sent(expected, name, SENT(name, "utf-16le", "\xe4\0\n\0\x3d\xd8\0\xdez\0\n\0"));
    check_sent(expected, name, SENT(name, "utf-16be", "\0\xe4\0\n\xd8\x3d\xde\0\0z\0\n"));
    check_sent("", name, SENT(name, "utf-16", "\xff\xfe"));
}

/* 0x0a is only half of U+0A0A and U+010A. */
static void lines_are_split_at_newlines_only(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    check_sent("\340\250\212\304\212\r\nlast\n", name,
               SENT(name, "utf-16le", "\x0a\x0a\x0a\x01\r\0\n\0l\0a\0s\0t\0"));
}

static void what_is_no_utf16_is_replaced_and_counted(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    const struct ran *ran = SENT(name, "utf-16le",
                                 "a\0\0\xdc"
                                 "b\0\0\xd8\n\0c");
    check_number(0, ran->code);
    check_contains("replaced 3 16-bit units that are not valid UTF-16 with U+FFFD\n", ran->errors);
    check_text("a\357\277\275b\357\277\275\n\357\277\275\n", RUN("recv", name)->output);
}

static void characters_may_come_in_pieces(void **state)
{
    (void)state;
    static const char text[] = "\xfe\xff\0\xe4\xd8\x3d\xde\0\0\n";
    const char *name = new_ring(NULL), *log = new_path(".log");
    struct process *sender = START(COMPLAINS_TO(new_path(".errors")), "send", name, "--tail", log,
                                   "--encoding", "utf-16", "--tail-from", "begin");
    for (size_t i = 0; i < sizeof text - 1; i++) {
        FILE *file = os_file_open(log, "ab");
        check(file != NULL);
        fputc(text[i], file);
        check(fclose(file) == 0);
        ring_stat(name);
    }
    await_records(name, 1);
    process_kill(sender);
    check_text("\303\244\360\237\230\200\n", RUN("dump", name)->output);
}

static void a_file_that_is_followed_from_its_end_keeps_its_byte_order(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *log = new_file(BYTES("\xfe\xff\0a\0\n"));
    struct process *sender = START(COMPLAINS_TO(new_path(".errors")), "send", name, "--tail", log,
                                   "--encoding", "utf-16");
    await_producer(name, MAPRING_PRODUCER_IS_OPEN);
    while (ring_stat(name).records == 0) {
        FILE *file = os_file_open(log, "ab");
        check(file != NULL);
        fwrite(BYTES("\0b\0\n"), 1, file);
        check(fclose(file) == 0);
    }
    process_kill(sender);
    check_begins("b\n", RUN("dump", name)->output);
}

static void long_text_is_converted_as_a_whole(void **state)
{
    (void)state;
    enum { CHARACTERS = 200000 };
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = 4 << 20});
    static unsigned char wide[2 * CHARACTERS], utf8[3 * CHARACTERS];
    size_t bytes = 0;
    for (size_t i = 0; i < CHARACTERS; i++) {
        bool ends = i % 71 == 70 || i == CHARACTERS - 1;
        memcpy(wide + 2 * i, ends ? "\n\0" : "\xac\x20", 2);
        memcpy(utf8 + bytes, ends ? "\n" : "\342\202\254", ends ? 1 : 3);
        bytes += ends ? 1 : 3;
    }
    const char *copy = new_path(".copy");
    check_number(0, RUN("send", name, new_file(wide, sizeof wide), "--encoding", "utf-16")->code);
    process_finish(START(TO(copy), "recv", name));
    check_file(copy, utf8, bytes);
}

static void other_encodings_are_refused(void **state)
{
    (void)state;
    const struct ran *ran = RUN("send", "x", "--encoding", "latin-1");
    check_number(2, ran->code);
    check_contains("is not utf-8, utf-16, utf-16le or utf-16be\n", ran->errors);
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(utf16_becomes_utf8_in_either_byte_order),
    TEST(lines_are_split_at_newlines_only),
    TEST(what_is_no_utf16_is_replaced_and_counted),
    TEST(characters_may_come_in_pieces),
    TEST(a_file_that_is_followed_from_its_end_keeps_its_byte_order),
    TEST(long_text_is_converted_as_a_whole),
    TEST(other_encodings_are_refused),
};
TEST_MAIN(roles, tests)
