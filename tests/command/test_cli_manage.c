/* SPDX-License-Identifier: MIT */
/* mapring create, ls, stat, rm. */
#include <inttypes.h>

#include "cli.h"
#include "layout.h"

/* ---- create ---- */

static void create_gives_a_ring_content_and_a_dictionary(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    check_number(0, RUN("create", path, "--content", "text/plain", "--dictionary", "1K")->code);
    struct mapring_stat stat = ring_stat(path);
    check_text("text/plain", stat.content);
    check_number(65536, stat.dictionary_bytes);
    check_text("", RUN("dictionary", path)->output);
    mapring_producer *producer;
    uint64_t offset;
    check_result(MAPRING_OK, mapring_producer_open(&producer, path, NULL));
    check_result(MAPRING_OK, mapring_producer_define(producer, 1, "a \x1b \xc3\xa9", 6, &offset));
    check_result(MAPRING_OK, mapring_producer_define(producer, 20, "\xff\0", 2, &offset));
    mapring_producer_close(producer);
    const struct ran *ran = RUN("dictionary", path);
    check_text("         0          1        6  a \\x1b \xc3\xa9\n"
               "        24         20        2  hex ff00\n",
               ran->output);
    check_number(0, ran->code);
    check_text("{\"offset\": 0, \"kind\": 1, \"bytes\": 6, \"payload\": \"a \\u001b \xc3\xa9\"}\n"
               "{\"offset\": 24, \"kind\": 20, \"bytes\": 2, \"hex\": \"ff00\"}\n",
               RUN("dictionary", path, "--json")->output);
}

static void a_damaged_dictionary_is_written_up_to_the_damage(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    const struct mapring_options options = {.capacity_bytes = 65536, .dictionary_bytes = 1};
    mapring_producer *producer;
    uint64_t offset;
    check_result(MAPRING_OK, mapring_producer_open(&producer, path, &options));
    check_result(MAPRING_OK, mapring_producer_define(producer, 1, "good", 4, &offset));
    check_result(MAPRING_OK, mapring_producer_define(producer, 1, "bad", 3, &offset));
    mapring_producer_close(producer);
    check(os_file_write_at(path, 3 * 65536 + 24 + 16, "B", 1));
    const struct ran *ran = RUN("dictionary", path);
    check_number(1, ran->code);
    check_text("         0          1        4  good\n", ran->output);
    check_contains("offset 24 of its dictionary", ran->errors);
    check_number(1, RUN("dictionary", new_ring_name())->code);
}

static void create_makes_a_ring_in_a_file(void **state)
{
    (void)state;
    const char *path = new_path("-环.ring");
    const struct ran *ran = RUN("create", path, "--capacity", "256K", "--slot-bytes", "64");
    check_text("", ran->errors);
    check_number(0, ran->code);
    check_number(0, ran->bytes);
    struct mapring_stat stat = ring_stat(path);
    check_number(256 * 1024, stat.capacity_bytes);
    check_number(64, stat.slot_bytes);
    check_number(MAPRING_PRODUCER_NEVER, stat.producer_state);
}

static void create_makes_a_ring_with_times(void **state)
{
    (void)state;
    const char *with = new_path(".ring"), *without = new_ring_file(NULL);
    check_number(0, RUN("create", with, "--times")->code);
    struct mapring_record record;
    mapring_observer *observer;
    const char *input = new_file("one\n", 4);
    check_number(0, RUN("send", with, "--times", input)->code);
    check_number(0, RUN("send", with, input)->code);
    check_result(MAPRING_OK, mapring_observer_open(&observer, with, NULL));
    check_result(MAPRING_OK, mapring_observer_next(observer, &record, 0));
    check(record.time_ns > 0);
    mapring_observer_close(observer);
    check_text("one\none\n", RUN("recv", with)->output);
    const struct ran *refused = RUN("send", without, "--times", input);
    check_number(1, refused->code);
    check_contains("exists without times", refused->errors);
}

