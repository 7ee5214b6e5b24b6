/* SPDX-License-Identifier: MIT */
/* Times of records as recv and dump write them, and times as --since and --until take them. */
#include <inttypes.h>
#include <time.h>

#include "cli.h"
#include "record.h"

/* 2026-11-27T23:13:09.123456789Z */
#define BASE_NS UINT64_C(1795821189123456789)
#define SECOND  UINT64_C(1000000000)

/* The records of ring_at() come at these times after its beginning. */
static const char *const lines[] = {"one", "two", "three"};
static const uint64_t after_ns[] = {0, 123456, 61 * SECOND};

enum { FIRST_COUNT = 1000, FILE_SLOTS = 131072 };

static mapring_producer *open_producer(const char *name)
{
    const struct mapring_options options = {.times = true};
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &options));
    return producer;
}

static const char *new_file_with_times(void)
{
    const char *path = new_path(".ring");
    mapring_producer *producer = open_producer(path);
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        check_result(MAPRING_OK, mapring_producer_send(producer, lines[i], strlen(lines[i]), 0));
    mapring_producer_close(producer);
    return path;
}

/* One clock point, from which on a count is a nanosecond. */
static void set_clock(struct ring_header *header, uint64_t base_ns)
{
    struct ring_clock_point *point = &header->clock_points[0];
    store_relaxed(&header->clock_points_made, 1);
    store_relaxed(&point->sequence, 0);
    store_relaxed(&point->counter, FIRST_COUNT);
    store_relaxed(&point->ns, base_ns);
    store_relaxed(&point->rate, UINT64_C(1) << 32);
    store_relaxed(&point->uncertainty_ns, 0);
    store_relaxed(&point->clock, CLOCK_STEADY);
}

/* Every record takes two slots of 16 bytes: a header of 16 bytes, and a short payload. */
static void set_counters(char *slots)
{
    for (size_t i = 0; i < COUNT_OF(after_ns); i++) {
        uint64_t counter = FIRST_COUNT + after_ns[i];
        memcpy(slots + 32 * i + 8, &counter, sizeof counter);
    }
}

/* A file of a ring whose times are known. */
static const char *ring_at(uint64_t base_ns)
{
    const char *path = new_file_with_times();
    size_t bytes;
    char *file = read_file(path, &bytes);
    set_clock((struct ring_header *)file, base_ns);
    set_counters(file + FILE_SLOTS);
    write_file(path, file, bytes);
    free(file);
    return path;
}

static void check_output(const char *expected, const char *const *arguments)
{
    const struct ran *ran = run_command(arguments);
    check_text("", ran->errors);
    check_number(0, ran->code);
    check_text(expected, ran->output);
}
#define WRITES(expected, ...) check_output((expected), ARGUMENTS(__VA_ARGS__))

static void lines_begin_with_their_times(void **state)
{
    (void)state;
    static const char iso[] = "2026-11-27T23:13:09.123456789Z one\n"
                              "2026-11-27T23:13:09.123580245Z two\n"
                              "2026-11-27T23:14:10.123456789Z three\n";
    const char *ring = ring_at(BASE_NS);
    WRITES(iso, "dump", ring, "--time");
    WRITES(iso, "dump", "--time", ring);
    WRITES(iso, "dump", "--time=iso", ring);
    WRITES(iso, "recv", ring, "--time", "--observe");
    WRITES(iso, "recv", ring, "--time");
    WRITES("1795821189.123456789 one\n1795821189.123580245 two\n1795821250.123456789 three\n",
           "dump", ring, "--time=epoch");
    WRITES("+0.000000000 one\n+0.000123456 two\n+61.000000000 three\n", "dump", ring,
           "--time=relative");
    WRITES("+0.000000000 two\n+60.999876544 three\n", "dump", ring, "--time=relative", "--last",
           "2");
}

static void local_time_has_its_offset(void **state)
{
    (void)state;
    const char *ring = ring_at(BASE_NS);
    os_set_environment("TZ", "XXX-1");
    WRITES("2026-11-28T00:13:09.123456789+01:00 one\n", "dump", ring, "--time=local", "--until",
           "0");
    os_set_environment("TZ", "XXX3:30");
    WRITES("2026-11-27T19:43:09.123456789-03:30 one\n", "dump", ring, "--time=local", "--until",
           "0");
    os_set_environment("TZ", "XXX0");
    WRITES("2026-11-27T23:13:09.123456789+00:00 one\n", "dump", ring, "--time=local", "--until",
           "0");
}

