/* SPDX-License-Identifier: MIT */
/* recv and dump write only those records that were asked for: --grep, --since, --until, --last. */
#include "actor.h"
#include "cli.h"

enum { SMALL = 65536, LIMIT = SMALL / 2 - 8 };

static mapring_producer *open_producer(const char *name)
{
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    return producer;
}

static void part(mapring_producer *producer, const char *text)
{
    check_result(MAPRING_OK, mapring_producer_send_part(producer, text, strlen(text), 0));
}

static void whole(mapring_producer *producer, const char *text)
{
    check_result(MAPRING_OK, mapring_producer_send(producer, text, strlen(text), 0));
}

static const char *ring_with_lines(void)
{
    static const char *const lines[] = {"apple", "pear", "", "pineapple", "plum"};
    const char *name = new_ring(NULL);
    mapring_producer *producer = open_producer(name);
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        whole(producer, lines[i]);
    mapring_producer_close(producer);
    return name;
}

/* "needle" is on the border between two parts. */
static const char *ring_with_parts(void)
{
    const char *name = new_ring(NULL);
    mapring_producer *producer = open_producer(name);
    part(producer, "a nee");
    part(producer, "d");
    part(producer, "");
    part(producer, "le and ");
    whole(producer, "more");
    part(producer, "only ");
    whole(producer, "hay");
    whole(producer, "one needle");
    mapring_producer_close(producer);
    return name;
}

static void check_dump(const char *expected, const char *const *arguments)
{
    const struct ran *ran = run_command(arguments);
    check_text("", ran->errors);
    check_number(0, ran->code);
    check_text(expected, ran->output);
}
#define DUMPS(expected, ...) check_dump((expected), ARGUMENTS("dump", __VA_ARGS__))

static void grep_writes_only_what_contains_the_text(void **state)
{
    (void)state;
    const char *name = ring_with_lines();
    DUMPS("apple\npineapple\n", name, "--grep", "apple");
    DUMPS("pear\npineapple\n", name, "--grep", "ea", "--grep", "ea");
    DUMPS("pineapple\n", name, "--grep", "nea");
    DUMPS("applepineapple", name, "--grep", "apple", "--framing", "block");
    DUMPS("{\"sequence\": 4, \"bytes\": 4, \"payload\": \"plum\"}\n", name, "--grep", "um",
          "--json");
}

static void grep_without_a_match_writes_nothing_and_succeeds(void **state)
{
    (void)state;
    const char *name = ring_with_lines();
    DUMPS("", name, "--grep", "apples");
    const struct ran *ran = RUN("recv", name, "--grep", "apples");
    check_number(0, ran->code);
    check_number(0, ran->bytes);
    check_number(0, ring_stat(name).unread_records);
}

static void grep_finds_a_text_across_parts_and_writes_all_of_them(void **state)
{
    (void)state;
    const char *name = ring_with_parts();
    DUMPS("a needle and more\none needle\n", name, "--grep", "needle");
    DUMPS("only hay\n", name, "--grep", "hay");
    DUMPS("a needle and more\n", name, "--grep", "more");
    DUMPS("{\"sequence\": 5, \"bytes\": 5, \"continued\": true, \"payload\": \"only \"}\n"
          "{\"sequence\": 6, \"bytes\": 3, \"continues\": true, \"payload\": \"hay\"}\n",
          name, "--grep", "y h", "--json");
    const char *lengths = new_path(".lengths");
    process_finish(START(TO(lengths), "dump", name, "--grep", "needle", "--framing", "length"));
    check_file(lengths, "\x11\0\0\0a needle and more\x0a\0\0\0one needle", 35);
}

/* More parts than fit into the first allocation. */
static void grep_keeps_any_number_of_parts(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    mapring_producer *producer = open_producer(name);
    for (int i = 0; i < 100; i++)
        part(producer, "ab");
    whole(producer, "c");
    mapring_producer_close(producer);
    char expected[203] = "";
    for (int i = 0; i < 100; i++)
        memcpy(expected + 2 * i, "ab", 2);
    memcpy(expected + 200, "c\n", 3);
    DUMPS(expected, name, "--grep", "bc");
}

static void an_incomplete_record_is_searched_too(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    for (int i = 0; i < 2; i++) {
        mapring_producer *producer = open_producer(name);
        part(producer, i == 0 ? "nee" : "need");
        part(producer, "dle");
        mapring_producer_close(producer);
    }
    const struct ran *ran = RUN("recv", name, "--grep", "needle");
    check_text("needle\n", ran->output);
    check_text("mapring recv: the part after record 1 did not arrive: the output is incomplete "
               "there\n",
               ran->errors);
}

