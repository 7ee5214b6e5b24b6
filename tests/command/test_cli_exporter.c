/* SPDX-License-Identifier: MIT */
/* mapring stat --prometheus and mapring exporter, except for what check_exporter.py tests by HTTP. */
#include <inttypes.h>

#include "cli.h"

static const struct mapring_options small_with_times = {
    .capacity_bytes = 65536, .times = true, .content = "a \"quoted\" \\ text"};

static void send_records(const char *name, const struct mapring_options *options, unsigned count)
{
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, options));
    for (unsigned i = 0; i < count; i++)
        check_result(MAPRING_OK, mapring_producer_send(producer, "0123456789", 10, 0));
    mapring_producer_close(producer);
}

static mapring_consumer *attach(const char *name, const char *label)
{
    const struct mapring_consumer_options options = {.name = label};
    mapring_consumer *consumer;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &options));
    return consumer;
}

static void read_records(mapring_consumer *consumer, unsigned count)
{
    struct mapring_record record;
    for (unsigned i = 0; i < count; i++) {
        check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
        check_result(MAPRING_OK, mapring_consumer_release(consumer));
    }
}

/* The value of the sample of that name whose labels begin so. */
static double value_of(const char *page, const char *sample)
{
    const char *line = strstr(page, sample);
    if (!line)
        check_failed(__FILE__, __LINE__, "no sample '%s' in:\n%s", sample, page);
    const char *end = strchr(line + 1, '\n');
    while (end[-1] != ' ')
        end--;
    return strtod(end, NULL);
}

static const char *sample(const char *metric, const char *ring, const char *rest)
{
    static char text[8][512];
    static unsigned next;
    char *now = text[next++ % COUNT_OF(text)], *at = now;
    at += sprintf(at, "\n%s{ring=\"", metric);
    for (; *ring != '\0'; ring++)
        at += sprintf(at, *ring == '\\' ? "\\\\" : "%c", *ring);
    sprintf(at, "\"%s", rest);
    return now;
}

/* ---- stat --prometheus ---- */

static void stat_writes_the_metrics_of_several_rings(void **state)
{
    (void)state;
    const char *names[] = {new_ring_file(&small_with_times), new_ring_file(NULL)};
    mapring_consumer *consumer = attach(names[0], "reader");
    send_records(names[0], &small_with_times, 5);
    read_records(consumer, 3);
    const struct ran *ran = RUN("stat", "--prometheus", names[0], names[1], names[0]);
    check_text("", ran->errors);
    check_number(0, ran->code);
    const char *page = ran->output, *first = names[0], *reader = ",consumer=\"reader\",cell=\"0\"}";
    check_number(2, value_of(page, "\nmapring_rings "));
    check_number(5, value_of(page, sample("mapring_sent_records_total", first, "}")));
    check_number(50, value_of(page, sample("mapring_sent_bytes_total", first, "}")));
    check_number(0, value_of(page, sample("mapring_sent_records_total", names[1], "}")));
    check_number(65536, value_of(page, sample("mapring_ring_capacity_bytes", first, "}")));
    check_number(0, value_of(page, sample("mapring_producer_up", first, "}")));
    check_number(1, value_of(page, sample("mapring_consumer_up", first, reader)));
    check_number(1, value_of(page, sample("mapring_ring_balanced", first, "}")));
    uint64_t read =
        (uint64_t)value_of(page, sample("mapring_consumer_read_records_total", first, reader));
    uint64_t lag = (uint64_t)value_of(page, sample("mapring_consumer_lag_records", first, reader));
    check_number(5, read + lag);
    check_contains(",content=\"a \\\"quoted\\\" \\\\ text\",when_full=\"block\",times=\"yes\"",
                   page);
    mapring_consumer_close(consumer);
}

static void latencies_are_a_histogram_whose_counts_only_grow(void **state)
{
    (void)state;
    const char *name = new_ring_file(&small_with_times);
    mapring_consumer *consumer = attach(name, "reader");
    for (unsigned i = 0; i < 10; i++) {
        send_records(name, &small_with_times, 1);
        struct mapring_record record;
        while (mapring_consumer_next(consumer, &record, 0) != MAPRING_OK)
            continue;
        check_result(MAPRING_OK, mapring_consumer_release(consumer));
    }
    const char *page = RUN("stat", "--prometheus", name)->output;
    const char *start = "\nmapring_consumer_latency_seconds_bucket{";
    uint64_t before = 0, buckets = 0;
    for (const char *at = strstr(page, start); at != NULL; at = strstr(at + 1, start), buckets++) {
        uint64_t count = (uint64_t)value_of(at, "le=\"");
        check(count >= before);
        before = count;
    }
    check_number(28, buckets);
    check_number(before, value_of(page, "\nmapring_consumer_latency_seconds_count{"));
    check_number(ring_stat(name).consumer[0].latency_samples, before);
    check((before > 0) == (value_of(page, "\nmapring_consumer_latency_seconds_sum{") > 0));
    mapring_consumer_close(consumer);
}