static void objects_have_their_times(void **state)
{
    (void)state;
    WRITES("{\"sequence\": 0, \"time_ns\": 1795821189123456789, "
           "\"time\": \"2026-11-27T23:13:09.123456789Z\", \"bytes\": 3, \"payload\": \"one\"}\n",
           "dump", ring_at(BASE_NS), "--json", "--until", "0");
}

static void the_last_years_are_told(void **state)
{
    (void)state;
    WRITES("2038-01-19T03:14:08.000000000Z one\n", "dump", ring_at((UINT64_C(1) << 31) * SECOND),
           "--time", "--until", "0");
    const char *ring = ring_at(UINT64_MAX - after_ns[2]);
    WRITES("2554-07-21T23:34:33.709551615Z three\n", "dump", ring, "--time", "--since", "2");
    WRITES("one\ntwo\nthree\n", "dump", ring, "--since", "2554-07-21");
    WRITES("", "dump", ring, "--since", "2554-07-21T23:34:33Z", "--until",
           "2554-07-21T23:33:32.709551614Z");
}

static void a_line_in_parts_has_one_time(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    mapring_producer *producer = open_producer(path);
    check_result(MAPRING_OK, mapring_producer_send_part(producer, "one ", 4, 0));
    check_result(MAPRING_OK, mapring_producer_send(producer, "line", 4, 0));
    mapring_producer_close(producer);
    const struct ran *ran = RUN("dump", path, "--time=relative");
    check_text("+0.000000000 one line\n", ran->output);
}

/* The same time in every spelling; XXX-1 is an hour ahead of UTC. */
static void every_spelling_of_a_time_is_understood(void **state)
{
    (void)state;
    static const char *const spellings[] = {
        "2026-11-27T23:13:09.123580245Z",
        "2026-11-27t23:13:09.123580245z",
        "2026-11-27 23:13:09.1235802459Z",
        "2026-11-28T00:13:09.123580245",
        "2026-11-28T00:13:09.123580245+01:00",
        "2026-11-27T19:43:09.123580245-03:30",
        "@1795821189.123580245",
        "@1795821189.123580245999",
    };
    const char *ring = ring_at(BASE_NS);
    os_set_environment("TZ", "XXX-1");
    for (size_t i = 0; i < COUNT_OF(spellings); i++) {
        WRITES("two\nthree\n", "dump", ring, "--since", spellings[i]);
        WRITES("one\ntwo\n", "dump", ring, "--until", spellings[i]);
    }
}

static void less_exact_times_are_understood(void **state)
{
    (void)state;
    static const struct {
        const char *time, *since;
    } cases[] = {
        {"2026-11-27", "one\ntwo\nthree\n"},
        {"2026-11-28", "one\ntwo\nthree\n"},
        {"2026-11-29", ""},
        {"2026-11-28 00:13", "one\ntwo\nthree\n"},
        {"2026-11-27T23:14Z", "three\n"},
        {"2026-11-27T23:13:60Z", "three\n"},
        {"@1795821190", "three\n"},
        {"2024-02-29", "one\ntwo\nthree\n"},
    };
    const char *ring = ring_at(BASE_NS);
    os_set_environment("TZ", "XXX-1");
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        WRITES(cases[i].since, "dump", ring, "--since", cases[i].time);
}

/* Unless midnight comes meanwhile. */
static void a_clock_without_a_date_is_of_today(void **state)
{
    (void)state;
    os_set_environment("TZ", "XXX0");
    uint64_t day = (uint64_t)time(NULL) / 86400;
    const char *ring = ring_at((day * 86400 + 12 * 3600) * SECOND);
    const struct ran *since = RUN("dump", ring, "--since", "12:01");
    const struct ran *until = RUN("dump", ring, "--until", "12:00:00.0001234559");
    if ((uint64_t)time(NULL) / 86400 != day)
        return;
    check_text("three\n", since->output);
    check_text("one\n", until->output);
}