/* Where names disappear with their users, the command keeps the ring open. */
static void create_makes_a_named_ring(void **state)
{
    (void)state;
    have_console();
    const char *name = new_ring_name(), *errors = new_path(".errors");
    struct process *creator = START(COMPLAINS_TO(errors), "create", name, "--capacity", "128K");
    check_soon(ring_stat(name).capacity_bytes == 128 * 1024);
    if (os_names_outlive_handles()) {
        process_finish(creator);
        check_number(128 * 1024, ring_stat(name).capacity_bytes);
        return;
    }
    check_number(0, RUN("send", name, new_file("kept\n", 5))->code);
    check_text("kept\n", RUN("recv", name)->output);
    check(process_interrupt(creator));
    char *text = complaint_of(creator, 0, errors);
    check_contains("exists until this command is interrupted", text);
    free(text);
    check_number(0, ring_stat(name).capacity_bytes);
}

static void create_again_is_an_error(void **state)
{
    (void)state;
    const char *const names[] = {new_ring(NULL), new_ring_file(NULL)};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct ran *ran = RUN("create", names[i]);
        check_number(1, ran->code);
        check_begins("mapring create: ", ran->errors);
        check_contains(names[i], ran->errors);
        check_number(0, ran->bytes);
    }
}

static void create_does_not_take_another_file_for_a_ring(void **state)
{
    (void)state;
    const char *file = new_file("precious", 8);
    check_number(1, RUN("create", file)->code);
    check_number(1, RUN("send", file, new_file("x\n", 2))->code);
    check_file(file, "precious", 8);
}

static void create_without_a_folder_is_an_error(void **state)
{
    (void)state;
    const char *path = new_path("/missing/folder.ring");
    const struct ran *ran = RUN("create", path);
    check_number(1, ran->code);
    check_contains(path, ran->errors);
}

static void a_name_that_looks_like_a_files_is_told(void **state)
{
    (void)state;
    char name[80], hint[100];
    snprintf(name, sizeof name, "%s.ring", new_ring_name());
    snprintf(hint, sizeof hint, "such as ./%s\n", name);
    const struct ran *ran = RUN("send", name, new_file("", 0));
    check_number(0, ran->code);
    check_contains("is not a path, so the new ring is in memory; ", ran->errors);
    check_contains(hint, ran->errors);
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, name, NULL));
    check_text("", RUN("send", name, new_file("", 0))->errors);
    check_text("", RUN("send", new_path(".ring"), new_file("", 0))->errors);
    mapring_close(ring);
    mapring_remove(name, MAPRING_LOCAL, true);
}

/* ---- ls ---- */

static void ls_lists_named_rings_in_order(void **state)
{
    (void)state;
    const char *second = new_ring(NULL), *third = new_ring(NULL), *file = new_ring_file(NULL);
    char first[80], lines[200];
    mapring_ring *ring;
    snprintf(first, sizeof first, "0-%s", second);
    check_result(MAPRING_OK, mapring_open(&ring, first, NULL));
    const struct ran *ran = RUN("ls"), *json = RUN("ls", "--json");
    mapring_close(ring);
    mapring_remove(first, MAPRING_LOCAL, true);
    check_number(0, ran->code);
    check_text("", ran->errors);
    check(strstr(ran->output, file) == NULL);
    snprintf(lines, sizeof lines, "%s\n", first);
    check_contains(lines, ran->output);
    snprintf(lines, sizeof lines, "\n%s\n", second);
    check_contains(lines, ran->output);
    snprintf(lines, sizeof lines, "\n%s\n", third);
    check_contains(lines, ran->output);
    check(strstr(ran->output, first) < strstr(ran->output, third));
    check_begins("[\"", json->output);
    snprintf(lines, sizeof lines, "\"%s\"", first);
    check_contains(lines, json->output);
    snprintf(lines, sizeof lines, "\"%s\"", third);
    check_contains(lines, json->output);
    check_text("]\n", json->output + json->bytes - 2);
}

static void ls_of_a_scope_does_not_list_the_other(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    char line[80];
    snprintf(line, sizeof line, "%s\n", name);
    const struct ran *ran = RUN("ls", "--scope", "global");
    check_number(0, ran->code);
    check(strstr(ran->output, line) == NULL);
    check_contains(line, RUN("ls", "--scope", "local")->output);
}