static void labels_are_escaped(void **state)
{
    (void)state;
    const char *name = new_ring_file(NULL);
    mapring_consumer *consumer = attach(name, "a\"b\\c\nd\x1b\xffz \xc3\xa9");
    const char *page = RUN("stat", "--prometheus", name)->output;
    check_contains("consumer=\"a\\\"b\\\\c\\nd\\\\x1b\\\\xffz \xc3\xa9\",cell=\"0\"} 1\n", page);
    mapring_consumer_close(consumer);
}

static void who_blocks_the_producer_is_a_metric(void **state)
{
    (void)state;
    const char *name = new_ring_file(&small_with_times);
    mapring_consumer *fast = attach(name, "fast"), *slow = attach(name, "slow");
    struct mapring_record record;
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &small_with_times));
    while (mapring_producer_send(producer, name, 20, 0) == MAPRING_OK)
        while (mapring_consumer_next(fast, &record, 0) == MAPRING_OK)
            mapring_consumer_release(fast);
    const char *page = RUN("stat", "--prometheus", name)->output;
    struct mapring_stat stat = ring_stat(name);
    check_number(stat.producer_waits,
                 value_of(page, sample("mapring_producer_blocked", name, "}")));
    check_number(1, value_of(page, sample("mapring_producer_up", name, "}")));
    check_number(stat.producer_waits,
                 value_of(page, sample("mapring_consumer_blocking", name, ",consumer=\"slow\"")));
    check_number(0,
                 value_of(page, sample("mapring_consumer_blocking", name, ",consumer=\"fast\"")));
    check(value_of(page, sample("mapring_ring_used_bytes", name, "}")) > 60000);
    check(value_of(page, sample("mapring_consumer_lag_seconds", name, ",consumer=\"slow\"")) > 0);
    mapring_producer_close(producer);
    mapring_consumer_close(fast);
    mapring_consumer_close(slow);
}

static void rings_that_cannot_be_read_do_not_hide_the_others(void **state)
{
    (void)state;
    const char *good = new_ring_file(NULL), *damaged = new_ring_file(NULL);
    const char *foreign = new_file("no ring", 7), *missing = new_ring_name();
    check(os_file_write_at(damaged, 8, "\xff\xff\xff\xff\xff\xff\xff\xff", 8));
    const struct ran *ran =
        RUN("stat", "--prometheus", damaged, foreign, good, missing, "un/named");
    check_number(1, ran->code);
    check_contains(damaged, ran->errors);
    check_contains(missing, ran->errors);
    check_number(1, value_of(ran->output, sample("mapring_ring_error", damaged, ",reason=\"")));
    check_number(1, value_of(ran->output, sample("mapring_ring_error", foreign, ",reason=\"")));
    check_number(
        1, value_of(ran->output, sample("mapring_ring_error", missing, ",reason=\"not_there\"}")));
    check_number(0, value_of(ran->output, sample("mapring_sent_records_total", good, "}")));
    check(strstr(ran->output, sample("mapring_sent_records_total", damaged, "}")) == NULL);
}

static void a_pattern_finds_rings_and_none_is_no_error(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    char pattern[128];
    snprintf(pattern, sizeof pattern, "%s*", name);
    const struct ran *ran = RUN("stat", "--prometheus", pattern);
    check_number(0, ran->code);
    check_number(1, value_of(ran->output, "\nmapring_rings "));
    check_number(0, value_of(ran->output, sample("mapring_sent_records_total", name, "}")));
    ran = RUN("stat", "--prometheus", "no-such-ring-*");
    check_number(0, ran->code);
    check_number(0, value_of(ran->output, "\nmapring_rings "));
    check_contains(name, RUN("stat", "--prometheus")->output);
}

static void stat_takes_several_rings_for_prometheus_only(void **state)
{
    (void)state;
    check_number(2, RUN("stat")->code);
    check_contains("NAME is missing", RUN("stat")->errors);
    check_contains("unexpected argument 'b'", RUN("stat", "a", "b")->errors);
    check_contains("excludes --json", RUN("stat", "--prometheus", "--json")->errors);
}

/* ---- exporter --textfile ---- */

static void a_textfile_is_replaced_as_a_whole(void **state)
{
    (void)state;
    const char *name = new_ring_file(NULL), *path = new_path("-é.prom");
    write_file(path, "old", 3);
    const struct ran *ran = RUN("exporter", "--textfile", path, "--once", "--name", name);
    check_text("", ran->errors);
    check_number(0, ran->code);
    char *page = read_file(path, NULL);
    check_text(RUN("stat", "--prometheus", name)->output, page);
    free(page);
    char temporary[512];
    snprintf(temporary, sizeof temporary, "%s.tmp", path);
    check_number(-1, os_file_size(temporary));
}