static void count_counts_what_is_written(void **state)
{
    (void)state;
    const char *name = ring_with_parts();
    check_text("a needle and more\n",
               RUN("recv", name, "--grep", "needle", "--count", "1")->output);
    check_number(3, ring_stat(name).unread_records);
    check_text("one needle\n", RUN("recv", name, "--grep", "needle", "--count", "1")->output);
}

/* A durable consumer that is killed gets the parts again that it was searching. */
static void parts_are_released_when_they_are_written(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *copy = new_path(".copy");
    mapring_producer *producer = open_producer(name);
    whole(producer, "one needle");
    part(producer, "another ");
    struct process *receiver =
        START(TO(copy), "recv", name, "--consumer", "arc", "--grep", "needle");
    check_soon(os_file_size(copy) == 11);
    await_sleeping_consumer(name, 0);
    process_kill(receiver);
    whole(producer, "needle");
    mapring_producer_close(producer);
    const struct ran *ran = RUN("recv", name, "--consumer", "arc", "--grep", "needle");
    const char *second = strchr(ran->output, '\n') + 1;
    check_text("another needle\n", *second == '\0' ? ran->output : second);
}

/* While they are searched, the producer goes on. */
static void searched_parts_leave_room(void **state)
{
    (void)state;
    static char space[LIMIT];
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = SMALL});
    const char *copy = new_path(".copy");
    mapring_producer *producer = open_producer(name);
    struct process *receiver = START(TO(copy), "recv", name, "--grep", "needle");
    await_consumers(name, 1);
    for (int i = 0; i < 10; i++)
        check_result(MAPRING_OK, mapring_producer_send_part(producer, space, LIMIT, TIME_LIMIT));
    check_result(MAPRING_OK, mapring_producer_send(producer, "needle", 6, TIME_LIMIT));
    mapring_producer_close(producer);
    process_finish(receiver);
    check_number(10 * LIMIT + 7, os_file_size(copy));
}

static void sequence_numbers_are_bounds(void **state)
{
    (void)state;
    const char *name = ring_with_lines();
    DUMPS("pear\n\npineapple\n", name, "--since", "1", "--until", "3");
    DUMPS("pineapple\nplum\n", name, "--since", "3");
    DUMPS("", name, "--since", "5");
    DUMPS("apple\n", name, "--until", "0");
    DUMPS("pineapple\n", name, "--since", "1", "--until", "3", "--grep", "apple");
}

/* What was asked for by its number is written, though it is a part. */
static void a_part_can_be_the_beginning(void **state)
{
    (void)state;
    const char *name = ring_with_parts();
    DUMPS("le and more\n", name, "--since", "3", "--until", "4");
    DUMPS("a needle and more\n", name, "--until", "2");
    DUMPS("le and more\none needle\n", name, "--since", "3", "--grep", "e");
}

static void what_recv_skips_is_read(void **state)
{
    (void)state;
    const char *name = ring_with_lines();
    check_text("pineapple\nplum\n", RUN("recv", name, "--since", "3")->output);
    check_number(0, ring_stat(name).unread_records);
}

static void what_is_after_the_end_is_left_for_the_next_reader(void **state)
{
    (void)state;
    const char *name = ring_with_lines();
    const struct ran *ran = RUN("recv", name, "--until", "1");
    check_number(0, ran->code);
    check_text("apple\npear\n", ran->output);
    check_number(3, ring_stat(name).unread_records);
    check_text("\n", RUN("recv", name, "--until", "2", "--consumer", "arc")->output);
    check_text("", RUN("recv", name, "--until", "2", "--consumer", "arc")->output);
    check_text("pineapple\nplum\n", RUN("recv", name, "--consumer", "arc")->output);
}

static void until_ends_a_recv_that_follows(void **state)
{
    (void)state;
    const char *name = new_ring(NULL), *copy = new_path(".copy");
    mapring_producer *producer = open_producer(name);
    struct process *receiver = START(TO(copy), "recv", name, "--follow", "--until", "1");
    struct process *observer =
        START(NULL, "recv", name, "--observe", "--follow", "--until", "1", "--from", "oldest");
    await_consumers(name, 1);
    whole(producer, "one");
    whole(producer, "two");
    whole(producer, "three");
    process_finish(receiver);
    check_file(copy, "one\ntwo\n", 8);
    check_text("one", process_line(observer));
    check_text("two", process_line(observer));
    process_finish(observer);
    mapring_producer_close(producer);
}