/* ---- stat ---- */

/* Replaces how long ago the ring was created by "#". */
static const char *without_age(const char *output)
{
    static char text[1024];
    static const char label[] = "created         ";
    const char *age = strstr(output, label);
    check(age != NULL);
    age += strlen(label);
    snprintf(text, sizeof text, "%.*s#%s", (int)(age - output), output, strstr(age, " ago"));
    return text;
}

static void stat_shows_a_new_ring(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    char expected[512];
    snprintf(expected, sizeof expected,
             "ring            %s\n"
             "created         # ago\n"
             "when full       block\n"
             "full            0 %%, 0 bytes of 1.0 MiB\n"
             "sent            0 records, 0 bytes\n"
             "unread          0 records\n"
             "producer        none yet\n"
             "consumers       0\n"
             "\n"
             "ledger: balanced\n",
             name);
    const struct ran *ran = RUN("stat", name);
    check_number(0, ran->code);
    check_text(expected, without_age(ran->output));
}

static void stat_shows_internals_if_asked_to(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    char expected[512];
    snprintf(expected, sizeof expected,
             "\nunread          0 records\n"
             "capacity        1048576\n"
             "slot bytes      16\n"
             "record limit    524280\n"
             "layout version  %" PRIu32 "\n"
             "times           no\n"
             "tail            0\n"
             "horizon         0\n"
             "next sequence   0\n"
             "producer        none yet\n",
             ring_stat(name).layout_version);
    check_contains(expected, RUN("stat", name, "--verbose")->output);
    mapring_consumer *consumer;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    check_contains("\n    ledger   from 0 to 0, head 0\n", RUN("stat", name, "--verbose")->output);
    mapring_consumer_close(consumer);
}

static void stat_shows_producer_and_consumers(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    char line[128];
    struct process *sender = START(NULL, "send", name), *receiver = START(NULL, "recv", name);
    await_consumers(name, 1);
    mapring_consumer *idler;
    check_result(
        MAPRING_OK,
        mapring_consumer_open(&idler, name, &(struct mapring_consumer_options){.name = "idler"}));
    process_say(sender, "one\ntwo");
    process_hear(receiver, "one");
    process_hear(receiver, "two");
    await_records(name, 2);
    check_soon(ring_stat(name).consumer[0].read_records == 2);
    const struct ran *ran = RUN("stat", name);
    snprintf(line, sizeof line, "\nproducer        open, process %" PRIu64 "\nconsumers       2\n",
             process_id(sender));
    check_contains(line, ran->output);
    check_contains("\nfull            0 %, 32 bytes of 1.0 MiB\n"
                   "sent            2 records, 6 bytes\n"
                   "unread          0 records\n",
                   ran->output);
    snprintf(line, sizeof line,
             "\nconsumer 0: \"mapring recv | pipe\"\n    attached, process %" PRIu64
             "\n    behind   nothing\n    read     2 records, 6 bytes\n\n",
             process_id(receiver));
    check_contains(line, ran->output);
    check_contains("\nconsumer 1: \"idler\"\n    attached, process ", ran->output);
    check_contains("\n    behind   2 records, 32 bytes\n    read     0 records, 0 bytes\n",
                   ran->output);
    process_kill(sender);
    check_number(3, process_exit_code(receiver)); /* and says that the producer died */
    snprintf(line, sizeof line, "\nproducer        died, process ");
    check_contains(line, RUN("stat", name)->output);
    mapring_consumer_close(idler);
    check_contains("\nconsumers       0\n", RUN("stat", name)->output);
}

/* The command waits in slices, so that it does not wait for an instant now and then. */
static const struct ran *stat_of_blocked(const char *name)
{
    const struct ran *ran;
    check_soon(strstr((ran = RUN("stat", name))->output, "\nwaits ") != NULL);
    return ran;
}

