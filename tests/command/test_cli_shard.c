/* SPDX-License-Identifier: MIT */
/* mapring send --shards: one input, several rings. The rings are in a directory of the test. */
#include "cli.h"

enum { KEYS = 23, LINES = 5000 };

/* What the ring web.NUMBER holds. */
static const char *held(unsigned number)
{
    char name[16];
    snprintf(name, sizeof name, "web.%u", number);
    const struct ran *ran = RUN("dump", name);
    check_number(0, ran->code);
    return ran->output;
}

/* Sends text into three rings. */
static const struct ran *send_by(const char *key, const char *text)
{
    return RUN("send", "web", new_file(text, strlen(text)), "--shards", "3", "--shard-by", key);
}

static void check_held_of_three(const char *zero, const char *one, const char *two)
{
    check_text(zero, held(0));
    check_text(one, held(1));
    check_text(two, held(2));
}

/* By their CRC-32, "eve" and "a" belong to the first of three rings, and "alice", "bob" and "b" to
 * the third. */
static void check_by(const char *key, const char *text, const char *zero, const char *one,
                     const char *two)
{
    use_directory();
    const struct ran *ran = send_by(key, text);
    check_text("", ran->errors);
    check_number(0, ran->code);
    check_held_of_three(zero, one, two);
}

static void the_ring_of_a_key_is_its_crc_32(void **state)
{
    (void)state;
    use_directory();
    check_number(0, RUN("send", "web", new_file("123456789\nalice\nbob\na\n", 22), "--shards", "7",
                        "--shard-by", "bytes:1-")
                        ->code);
    check_text("123456789\nalice\n", held(5));
    check_text("bob\n", held(2));
    check_text("a\n", held(4));
    check_text("", held(0));
}

static void fields_between_blanks_are_counted_as_awk_counts_them(void **state)
{
    (void)state;
    check_by("field:2", "GET alice /\n  PUT\t \teve\n\tx eve  \nx  bob\n",
             "  PUT\t \teve\n\tx eve  \n", "", "GET alice /\nx  bob\n");
}

static void fields_between_separators_are_counted_as_cut_counts_them(void **state)
{
    (void)state;
    check_by("field:3,;", "1;;eve;x\n;2;alice\n", "1;;eve;x\n", "", ";2;alice\n");
    check_by("field:2,,", "1,eve\n2,alice,\n", "1,eve\n", "", "2,alice,\n");
    check_by("field:2,\\t", "a b\teve\na\talice\tb\n", "a b\teve\n", "", "a\talice\tb\n");
    check_by("field:2, ", "a  \na alice\n", "a  \n", "", "a alice\n"); /* the former is empty */
}

static void a_range_of_bytes_is_cut_as_cut_cuts_it(void **state)
{
    (void)state;
    check_by("bytes:3-5", "..eve..\n..bob..\n", "..eve..\n", "", "..bob..\n");
    check_by("bytes:-3", "eve.\nbob.\n", "eve.\n", "", "bob.\n");
    check_by("bytes:2-", ".eve\n.alice\n", ".eve\n", "", ".alice\n");
    check_by("bytes:2", "xa\nxb\n", "xa\n", "", "xb\n");
    check_by("bytes:1-99", "eve\nalice\n", "eve\n", "", "alice\n");
}

static void records_without_the_key_go_to_the_first_ring_and_are_counted(void **state)
{
    (void)state;
    use_directory();
    const struct ran *ran = send_by("field:2", "one\nx alice\n\n   \nx eve\n");
    check_number(0, ran->code);
    check_text("mapring send: 3 records do not have the key of --shard-by; they belong to the ring "
               "'web.0'\n",
               ran->errors);
    check_held_of_three("one\n\n   \nx eve\n", "", "x alice\n");
    use_directory();
    ran = send_by("bytes:4-5", "123\n1234\n");
    check_begins("mapring send: 1 records do not have the key", ran->errors);
}

/* ---- Many records ---- */

static char *make_lines(size_t *bytes)
{
    char *text = malloc(LINES * 24), *at = text;
    for (unsigned i = 0; i < LINES; i++)
        at += sprintf(at, "%u key%u\n", i, (unsigned)(mix(i) % KEYS));
    *bytes = (size_t)(at - text);
    return text;
}

/* Each line comes once, and those of a key in their order. */
static void check_each_key_in_order(const char *text)
{
    unsigned count = 0, number, key;
    int next[KEYS];
    memset(next, 0, sizeof next);
    for (const char *at = text; *at; at = strchr(at, '\n') + 1, count++) {
        check_number(2, sscanf(at, "%u key%u\n", &number, &key));
        check_number(mix(number) % KEYS, key);
        check((int)number >= next[key]);
        next[key] = (int)number + 1;
    }
    check_number(LINES, count);
}