static void last_writes_the_last_records(void **state)
{
    (void)state;
    const char *name = ring_with_lines();
    DUMPS("plum\n", name, "--last", "1");
    DUMPS("\npineapple\nplum\n", name, "--last", "3");
    DUMPS("apple\npear\n\npineapple\nplum\n", name, "--last", "5");
    DUMPS("apple\npear\n\npineapple\nplum\n", name, "--last", "18446744073709551615");
    DUMPS("apple\npineapple\n", name, "--last", "2", "--grep", "apple");
    DUMPS("pear\n", name, "--last", "1", "--until", "1");
    DUMPS("", name, "--last", "2", "--grep", "apples");
    DUMPS("", new_ring(NULL), "--last", "2");
}

static void last_takes_all_parts_for_one(void **state)
{
    (void)state;
    const char *name = ring_with_parts();
    DUMPS("only hay\none needle\n", name, "--last", "2");
    DUMPS("a needle and more\none needle\n", name, "--last", "2", "--grep", "needle");
}

/* More than fit into the first allocation, and more than the last ones. */
static void last_finds_the_end_of_many_records(void **state)
{
    (void)state;
    enum { MANY = 10000 };
    const char *name = new_ring(NULL);
    mapring_producer *producer = open_producer(name);
    for (int i = 0; i < MANY; i++)
        check_result(MAPRING_OK, mapring_producer_send(producer, &i, sizeof i, 0));
    mapring_producer_close(producer);
    static const unsigned lasts[] = {1024, 1025, 3000, 9999};
    for (size_t i = 0; i < COUNT_OF(lasts); i++) {
        char number[16], begin[64];
        snprintf(number, sizeof number, "%u", lasts[i]);
        snprintf(begin, sizeof begin, "{\"sequence\": %u,", MANY - lasts[i]);
        const struct ran *ran = RUN("dump", name, "--json", "--last", number);
        check_begins(begin, ran->output);
        check_contains("{\"sequence\": 9999,", ran->output);
    }
}

/* Of the gaps, those that lie among the last records, or after them. */
static void last_reports_the_gaps_among_the_records(void **state)
{
    (void)state;
    static char space[LIMIT];
    const char *name = new_ring_file(
        &(struct mapring_options){.capacity_bytes = SMALL, .when_full = MAPRING_DROP});
    mapring_consumer *consumer;
    struct mapring_record record;
    mapring_producer *producer = open_producer(name);
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    for (int round = 0; round < 2; round++) {
        check_result(MAPRING_OK, mapring_producer_send(producer, space, 32000, 0));
        check_result(MAPRING_OK, mapring_producer_send(producer, space, 30000, 0));
        check_result(MAPRING_DROPPED, mapring_producer_send(producer, space, 20000, 0));
        while (mapring_consumer_next(consumer, &record, 0) == MAPRING_OK)
            check_result(MAPRING_OK, mapring_consumer_release(consumer));
    }
    whole(producer, "small");
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
    const struct ran *ran = RUN("dump", name, "--json", "--last", "1");
    check_text("{\"sequence\": 6, \"bytes\": 5, \"payload\": \"small\"}\n", ran->output);
    check_text("", ran->errors);
    ran = RUN("dump", name, "--json", "--last", "2");
    check_contains("{\"lost\": {\"first\": 5, \"records\": 1, \"bytes\": 20000}}\n", ran->output);
    check_contains("lost 1 record (20000 bytes), number 5\n", ran->errors);
}

static void wrong_values_are_refused(void **state)
{
    (void)state;
    const struct ran *ran = RUN("dump", "never-made", "--grep", "");
    check_number(2, ran->code);
    check_begins("mapring dump: --grep: '' is not a text of at least one byte\n", ran->errors);
    check_number(2, RUN("dump", "never-made", "--last", "0")->code);
    check_number(1, RUN("dump", new_ring_name(), "--last", "1")->code);
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(grep_writes_only_what_contains_the_text),
    TEST(grep_without_a_match_writes_nothing_and_succeeds),
    TEST(grep_finds_a_text_across_parts_and_writes_all_of_them),
    TEST(grep_keeps_any_number_of_parts),
    TEST(an_incomplete_record_is_searched_too),
    TEST(count_counts_what_is_written),
    TEST(parts_are_released_when_they_are_written),
    TEST(searched_parts_leave_room),
    TEST(sequence_numbers_are_bounds),
    TEST(a_part_can_be_the_beginning),
    TEST(what_recv_skips_is_read),
    TEST(what_is_after_the_end_is_left_for_the_next_reader),
    TEST(until_ends_a_recv_that_follows),
    TEST(last_writes_the_last_records),
    TEST(last_takes_all_parts_for_one),
    TEST(last_finds_the_end_of_many_records),
    TEST(last_reports_the_gaps_among_the_records),
    TEST(wrong_values_are_refused),
};
TEST_MAIN(roles, tests)