/* Stopped while it reads, and blocks a sender. */
static void consumer_evict_lets_a_stopped_receiver_go(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = 65536});
    const char *errors = new_path(".err");
    static char lines[8001];
    memset(lines, '\n', sizeof lines - 1);
    struct process *receiver =
        START(COMPLAINS_TO(errors), "recv", name, "--label", "slow", "--wait");
    await_consumers(name, 1);
    process_pause(receiver);
    struct process *sender = START(NULL, "send", name);
    process_write(sender, lines, sizeof lines - 1);
    process_close_input(sender);
    check_soon(ring_stat(name).producer_waits);
    check_contains("\n   0  attached ", RUN("consumers", name)->output);
    check_number(0, RUN("consumer", "evict", name, "slow")->code);
    check_number(0, process_exit_code(sender));
    check_contains("\n   0  evicted ", RUN("consumers", name)->output);
    check_contains("\nevicted         1\n", RUN("stat", name)->output);
    const struct ran *ran = RUN("stat", name, "--json");
    check_contains("\"evicted_count\": 1,", ran->output);
    check_contains("\"state\": \"evicted\"", ran->output);
    check_contains("no consumer that is attached", RUN("consumer", "evict", name, "slow")->errors);
    check_contains("was let go before", RUN("consumer", "evict", name, "0")->errors);
    process_resume(receiver);
    char *complaint = complaint_of(receiver, 1, errors);
    check_contains("consumer 0 of ring", complaint);
    check_contains("was let go by process", complaint);
    free(complaint);
}

static void consumer_evict_wants_one_consumer(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    const struct mapring_consumer_options options = {.name = "twin"};
    mapring_consumer *one, *two;
    check_result(MAPRING_OK, mapring_consumer_open(&one, name, &options));
    check_result(MAPRING_OK, mapring_consumer_open(&two, name, &options));
    const struct ran *ran = RUN("consumer", "evict", name, "twin");
    check_number(1, ran->code);
    check_contains("give the cell of one of them", ran->errors);
    check_contains("cell 1: process ", ran->errors);
    check_number(0, RUN("consumer", "evict", name, "1")->code);
    check_number(0, RUN("consumer", "evict", name, "twin")->code);
    check_contains("invalid cell", RUN("consumer", "evict", name, "32")->errors);
    check_contains("invalid cell", RUN("consumer", "evict", name, "4294967296")->errors);
    check_number(1, RUN("consumer", "evict", new_ring_name(), "twin")->code);
    mapring_consumer_close(one);
    mapring_consumer_close(two);
}

static void create_sets_how_far_an_attached_consumer_may_be_behind(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    check_number(0, RUN("create", path, "--max-lag-attached", "32K")->code);
    check_number(32768, ring_stat(path).max_lag_attached_bytes);
    check_contains("\nattached lag    32768\n", RUN("stat", path, "--verbose")->output);
}

static void stat_names_the_consumer_that_blocks_the_producer(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = 65536});
    static char lines[8001];
    memset(lines, '\n', sizeof lines - 1);
    mapring_consumer *idler;
    const struct mapring_consumer_options options = {
        .name = "idl\033er", .durable = true, .max_lag_bytes = 65536};
    struct process *sender = START(NULL, "send", name);
    process_write(sender, lines, sizeof lines - 1);
    check_soon(ring_stat(name).producer_waits);
    const struct ran *ran = stat_of_blocked(name);
    check_contains(" KiB of 64.0 KiB\n", ran->output);
    check_contains("\nwaits           for ", ran->output);
    check_contains(" so far, for the first consumer\n", ran->output);
    check_contains("\nconsumers       0\n", ran->output);
    check_result(MAPRING_OK, mapring_consumer_open(&idler, name, &options));
    check_soon(ring_stat(name).blocking_cell == 0);
    ran = stat_of_blocked(name);
    check_contains(" so far, for consumer 0, \"idl\\u001ber\"\n", ran->output);
    check_contains("\nhas waited      ", ran->output);
    check_contains("\nconsumer 0: \"idl\\u001ber\"\n    attached, durable, process ", ran->output);
    ran = RUN("stat", name, "--json", "--interval", "0.01");
    check_contains("\n  \"blocked\": {\"now\": ", ran->output);
    check_contains(", \"count\": ", ran->output);
    check_contains("\"rate\": {\"interval_ns\": ", ran->output);
    check_contains("\"records_per_second\": 0.000, \"payload_bytes_per_second\": 0.000}",
                   ran->output);
    check_json(ran->output, ran->bytes);
    process_kill(sender);
    check(strstr(RUN("stat", name)->output, "\nwaits ") == NULL);
    check_contains("\nrate            0 records/s, 0 bytes/s, over 1",
                   RUN("stat", name, "--interval", "0.01")->output);
    check_contains(", max lag 65536\n", RUN("stat", name, "--verbose")->output);
    mapring_consumer_close(idler);
}