static void a_pattern_merges_the_rings_again(void **state)
{
    (void)state;
    size_t bytes;
    char *text = make_lines(&bytes);
    const char *copy = new_path(".copy"), *file = new_file(text, bytes);
    use_directory();
    check_number(0, RUN("send", "web", "--shards", "5", "--shard-by", "field:2", "--times",
                        "--capacity", "64K")
                        ->code);
    struct process *receiver = START(TO(copy), "recv", "web.*", "--follow", "--count", "5000");
    await_consumers("web.4", 1);
    const struct ran *ran = RUN("send", "web", file, "--shards", "5", "--shard-by", "field:2",
                                "--wait-consumers", "1", "--linger", "30");
    check_text("", ran->errors);
    check_number(0, ran->code);
    process_finish(receiver);
    free(text);
    text = read_file(copy, &bytes);
    check_each_key_in_order(text);
    free(text);
}

/* Half of the record limit of a ring of 64 KiB is less than this. */
static void all_parts_of_a_record_go_to_one_ring(void **state)
{
    (void)state;
    enum { LONG = 100000 };
    char *text = malloc(LONG + 20);
    memcpy(text, "x eve\nx alice ", 14);
    memset(text + 14, 'y', LONG);
    memcpy(text + 14 + LONG, "\nx a\n", 6);
    use_directory();
    const char *copy = new_path(".copy");
    struct process *sender =
        START(NULL, "send", "web", "--shards", "3", "--shard-by", "field:2", "--capacity", "64K");
    await_producer("web.2", MAPRING_PRODUCER_IS_OPEN);
    struct process *receiver = START(TO(copy), "recv", "web.2");
    await_consumers("web.2", 1);
    process_write(sender, text, LONG + 19);
    process_close_input(sender);
    process_finish(sender);
    process_finish(receiver);
    check_file(copy, text + 6, LONG + 9);
    check_text("x eve\nx a\n", held(0));
    check_text("", held(1));
    free(text);
}

/* ---- A full ring ---- */

static const char *new_lines(const char *line, size_t count)
{
    size_t bytes = strlen(line);
    char *text = malloc(count * bytes + 1);
    for (size_t i = 0; i < count; i++)
        memcpy(text + i * bytes, line, bytes + 1);
    const char *file = new_file(text, count * bytes);
    free(text);
    return file;
}

static void a_full_ring_drops_only_its_own_records(void **state)
{
    (void)state;
    use_directory();
    const char *many = new_lines("alice\n", 5000), *few = new_file("eve\n", 4);
    const struct ran *ran = RUN("send", "web", many, few, "--shards", "3", "--shard-by", "bytes:1-",
                                "--capacity", "64K", "--when-full", "drop");
    check_number(0, ran->code);
    check_begins("mapring send: dropped ", ran->errors);
    check_contains(" of 5000 records (", ran->errors);
    check_contains("because the ring 'web.2' was full\n", ran->errors);
    check(strstr(ran->errors, "web.0") == NULL);
    check_text("eve\n", held(0));
    check(ring_stat("web.2").dropped_records > 0);
    check_number(0, ring_stat("web.0").dropped_records);
}

static void a_full_ring_that_blocks_holds_up_the_sender_and_is_named(void **state)
{
    (void)state;
    use_directory();
    const char *many = new_lines("alice\n", 5000), *few = new_file("eve\n", 4);
    const struct ran *ran = RUN("send", "web", few, many, few, "--shards", "3", "--shard-by",
                                "bytes:1-", "--capacity", "64K", "--timeout", "0.1");
    check_number(4, ran->code);
    check_contains("the ring 'web.2' was full for 0.1 s: ", ran->errors);
    check_text("eve\n", held(0));
}

/* ---- The beginning and the end ---- */

static void if_one_ring_cannot_be_opened_none_is_changed(void **state)
{
    (void)state;
    use_directory();
    check_number(0, RUN("create", "web.0", "--capacity", "64K")->code);
    check_number(0, RUN("create", "web.2", "--capacity", "128K")->code);
    const struct ran *ran = RUN("send", "web", new_file("x\n", 2), "--shards", "4", "--shard-by",
                                "bytes:1", "--capacity", "64K");
    check_number(1, ran->code);
    check_contains("web.2", ran->errors);
    check_text("web.0\nweb.2\n", RUN("ls")->output);
    check_number(MAPRING_PRODUCER_NEVER, ring_stat("web.0").producer_state);
}

static void a_ring_that_has_a_producer_is_refused_or_waited_for(void **state)
{
    (void)state;
    use_directory();
    struct process *other = START(NULL, "send", "web.1");
    await_producer("web.1", MAPRING_PRODUCER_IS_OPEN);
    const struct ran *ran = send_by("bytes:1", "eve\n");
    check_number(1, ran->code);
    check_contains("ring 'web.1' already has a producer, process ", ran->errors);
    check_contains("use --wait", ran->errors);
    check_text("web.1\n", RUN("ls")->output);
    ran =
        RUN("send", "web", "--shards", "2", "--shard-by", "bytes:1", "--wait", "--timeout", "0.1");
    check_number(4, ran->code);
    check_contains("did not end within 0.1 s", ran->errors);
    struct process *sender =
        START(NULL, "send", "web", "--shards", "2", "--shard-by", "bytes:1-", "--wait");
    process_say(sender, "alice");
    await_producer("web.1", MAPRING_PRODUCER_IS_OPEN);
    process_close_input(other);
    process_finish(other);
    await_records("web.1", 1);
    process_close_input(sender);
    process_finish(sender);
}