static void ages_count_back_from_now(void **state)
{
    (void)state;
    static const char *const long_ago[] = {"3600s", "60m", "2h", "1.5h", "3d", "300000d"};
    const char *ring = new_file_with_times();
    for (size_t i = 0; i < COUNT_OF(long_ago); i++) {
        WRITES("one\ntwo\nthree\n", "dump", ring, "--since", long_ago[i]);
        WRITES("", "dump", ring, "--until", long_ago[i]);
    }
    const char *old = ring_at(((uint64_t)time(NULL) - 5400) * SECOND);
    WRITES("", "dump", old, "--since", "1h");
    WRITES("one\ntwo\nthree\n", "dump", old, "--since", "2h");
}

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",           "now",        "10 m",        "2026-02-29",     "2026-13-01",
        "2026-00-01", "2026-1-1",   "1969-12-31",  "2555-01-01",     "2026-11-27T",
        "24:00",      "23:60",      "23:13:61",    "2026-11-27Z",    "2026-11-27T23:13:09+1:00",
        "@",          "@1.",        "@1x",         "@18446744074",   "@99999999999999999999",
        "1e3s",       "10x",        "10mm",        "-10m",           "1.m",
        ".5s",        "23:13:09Z",  "23:13:",      "2026-11-27T23Z", "2026-11-27T23:13:09+24:00",
        "23:1",       "2026/11/27", "2026-11-271", "2026-11-31",     "2554-07-22",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        char message[120];
        snprintf(message, sizeof message,
                 "mapring dump: --since: '%s' is not a time such as 2026-11-27T23:13:09Z, ",
                 bad[i]);
        const struct ran *ran = RUN("dump", "never-made", "--since", bad[i]);
        check_number(2, ran->code);
        check_begins(message, ran->errors);
    }
    check_number(2, RUN("recv", "never-made", "--until", "never")->code);
}

static void rings_without_times_are_refused_at_once(void **state)
{
    (void)state;
    const char *const wanted[] = {"--time", "--since=10m", "--until=23:13"};
    const char *name = new_ring(NULL);
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_OK, mapring_producer_send(producer, "one", 3, 0));
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        const char *const commands[][6] = {
            {"dump", name, wanted[i], NULL},
            {"recv", name, wanted[i], NULL},
            {"recv", name, wanted[i], "--observe", NULL},
            {"recv", name, wanted[i], "--consumer", "arc", NULL},
            {"recv", name, wanted[i], "--wait", "--follow", NULL},
        };
        for (size_t j = 0; j < COUNT_OF(commands); j++) {
            const struct ran *ran = run_command(commands[j]);
            check_number(1, ran->code);
            check_number(0, ran->bytes);
            check_contains("have no times; for a ring with times, use 'mapring create --times'\n",
                           ran->errors);
        }
    }
    mapring_producer_close(producer);
    check_number(0, ring_stat(name).consumers);
}

static void an_empty_ring_has_nothing_to_show(void **state)
{
    (void)state;
    WRITES("", "dump", new_ring(&(struct mapring_options){.times = true}), "--time");
    check_number(1, RUN("dump", new_ring_name(), "--time")->code);
    check_number(1, RUN("recv", new_ring_name(), "--time")->code);
}

static void times_need_lines(void **state)
{
    (void)state;
    const char *const framings[] = {"--framing=length", "--framing=block"};
    for (size_t i = 0; i < COUNT_OF(framings); i++) {
        const struct ran *ran = RUN("dump", "never-made", "--time", framings[i]);
        check_number(2, ran->code);
        check_begins("mapring dump: --framing length and block cannot be used with --time",
                     ran->errors);
        check_number(2, RUN("recv", "never-made", "--time", framings[i])->code);
    }
    check_begins("mapring recv: --time cannot be used with --json",
                 RUN("recv", "never-made", "--time", "--json")->errors);
    check_begins("mapring recv: --time: 'never-made' is not iso, local, epoch or relative\n",
                 RUN("recv", "x", "--time=never-made")->errors);
    check_begins("mapring recv: --time: '' is not iso, local, epoch or relative\n",
                 RUN("recv", "x", "--time=")->errors);
}