static void stat_shows_how_far_behind_in_time_a_consumer_is(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.times = true});
    mapring_consumer *slow;
    struct process *sender = START(NULL, "send", name),
                   *receiver = START(NULL, "recv", name, "--wait");
    await_consumers(name, 1);
    check_result(MAPRING_OK, mapring_consumer_open(&slow, name, NULL));
    process_say(sender, "hello");
    process_hear(receiver, "hello");
    check_soon(ring_stat(name).consumer[0].latency_samples == 1);
    check_soon(ring_stat(name).consumer[1].lag_ns > 1);
    const struct ran *ran = RUN("stat", name);
    check_contains("\n    latency  50 % ", ran->output);
    check_contains("s, 99 % ", ran->output);
    check_contains("s, 99.9 % ", ran->output);
    check_contains("s, longest ", ran->output);
    check_contains("\n    behind   1 records, 32 bytes, ", ran->output);
    check_contains("\ntimes           yes\n", RUN("stat", name, "--verbose")->output);
    ran = RUN("stat", name, "--json");
    check_contains("\n  \"times\": true,\n", ran->output);
    check_contains(", \"latency_samples\": 1, \"latency_p50_ns\": ", ran->output);
    mapring_consumer_close(slow);
}

static void write_header(const char *path, size_t offset, const void *data, size_t bytes)
{
    check(os_file_write_at(path, (int64_t)offset, data, bytes));
}

static void stat_shows_content_and_dictionary(void **state)
{
    (void)state;
    static const uint64_t used = 7000;
    const char *path = new_ring_file(&(struct mapring_options){
        .capacity_bytes = 65536, .content = "text/plain", .dictionary_bytes = 65536});
    write_header(path, offsetof(struct ring_header, dictionary_used), &used, 8);
    const struct ran *ran = RUN("stat", path);
    check_contains("\ncontent         text/plain\n", ran->output);
    check_contains("\ndictionary      6.8 KiB of 64.0 KiB\n", ran->output);
    check_contains("\n  \"content\": \"text/plain\",\n", RUN("stat", path, "--json")->output);
    write_header(path, offsetof(struct ring_header, dictionary_used), &(uint64_t){UINT64_MAX}, 8);
    check_contains("\ndictionary      64.0 KiB of 64.0 KiB\n", RUN("stat", path)->output);
}

static void what_stat_shows_fits_into_80_columns(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.when_full = MAPRING_DROP});
    char label[MAPRING_NAME_BYTES + 1] = "";
    memset(label, 'x', MAPRING_NAME_BYTES - 1);
    mapring_consumer *consumer;
    const struct mapring_consumer_options options = {.name = label};
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &options));
    const struct ran *ran = RUN("stat", name, "--verbose");
    check_contains("\ndropped         0 records, 0 bytes\n", ran->output);
    for (const char *line = ran->output; *line != '\0'; line += strcspn(line, "\n") + 1)
        check(strcspn(line, "\n") <= 80);
    mapring_consumer_close(consumer);
}

static void a_receiver_is_named_by_its_output_or_its_label(void **state)
{
    (void)state;
    static const char long_label[] = "0123456789012345678901234567890123456789012345678901234567890"
                                     "1\xe7\x8e\xaf";
    const char *name = new_ring(NULL), *file = new_path(".log");
    char wanted[2 * MAPRING_NAME_BYTES];
    const char *part = strrchr(file, on_windows() ? '\\' : '/');
    snprintf(wanted, MAPRING_NAME_BYTES, "mapring recv > %s", part ? part + 1 : file);
    struct process *receiver = START(TO(file), "recv", name, "--wait");
    await_consumers(name, 1);
    check_text(wanted, ring_stat(name).consumer[0].name);
    process_kill(receiver);
    receiver = START(NULL, "recv", name, "--wait", "--label", "mine");
    check_soon(strcmp(ring_stat(name).consumer[0].name, "mine") == 0);
    process_kill(receiver);
    START(NULL, "recv", name, "--wait", "--label", long_label);
    snprintf(wanted, sizeof wanted, "%.62s", long_label); /* the last character has three bytes */
    check_soon(strcmp(ring_stat(name).consumer[0].name, wanted) == 0);
    static const char *const others[] = {"--consumer", "--observe"};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        const struct ran *ran = RUN("recv", name, "--label", "x", others[i], "y");
        check_number(2, ran->code);
    }
}