/* Reads it through one handle, since it may be replaced at any time. */
static bool shows(const char *path, const char *sample, double value)
{
    static char page[1 << 16];
    FILE *file = os_file_size(path) >= 0 ? os_file_open(path, "rb") : NULL;
    if (!file)
        return false;
    size_t bytes = fread(page, 1, sizeof page - 1, file);
    page[bytes] = '\0';
    fclose(file);
    check_begins("# HELP mapring_build_info ", page);
    check_text("\n", page + bytes - 1);
    return value_of(page, sample) == value;
}

static void a_textfile_is_kept_up_to_date_until_the_exporter_is_interrupted(void **state)
{
    (void)state;
    have_console();
    const char *name = new_ring_file(NULL), *path = new_path(".prom"), *errors = new_path(".err");
    struct process *exporter = START(COMPLAINS_TO(errors), "exporter", "--textfile", path,
                                     "--interval", "0.001", "--name", name);
    const char *sent = sample("mapring_sent_records_total", name, "}");
    check_soon(shows(path, sent, 0));
    send_records(name, NULL, 7);
    check_soon(shows(path, sent, 7));
    check(process_interrupt(exporter));
    struct process_end end = process_wait(exporter);
    char *text = read_file(errors, NULL);
    check_text("", text);
    free(text);
    check(on_windows() ? end.code == 130 || end.code == 143
                       : end.fate == PROCESS_KILLED && end.code == 2);
    check(shows(path, sent, 7));
}

static void a_textfile_that_a_killed_exporter_left_is_written_again(void **state)
{
    (void)state;
    const char *name = new_ring_file(NULL), *path = new_path(".prom");
    char temporary[512];
    snprintf(temporary, sizeof temporary, "%s.tmp", path);
    write_file(temporary, "# HELP half", 11);
    check_number(0, RUN("exporter", "--textfile", path, "--once", "--name", name)->code);
    check(shows(path, sample("mapring_sent_records_total", name, "}"), 0));
    check_number(-1, os_file_size(temporary));
}

static void what_is_no_file_is_not_replaced(void **state)
{
    (void)state;
    const char *folder = new_path(".folder");
    char below[512];
    check(os_make_directory(folder));
    const struct ran *ran = RUN("exporter", "--textfile", folder, "--once");
    check_number(1, ran->code);
    check_contains("it is not a regular file", ran->errors);
    snprintf(below, sizeof below, "%s/missing/x.prom", folder);
    ran = RUN("exporter", "--textfile", below, "--once");
    check_number(1, ran->code);
    check_contains("cannot write '", ran->errors);
}

/* ---- Options ---- */

static void wrong_options_are_explained(void **state)
{
    (void)state;
    check_number(2, RUN("exporter", "--once")->code);
    check_contains("need --textfile", RUN("exporter", "--interval", "1")->errors);
    check_contains("exclude each other",
                   RUN("exporter", "--textfile", "a", "--listen", "[::1]:1")->errors);
    check_contains("above 0", RUN("exporter", "--textfile", "a", "--interval", "0")->errors);
    static const char *const addresses[] = {"",       "host",   ":1",     "host:", "host:65536",
                                            "1:2:3",  "[]:1",   "[::1]1", "a:-1",  "a:1x",
                                            "::1:99", "[::1:1", "a: 1"};
    for (size_t i = 0; i < COUNT_OF(addresses); i++) {
        const struct ran *ran = RUN("exporter", "--listen", addresses[i]);
        check_number(2, ran->code);
        check_contains("is not ADDR:PORT", ran->errors);
    }
}

static const struct role roles[] = {{"none", NULL}};

static const struct CMUnitTest tests[] = {
    TEST(stat_writes_the_metrics_of_several_rings),
    TEST(latencies_are_a_histogram_whose_counts_only_grow),
    TEST(labels_are_escaped),
    TEST(who_blocks_the_producer_is_a_metric),
    TEST(rings_that_cannot_be_read_do_not_hide_the_others),
    TEST(a_pattern_finds_rings_and_none_is_no_error),
    TEST(stat_takes_several_rings_for_prometheus_only),
    TEST(a_textfile_is_replaced_as_a_whole),
    TEST(a_textfile_is_kept_up_to_date_until_the_exporter_is_interrupted),
    TEST(a_textfile_that_a_killed_exporter_left_is_written_again),
    TEST(what_is_no_file_is_not_replaced),
    TEST(wrong_options_are_explained),
};
TEST_MAIN(roles, tests)