/* A counter of 0 is that of a record without a time. */
static void what_has_no_time_is_written(void **state)
{
    (void)state;
    const uint64_t none = 0;
    const char *ring = ring_at(BASE_NS);
    check(os_file_write_at(ring, FILE_SLOTS + 2 * 32 + 8, &none, sizeof none));
    WRITES("1795821189.123580245 two\n- three\n", "dump", ring, "--time=epoch", "--since",
           "@1795821189.123580245", "--until", "@1795821190");
    WRITES("{\"sequence\": 2, \"bytes\": 5, \"payload\": \"three\"}\n", "dump", ring, "--json",
           "--last", "1");
}

/* Consumers and observers alike. */
static void recv_keeps_to_its_bounds(void **state)
{
    (void)state;
    const char *ring = ring_at(BASE_NS);
    WRITES("two\n", "recv", ring, "--observe", "--since", "@1795821189.2", "--until", "@1795821200",
           "--since", "@1795821189.123580245");
    WRITES("one\ntwo\n", "recv", ring, "--until", "@1795821200", "--follow");
    check_number(1, ring_stat(ring).unread_records);
    WRITES("three\n", "recv", ring, "--since", "@1795821200");
    check_number(0, ring_stat(ring).unread_records);
}

static uint64_t number_after(const char *key, const char *text)
{
    check_contains(key, text);
    return strtoull(strstr(text, key) + strlen(key), NULL, 10);
}

/* The time between two readings of the clock is what a record gets that was sent between them. */
static void times_are_those_of_the_system(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    check_number(0, RUN("create", path, "--times")->code);
    uint64_t before = ((uint64_t)time(NULL) - 1) * SECOND;
    struct process *sender = START(NULL, "send", path);
    process_write(sender, "one\n", 4);
    process_close_input(sender);
    process_finish(sender);
    uint64_t after = ((uint64_t)time(NULL) + 2) * SECOND;
    const struct ran *ran = RUN("recv", path, "--json");
    check_json(ran->output, ran->bytes);
    uint64_t sent = number_after("\"time_ns\": ", ran->output);
    check(before < sent && sent < after);
}

/* Drops so many records between two others. */
static const char *ring_with_gap(int dropped)
{
    static char space[32000];
    const struct mapring_options options = {
        .capacity_bytes = 65536, .when_full = MAPRING_DROP, .times = true};
    const char *path = new_path(".ring");
    mapring_producer *producer;
    mapring_consumer *consumer;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_producer_open(&producer, path, &options));
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, path, NULL));
    check_result(MAPRING_OK, mapring_producer_send(producer, space, sizeof space, 0));
    check_result(MAPRING_OK, mapring_producer_send(producer, space, sizeof space, 0));
    for (int i = 0; i < dropped; i++)
        check_result(MAPRING_DROPPED, mapring_producer_send(producer, space, 2000, 0));
    while (mapring_consumer_next(consumer, &record, 0) == MAPRING_OK)
        check_result(MAPRING_OK, mapring_consumer_release(consumer));
    check_result(MAPRING_OK, mapring_producer_send(producer, "end", 3, 0));
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
    return path;
}

static void losses_say_when(void **state)
{
    (void)state;
    const char *path = ring_with_gap(3);
    const struct ran *ran = RUN("dump", path, "--json", "--since", "1");
    const char *lost = strstr(ran->output, "{\"lost\": {\"first\": 2, \"records\": 3, ");
    check(lost != NULL);
    check_json(lost, strcspn(lost, "\n"));
    uint64_t before = number_after("\"time_ns\": ", ran->output);
    uint64_t first = number_after("\"time_ns\": ", lost);
    uint64_t until = number_after("\"until_ns\": ", lost);
    uint64_t after = number_after("\"time_ns\": ", strstr(lost, "\n{"));
    check(before <= first && first < until && until <= after);
    check_contains("numbers 2 to 4, from 20", ran->errors);
    check_contains("Z to 20", ran->errors);
    check_contains("numbers 3 to 4, until 20", RUN("dump", path, "--since", "3")->errors);
    check_contains("number 2, at 20", RUN("dump", ring_with_gap(1), "--last", "2")->errors);
}

/* The next line with that text. */
static const char *line_with(struct process *process, const char *text)
{
    const char *line;
    do
        line = process_line(process);
    while (line && !strstr(line, text));
    check(line != NULL);
    return line;
}