static void stat_writes_json(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    char line[512];
    const struct ran *ran = RUN("stat", name, "--json");
    check_number(0, ran->code);
    check_contains("\"producer\": {\"state\": \"never\", \"process\": 0, \"alive\": false}",
                   ran->output);
    check_contains("\n  \"content\": \"\",\n  \"times\": false,\n", ran->output);
    check_contains("\n  \"rate\": null,\n", ran->output);
    check_contains("\n  \"blocked\": {\"now\": false, \"cell\": null, \"since_ns\": null, "
                   "\"count\": 0, \"total_ns\": 0},\n",
                   ran->output);
    check_contains("\"consumers\": [],\n  \"bridges\": []\n}\n", ran->output);
    check_json(ran->output, ran->bytes);

    mapring_consumer *one, *two;
    struct mapring_consumer_options options = {.name = "a \"name\"\\ \t环"};
    check_result(MAPRING_OK, mapring_consumer_open(&one, name, &options));
    check_result(MAPRING_OK, mapring_consumer_open(&two, name, NULL));
    struct process *sender = START(NULL, "send", name);
    process_say(sender, "hello");
    await_records(name, 1);
    ran = RUN("stat", name, "--json");
    snprintf(line, sizeof line, "{\n  \"name\": \"%s\",\n  \"capacity_bytes\": 1048576,\n", name);
    check_begins(line, ran->output);
    check_contains("\n  \"slot_bytes\": 16,\n", ran->output);
    check_contains("\n  \"layout_version\": ", ran->output);
    check_contains("\n  \"record_limit\": 524280,\n", ran->output);
    check_contains("\n  \"tail\": 16,\n", ran->output);
    check_contains("\n  \"horizon\": ", ran->output);
    check_contains("\n  \"records\": 1,\n  \"payload_bytes\": 5,\n", ran->output);
    snprintf(line, sizeof line,
             "\n  \"producer\": {\"state\": \"open\", \"process\": %" PRIu64
             ", \"alive\": true},\n",
             process_id(sender));
    check_contains(line, ran->output);
    check_contains(
        "{\"cell\": 0, \"name\": \"a \\\"name\\\"\\\\ \\u0009环\", \"state\": \"attached\", ",
        ran->output);
    check_contains("\"lost_records\": 0, \"pending_records\": 1, \"pending_bytes\": 16, "
                   "\"max_lag_bytes\": 0, \"balanced\": true, \"lag_ns\": 0, "
                   "\"latency_samples\": 0, \"latency_p50_ns\": 0, \"latency_p99_ns\": 0, "
                   "\"latency_p999_ns\": 0, \"latency_max_ns\": 0, \"blocked_count\": 0, "
                   "\"blocked_ns\": 0, \"blocked_longest_ns\": 0},\n",
                   ran->output);
    check_contains("{\"cell\": 1, \"name\": \"\", ", ran->output);
    check_json(ran->output, ran->bytes);
    mapring_consumer_close(one);
    mapring_consumer_close(two);
}

static void names_are_shown_without_their_control_characters(void **state)
{
    (void)state;
    const struct ran *ran = RUN("stat", "./evil\033[31m\nfake\302\233");
    check_number(on_windows() ? 2 : 1, ran->code); /* Windows refuses the name itself */
    check_contains("evil\\x1b[31m\\x0afake", ran->errors);
    check(strchr(ran->errors, '\033') == NULL && strchr(ran->errors, '\n')[1] == '\0');
}