static void all_rings_must_have_their_consumers(void **state)
{
    (void)state;
    use_directory();
    check_number(0, RUN("create", "web.0")->code);
    struct process *receiver = START(NULL, "recv", "web.0", "--follow");
    await_consumers("web.0", 1);
    const struct ran *ran = RUN("send", "web", new_file("eve\n", 4), "--shards", "2", "--shard-by",
                                "bytes:1-", "--wait-consumers", "1", "--timeout", "0.1");
    check_number(4, ran->code);
    check_contains("0 of 1 consumers attached to the ring 'web.1' within 0.1 s", ran->errors);
    process_kill(receiver);
}

static void what_is_unread_at_the_end_is_told_of_each_ring(void **state)
{
    (void)state;
    use_directory();
    const struct ran *ran = RUN("send", "web", new_file("eve\nalice\n", 10), "--shards", "3",
                                "--shard-by", "bytes:1-", "--linger", "0.1");
    check_number(4, ran->code);
    check_contains("no consumer attached to the ring 'web.0' within 0.1 s: 1 records are unread",
                   ran->errors);
    check_contains("no consumer attached to the ring 'web.2' within 0.1 s: 1 records are unread",
                   ran->errors);
    check(strstr(ran->errors, "web.1") == NULL);
}

static void the_sender_ends_when_one_of_its_rings_is_removed(void **state)
{
    (void)state;
    use_directory();
    const char *errors = new_path(".errors");
    struct process *sender =
        START(COMPLAINS_TO(errors), "send", "web", "--shards", "3", "--shard-by", "bytes:1");
    await_producer("web.2", MAPRING_PRODUCER_IS_OPEN);
    check_number(0, RUN("rm", "web.1", "--force")->code);
    char *text = complaint_of(sender, 3, errors);
    check_contains("the ring 'web.1' was removed", text);
    free(text);
}

static void check_refused(const char *const *arguments, const char *why)
{
    const struct ran *ran = run_command(arguments);
    check_number(2, ran->code);
    check_contains(why, ran->errors);
}

static void wrong_keys_are_refused(void **state)
{
    (void)state;
    static const char *const keys[] = {"",
                                       "field",
                                       "field:",
                                       "field:0",
                                       "field:x",
                                       "field:1,",
                                       "field:1,ab",
                                       "field:1-2",
                                       "bytes:",
                                       "bytes:-",
                                       "bytes:0-1",
                                       "bytes:5-2",
                                       "bytes:1-2-3",
                                       "bytes:x",
                                       "FIELD:1",
                                       "bytes:0",
                                       "field:99999999999999999999999"};
    use_directory();
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        check_refused(ARGUMENTS("send", "web", "--shards", "3", "--shard-by", keys[i]),
                      "is not field:K");
    check_refused(ARGUMENTS("send", "web", "--shards", "3"), "--shards needs --shard-by");
    check_refused(ARGUMENTS("send", "web", "--shard-by", "field:1"), "--shard-by needs --shards");
    check_refused(ARGUMENTS("send", "web", "--shard-by", "field:1", "--shards", "1001"),
                  "a number of rings from 1 to 1000");
    check_text("", RUN("ls")->output);
}

static const struct role roles[] = {{"none", NULL}};

static const struct CMUnitTest tests[] = {
    TEST(the_ring_of_a_key_is_its_crc_32),
    TEST(fields_between_blanks_are_counted_as_awk_counts_them),
    TEST(fields_between_separators_are_counted_as_cut_counts_them),
    TEST(a_range_of_bytes_is_cut_as_cut_cuts_it),
    TEST(records_without_the_key_go_to_the_first_ring_and_are_counted),
    TEST(a_pattern_merges_the_rings_again),
    TEST(all_parts_of_a_record_go_to_one_ring),
    TEST(a_full_ring_drops_only_its_own_records),
    TEST(a_full_ring_that_blocks_holds_up_the_sender_and_is_named),
    TEST(if_one_ring_cannot_be_opened_none_is_changed),
    TEST(a_ring_that_has_a_producer_is_refused_or_waited_for),
    TEST(all_rings_must_have_their_consumers),
    TEST(what_is_unread_at_the_end_is_told_of_each_ring),
    TEST(the_sender_ends_when_one_of_its_rings_is_removed),
    TEST(wrong_keys_are_refused),
};

TEST_MAIN(roles, tests)