static const struct mapring_options overwriting = {
    .capacity_bytes = 65536, .times = true, .when_full = MAPRING_OVERWRITE};

static void send_many(mapring_producer *producer, int count)
{
    for (int i = 0; i < count; i++)
        check_result(MAPRING_OK, mapring_producer_send(producer, "what is overwritten", 19, 0));
}

static struct process *start_observer(const char *name, const char *errors)
{
    return START(COMPLAINS_TO(errors), "recv", name, "--observe", "--json", "--from", "oldest");
}

static void what_was_overwritten_lies_between_two_records(void **state)
{
    (void)state;
    const char *name = new_ring(&overwriting), *errors = new_path(".errors");
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    send_many(producer, 1);
    struct process *observer = start_observer(name, errors);
    uint64_t before = number_after("\"time_ns\": ", line_with(observer, "\"sequence\": 0"));
    process_pause(observer);
    send_many(producer, 5000);
    mapring_producer_close(producer);
    process_resume(observer);
    const char *lost = line_with(observer, "{\"lost\": {\"first\": ");
    check_json(lost, strlen(lost));
    check(before <= number_after("\"after_ns\": ", lost));
    uint64_t end = number_after("\"before_ns\": ", lost);
    check_number(end, number_after("\"time_ns\": ", process_line(observer)));
    line_with(observer, "\"sequence\": 5000");
    process_finish(observer);
    size_t bytes;
    char *complaint = read_file(errors, &bytes);
    check_contains(", between 20", complaint);
    check_contains("Z and 20", complaint);
    free(complaint);
}

static void what_is_lost_at_the_beginning_lies_before_the_first_record(void **state)
{
    (void)state;
    const char *name = new_ring(&overwriting);
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    send_many(producer, 5000);
    mapring_producer_close(producer);
    const struct ran *ran = RUN("recv", name, "--json", "--from", "0", "--count", "1");
    check_contains(", before 20", ran->errors);
    check_number(number_after("\"time_ns\": ", strchr(ran->output, '\n')),
                 number_after("\"before_ns\": ", ran->output));
    check(strstr(ran->output, "after_ns") == NULL);
}

static void losses_have_their_place_in_time(void **state)
{
    (void)state;
    const char *path = ring_with_gap(3);
    char first[32], end[32];
    const char *text = RUN("dump", path, "--json", "--since", "2")->output;
    snprintf(first, sizeof first, "@%.10s.%.9s", strstr(text, "\"time_ns\": ") + 11,
             strstr(text, "\"time_ns\": ") + 21);
    text = strstr(text, "\n{");
    snprintf(end, sizeof end, "@%.10s.%.9s", strstr(text, "\"time_ns\": ") + 11,
             strstr(text, "\"time_ns\": ") + 21);
    const struct ran *ran = RUN("dump", path, "--since", first);
    check_contains("lost 3 records", ran->errors);
    check_text("end\n", ran->output);
    check_text("", RUN("dump", path, "--since", end, "--framing", "block")->errors);
    check_text("", RUN("dump", path, "--until", "1h")->errors);
    check_text("end", RUN("dump", path, "--since", end, "--framing", "block")->output);
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(lines_begin_with_their_times),
    TEST(local_time_has_its_offset),
    TEST(objects_have_their_times),
    TEST(the_last_years_are_told),
    TEST(a_line_in_parts_has_one_time),
    TEST(every_spelling_of_a_time_is_understood),
    TEST(less_exact_times_are_understood),
    TEST(a_clock_without_a_date_is_of_today),
    TEST(ages_count_back_from_now),
    TEST(what_is_no_time_is_refused),
    TEST(rings_without_times_are_refused_at_once),
    TEST(an_empty_ring_has_nothing_to_show),
    TEST(times_need_lines),
    TEST(what_has_no_time_is_written),
    TEST(recv_keeps_to_its_bounds),
    TEST(times_are_those_of_the_system),
    TEST(losses_say_when),
    TEST(what_was_overwritten_lies_between_two_records),
    TEST(what_is_lost_at_the_beginning_lies_before_the_first_record),
    TEST(losses_have_their_place_in_time),
};
TEST_MAIN(roles, tests)