static void json_of_ls_is_json(void **state)
{
    (void)state;
    new_ring(NULL);
    new_ring(NULL);
    const struct ran *ran = RUN("ls", "--json");
    check_number(0, ran->code);
    check_json(ran->output, ran->bytes);
}

static void consumers_writes_json(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    check_text("[]\n", RUN("consumers", name, "--json")->output);
    mapring_consumer *one, *two;
    check_result(MAPRING_OK, mapring_consumer_open(&one, name, NULL));
    check_result(MAPRING_OK, mapring_consumer_open(&two, name, NULL));
    const struct ran *ran = RUN("consumers", name, "--json");
    check_number(0, ran->code);
    check_begins("[\n  {\"cell\": 0, \"name\": \"\", \"state\": \"attached\", ", ran->output);
    check_contains("\"blocked_longest_ns\": 0},\n  {\"cell\": 1, ", ran->output);
    check_text("}\n]\n", ran->output + ran->bytes - strlen("}\n]\n"));
    check_json(ran->output, ran->bytes);
    mapring_consumer_close(one);
    mapring_consumer_close(two);
}

/* ---- rm ---- */

static void rm_removes_a_ring_in_a_file(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    check_number(0, RUN("send", path, new_file("x\n", 2))->code);
    const struct ran *ran = RUN("rm", path);
    check_text("", ran->errors);
    check_number(0, ran->code);
    check_number(-1, os_file_size(path));
    check_number(1, RUN("rm", path)->code);
}

static void rm_removes_a_named_ring_where_it_can(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    const struct ran *ran = RUN("rm", name);
    if (os_names_outlive_handles()) {
        check_number(0, ran->code);
        check_number(1, RUN("stat", name)->code);
        check_number(1, RUN("rm", name)->code);
    } else {
        check_number(1, ran->code);
        check_contains("on Windows, a named ring vanishes with its last handle", ran->errors);
        check_number(1, RUN("rm", name, "--force")->code);
        check_number(0, RUN("stat", name)->code);
    }
}

static void check_in_use(const char *path)
{
    const struct ran *ran = RUN("rm", path);
    check_number(1, ran->code);
    check_begins("mapring rm: ", ran->errors);
    check_contains(path, ran->errors);
    check_number(0, RUN("stat", path)->code);
}

static void rm_refuses_while_the_ring_is_in_use(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    struct process *sender = START(NULL, "send", path);
    await_producer(path, MAPRING_PRODUCER_IS_OPEN);
    check_in_use(path);
    struct process *receiver = START(NULL, "recv", path, "--follow");
    await_consumers(path, 1);
    process_kill(sender);
    check_in_use(path);
    process_kill(receiver);
    check_number(0, RUN("rm", path)->code);
}

/* Windows may refuse to remove a file that somebody has mapped, or remove it with its last user. */
static bool rm_by_force(const char *path)
{
    const struct ran *ran = RUN("rm", path, "--force");
    check(ran->code == 0 || (on_windows() && ran->code == 1));
    check(on_windows() || os_file_size(path) < 0);
    return ran->code == 0;
}

static void rm_by_force_ends_who_uses_the_ring(void **state)
{
    (void)state;
    const char *path = new_path(".ring"), *errors[] = {new_path(".1"), new_path(".2")};
    struct process *sender = START(COMPLAINS_TO(errors[0]), "send", path);
    await_producer(path, MAPRING_PRODUCER_IS_OPEN);
    struct process *receiver = START(COMPLAINS_TO(errors[1]), "recv", path);
    await_consumers(path, 1);
    process_say(sender, "the last");
    process_hear(receiver, "the last");
    if (!rm_by_force(path))
        skip();
    char *texts[] = {complaint_of(sender, 3, errors[0]), complaint_of(receiver, 3, errors[1])};
    check_contains("was removed: no process can find it any more", texts[0]);
    check_contains("the ring was removed; all 1 records", texts[1]);
    free(texts[0]);
    free(texts[1]);
    check_soon(os_file_size(path) < 0);
}

static void recv_follow_goes_on_with_the_ring_that_has_the_name_next(void **state)
{
    (void)state;
    const char *path = new_path(".ring"), *errors = new_path(".errors");
    check_number(0, RUN("send", path, new_file("old\n", 4))->code);
    struct process *receiver = START(COMPLAINS_TO(errors), "recv", path, "--follow");
    process_hear(receiver, "old");
    if (!rm_by_force(path))
        skip();
    check_soon(os_file_size(path) < 0);
    check_number(0, RUN("send", path, new_file("new\n", 4), "--linger", "20")->code);
    process_hear(receiver, "new");
    process_kill(receiver);
    size_t bytes;
    char *text = read_file(errors, &bytes);
    check_contains("was removed; continuing with the next ring of that name", text);
    free(text);
}

static void rm_takes_several_names_and_tries_all(void **state)
{
    (void)state;
    const char *first = new_path(".1"), *last = new_path(".2"), *none = new_path(".none");
    check_number(0, RUN("send", first)->code);
    check_number(0, RUN("send", last)->code);
    const struct ran *ran = RUN("rm", first, none, last);
    check_number(1, ran->code);
    check_contains(none, ran->errors);
    check_number(-1, os_file_size(first));
    check_number(-1, os_file_size(last));
    check_number(2, RUN("rm", "no name")->code);
    check_number(1, RUN("rm", "no name", none)->code);
    check_number(1, RUN("rm", none, "no name")->code);
}

/* A creator that dies at once leaves such a file. */
static void rm_removes_an_empty_file(void **state)
{
    (void)state;
    const char *path = new_file("", 0);
    check_number(0, RUN("rm", path)->code);
    check_number(-1, os_file_size(path));
}

static void rm_does_not_touch_what_is_no_ring(void **state)
{
    (void)state;
    const char *file = new_file("precious", 8), *folder = new_path("");
    check(os_make_directory(folder));
    const struct ran *ran = RUN("rm", file);
    check_number(1, ran->code);
    check_contains(file, ran->errors);
    check_number(1, RUN("rm", file, "--force")->code);
    check_file(file, "precious", 8);
    check_number(1, RUN("rm", folder)->code);
    check_number(1, RUN("rm", folder, "--force")->code);
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(create_gives_a_ring_content_and_a_dictionary),
    TEST(a_damaged_dictionary_is_written_up_to_the_damage),
    TEST(create_makes_a_ring_in_a_file),
    TEST(create_makes_a_ring_with_times),
    TEST(create_makes_a_named_ring),
    TEST(create_again_is_an_error),
    TEST(create_does_not_take_another_file_for_a_ring),
    TEST(create_without_a_folder_is_an_error),
    TEST(a_name_that_looks_like_a_files_is_told),
    TEST(ls_lists_named_rings_in_order),
    TEST(ls_of_a_scope_does_not_list_the_other),
    TEST(stat_shows_a_new_ring),
    TEST(stat_shows_internals_if_asked_to),
    TEST(stat_shows_producer_and_consumers),
    TEST(consumer_evict_lets_a_stopped_receiver_go),
    TEST(consumer_evict_wants_one_consumer),
    TEST(create_sets_how_far_an_attached_consumer_may_be_behind),
    TEST(stat_names_the_consumer_that_blocks_the_producer),
    TEST(stat_shows_how_far_behind_in_time_a_consumer_is),
    TEST(stat_shows_content_and_dictionary),
    TEST(what_stat_shows_fits_into_80_columns),
    TEST(a_receiver_is_named_by_its_output_or_its_label),
    TEST(stat_writes_json),
    TEST(names_are_shown_without_their_control_characters),
    TEST(json_of_ls_is_json),
    TEST(consumers_writes_json),
    TEST(rm_removes_a_ring_in_a_file),
    TEST(rm_removes_a_named_ring_where_it_can),
    TEST(rm_refuses_while_the_ring_is_in_use),
    TEST(rm_by_force_ends_who_uses_the_ring),
    TEST(recv_follow_goes_on_with_the_ring_that_has_the_name_next),
    TEST(rm_takes_several_names_and_tries_all),
    TEST(rm_removes_an_empty_file),
    TEST(rm_does_not_touch_what_is_no_ring),
};
TEST_MAIN(roles, tests)
