/* SPDX-License-Identifier: MIT */
/* The receiving side of a bridge, with a stream in memory: the ring becomes what its origin is,
 * whatever happens meanwhile, and nothing that does not fit gets into it. */
#include "helpers.h"

#include "bridge/batch_builder.h"
#include "bridge/in.h"
#include "bridge/status.h"
#include "memory_engine.h"
#include "shared/message.h"

#include <inttypes.h>

enum { ACCOUNT_BYTES = 1 << 20 };

static const struct mapring_options source_options = {.capacity_bytes = 65536,
                                                      .when_full = MAPRING_DROP,
                                                      .times = true,
                                                      .dictionary_bytes = 65536,
                                                      .content = "text/x-test"};
static const struct mapring_consumer_options all_of_it = {.from = MAPRING_OLDEST,
                                                          .every_run = true};

/* ---- What a reader of a ring is told, as text ---- */

struct account {
    char text[ACCOUNT_BYTES];
    size_t used;
};

static struct account expected, actual;

PRINTF_LIKE(2, 3) static void note(struct account *account, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    account->used += (size_t)vsnprintf(account->text + account->used, ACCOUNT_BYTES - account->used,
                                       format, arguments);
    va_end(arguments);
    check(account->used < ACCOUNT_BYTES);
}

/* The end of a bridge is none of the origin. */
static void note_result(struct account *account, int result, const struct mapring_record *record)
{
    if (result == MAPRING_LOST)
        note(account,
             "lost %" PRIu64 " from %" PRIu64 ", %" PRIu64 " bytes, %" PRIu64 " %" PRIu64 "\n",
             record->lost_records, record->sequence, record->lost_bytes, record->time_ns,
             record->lost_until_ns);
    else if (result == MAPRING_OK)
        note(account, "%" PRIu64 " at %" PRIu64 "%s: %.*s\n", record->sequence, record->time_ns,
             record->continued ? " continued" : "", (int)record->bytes,
             (const char *)record->payload);
    else if (record->run > 0)
        note(account, "run %" PRIu64 " %s\n", record->run,
             result == MAPRING_PRODUCER_DIED ? "died" : "closed");
}

static bool is_end(int result)
{
    return result == MAPRING_PRODUCER_CLOSED || result == MAPRING_PRODUCER_DIED;
}

static void note_dictionary(struct account *account, const char *ring)
{
    mapring_dictionary *dictionary;
    struct mapring_entry entry;
    check_result(MAPRING_OK, mapring_dictionary_open(&dictionary, ring, MAPRING_LOCAL));
    while (mapring_dictionary_next(dictionary, &entry) == MAPRING_OK)
        note(account, "entry %u at %" PRIu64 ": %.*s\n", entry.kind, entry.offset, (int)entry.bytes,
             (const char *)entry.payload);
    mapring_dictionary_close(dictionary);
}

/* ---- A bridge that fills the stream ---- */

static struct {
    char ring[512];
    mapring_consumer *consumer;
    mapring_dictionary *dictionary;
    struct batch_builder *builder;
    struct batch_position position;
    size_t target_bytes;
} out;

static void begin_out(const struct mapring_options *options, size_t target_bytes,
                      size_t limit_bytes)
{
    const struct batch_settings settings = {.target_bytes = target_bytes,
                                            .limit_bytes = limit_bytes};
    const struct batch_origin origin = {.id = "origin-1",
                                        .name = "source",
                                        .content = "text/x-test",
                                        .capacity_bytes = 1 << 20,
                                        .slot_bytes = 16,
                                        .times = options->times,
                                        .dictionary_bytes = 65536};
    memory_reset();
    expected.used = actual.used = 0;
    memset(&out, 0, sizeof out);
    snprintf(out.ring, sizeof out.ring, "%s", new_ring_file(options));
    check_result(MAPRING_OK, mapring_consumer_open(&out.consumer, out.ring, &all_of_it));
    check_result(MAPRING_OK, mapring_dictionary_open(&out.dictionary, out.ring, MAPRING_LOCAL));
    out.builder = batch_builder_new(&origin, &settings);
    batch_begin(out.builder, &out.position, NULL);
}

static void cut(void)
{
    if (batch_is_empty(out.builder))
        return;
    memory_publish(batch_finish(out.builder));
    out.position = *batch_end(out.builder);
    batch_begin(out.builder, &out.position, NULL);
}

static bool add(int result, const struct mapring_record *record)
{
    if (result == MAPRING_LOST)
        return batch_add_gap(out.builder, record);
    if (is_end(result))
        return batch_add_run_end(out.builder, record->run, result == MAPRING_PRODUCER_DIED);
    return batch_add_record(out.builder, record);
}

static void carry_entries(void)
{
    struct mapring_entry entry;
    while (mapring_dictionary_next(out.dictionary, &entry) == MAPRING_OK)
        while (!batch_add_entry(out.builder, &entry))
            cut();
}

static void carry_out(void)
{
    struct mapring_record record;
    int result;
    carry_entries();
    while ((result = mapring_consumer_next(out.consumer, &record, 0)) != MAPRING_NOTHING) {
        check(result >= 0);
        note_result(&expected, result, &record);
        while (!add(result, &record))
            cut();
        if (batch_is_full(out.builder))
            cut();
        if (result == MAPRING_OK)
            check_result(MAPRING_OK, mapring_consumer_release(out.consumer));
    }
    cut();
}

static void end_out(void)
{
    mapring_consumer_close(out.consumer);
    mapring_dictionary_close(out.dictionary);
    batch_builder_free(out.builder);
}

/* ---- Its ring ---- */

static mapring_producer *begin_run(void)
{
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, out.ring, NULL));
    return producer;
}

static void send_some(mapring_producer *producer, unsigned count, const char *word)
{
    char text[256];
    for (unsigned i = 0; i < count; i++) {
        int bytes = snprintf(text, sizeof text, "%s %u %.*s", word, i, (int)(i * 7 % 90),
                             "....................................................................."
                             "......................");
        int result = mapring_producer_send(producer, text, (size_t)bytes, 0);
        check(result == MAPRING_OK || result == MAPRING_DROPPED);
    }
}

static void define_some(mapring_producer *producer, const char *word)
{
    char text[64];
    uint64_t offset;
    for (unsigned i = 0; i < 3; i++) {
        int bytes = snprintf(text, sizeof text, "%s %u", word, i);
        check_result(MAPRING_OK,
                     mapring_producer_define(producer, 1 + i, text, (size_t)bytes, &offset));
    }
}

static int dying_producer(int argc, char **argv)
{
    (void)argc;
    snprintf(out.ring, sizeof out.ring, "%s", argv[0]);
    send_some(begin_run(), 5, "dying");
    role_say("sent");
    role_hear("never");
    return 0;
}

/* Three runs, of which the second one dies; parts, definitions, and a loss. */
static void fill_stream(void)
{
    char text[2000];
    mapring_producer *producer = begin_run();
    define_some(producer, "format");
    send_some(producer, 50, "first");
    memset(text, 'x', sizeof text);
    check_result(MAPRING_OK, mapring_producer_send_part(producer, text, sizeof text, 0));
    check_result(MAPRING_OK, mapring_producer_send(producer, text, sizeof text / 2, 0));
    check_result(MAPRING_OK,
                 mapring_producer_define(producer, 7, text, sizeof text, &(uint64_t){0}));
    carry_out();
    send_some(producer, 3000, "many");
    carry_out();
    mapring_producer_close(producer);
    struct process *dying = start_role("dying", out.ring, NULL);
    process_hear(dying, "sent");
    process_kill(dying);
    carry_out();
    producer = begin_run();
    define_some(producer, "other");
    send_some(producer, 30, "last");
    mapring_producer_close(producer);
    carry_out();
    check(strstr(expected.text, "lost") && strstr(expected.text, "died"));
}

/* ---- The receiving bridge ---- */

static struct in_settings settings;

static void want_everything(void)
{
    settings = (struct in_settings){.until_end = true, .ring = {.capacity_bytes = 1 << 20}};
}

static void check_bridge(const char *ring, int exit_status)
{
    check_number(exit_status, in_run(&settings, ring, "S", NULL));
}

/* Where bridges tell about themselves. */
static void check_told(const char *ring, const char *part)
{
    struct status status[STATUS_LIMIT];
    if (status_read(ring, MAPRING_LOCAL, status) > 0 && !strstr(status[0].last_error, part))
        check_failed(__FILE__, __LINE__, "no '%s' in: %s", part, status[0].last_error);
}

static void account_for(const char *ring)
{
    mapring_consumer *consumer;
    struct mapring_record record;
    int result;
    actual.used = 0;
    actual.text[0] = '\0';
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, ring, &all_of_it));
    while ((result = mapring_consumer_next(consumer, &record, 0)) != MAPRING_NOTHING) {
        check(result >= 0);
        note_result(&actual, result, &record);
    }
    mapring_consumer_close(consumer);
}

static void check_same(const char *ring)
{
    account_for(ring);
    check_text(expected.text, actual.text);
    expected.used = actual.used = 0;
    note_dictionary(&expected, out.ring);
    note_dictionary(&actual, ring);
    check_text(expected.text, actual.text);
}

/* What the ring has is how the stream begins. */
static void check_begins_so(const char *ring)
{
    account_for(ring);
    check(strncmp(expected.text, actual.text, actual.used) == 0);
}

static void check_begins_with(const char *ring, uint64_t sequence)
{
    char text[32];
    account_for(ring);
    int length = snprintf(text, sizeof text, "%" PRIu64 " at ", sequence);
    if (strncmp(actual.text, text, (size_t)length) != 0)
        check_failed(__FILE__, __LINE__, "no record %" PRIu64 " at the beginning of:\n%.200s",
                     sequence, actual.text);
}

/* ---- What it becomes ---- */

static void the_ring_becomes_what_its_origin_is(void **state)
{
    static const size_t targets[] = {1, 200, 4096, 1 << 20};
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(targets); i++) {
        const char *ring = new_path(".ring");
        begin_out(&source_options, targets[i], 1 << 20);
        fill_stream();
        want_everything();
        check_bridge(ring, EXIT_DONE);
        check_same(ring);
        end_out();
    }
}

static void records_in_several_messages_are_put_together(void **state)
{
    const char *ring = new_path(".ring");
    (void)state;
    begin_out(&source_options, 300, 300);
    fill_stream();
    want_everything();
    check_bridge(ring, EXIT_DONE);
    check_same(ring);
    end_out();
}

static void the_ring_is_shaped_like_its_origin(void **state)
{
    const char *ring = new_path(".ring");
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    struct mapring_repetition repetition;
    static struct mapring_stat stat;
    mapring_ring *open;
    (void)state;
    begin_out(&source_options, 4096, 1 << 20);
    fill_stream();
    want_everything();
    settings.ring = (struct mapring_options){.when_full = MAPRING_OVERWRITE};
    check_bridge(ring, EXIT_DONE);
    check_result(MAPRING_OK, mapring_open(&open, ring, &attach));
    check_result(MAPRING_OK, mapring_stat(open, &stat));
    check_result(MAPRING_OK, mapring_repetition(open, &repetition));
    check_number(1 << 20, stat.capacity_bytes);
    check_number(MAPRING_OVERWRITE, stat.when_full);
    check_number(65536, stat.dictionary_bytes);
    check_text("text/x-test", stat.content);
    check_text("origin-1", repetition.origin);
    check(stat.times);
    mapring_close(open);
    end_out();
}

/* ---- Going on ---- */

static void a_connection_that_breaks_after_any_message_costs_nothing(void **state)
{
    (void)state;
    begin_out(&source_options, 4096, 1 << 20);
    fill_stream();
    want_everything();
    for (uint64_t i = 0; i < memory_last(); i += memory_last() / 5 + 1) {
        const char *ring = new_path(".ring");
        memory_fail_after((unsigned)i, ENGINE_RETRY);
        unsigned before = memory_connections();
        check_bridge(ring, EXIT_DONE);
        check_number(before + 2, memory_connections());
        account_for(ring);
        check_text(expected.text, actual.text);
    }
    end_out();
}

static void a_bridge_continues_after_any_message(void **state)
{
    const char *ring = new_path(".ring");
    (void)state;
    begin_out(&source_options, 500, 1 << 20);
    fill_stream();
    want_everything();
    for (uint64_t i = 1; i < memory_last(); i += memory_last() / 25 + 1) {
        memory_fail_after((unsigned)i, ENGINE_REFUSED);
        in_run(&settings, ring, "S", NULL);
        check_begins_so(ring);
    }
    memory_fail_after(1 << 20, ENGINE_REFUSED);
    check_bridge(ring, EXIT_DONE);
    check_same(ring);
    end_out();
}

static void a_bridge_without_anything_to_do_ends_at_the_end(void **state)
{
    const char *ring = new_path(".ring");
    (void)state;
    begin_out(&source_options, 4096, 1 << 20);
    fill_stream();
    want_everything();
    check_bridge(ring, EXIT_DONE);
    check_bridge(ring, EXIT_DONE);
    check_same(ring);
    end_out();
}

/* Another process, with the stream in a file. */
static int other_bridge(int argc, char **argv)
{
    (void)argc;
    memory_reset();
    memory_load(argv[1]);
    want_everything();
    settings.ring.capacity_bytes = 65536;
    role_say("ready");
    return in_run(&settings, argv[0], "S", NULL);
}

static uint64_t next_of(const char *ring)
{
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    struct mapring_repetition repetition;
    mapring_ring *open;
    check_result(MAPRING_OK, mapring_open(&open, ring, &attach));
    check_result(MAPRING_OK, mapring_repetition(open, &repetition));
    mapring_close(open);
    return repetition.sequence;
}

static bool waits_for_room(const char *ring)
{
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    static struct mapring_stat stat;
    mapring_ring *open;
    check_result(MAPRING_OK, mapring_open(&open, ring, &attach));
    check_result(MAPRING_OK, mapring_stat(open, &stat));
    mapring_close(open);
    return stat.producer_waits && stat.producer_state == MAPRING_PRODUCER_IS_OPEN;
}

/* Reads until the ring has been read to its end and no bridge follows. */
static void read_to_the_end(mapring_consumer *consumer, const char *ring, uint64_t end)
{
    struct mapring_record record;
    uint64_t next = 0;
    while (next < end || next < next_of(ring)) {
        int result = mapring_consumer_next(consumer, &record, SECONDS);
        check(result >= 0);
        note_result(&actual, result, &record);
        if (result == MAPRING_OK || result == MAPRING_LOST)
            next = record.sequence + (result == MAPRING_LOST ? record.lost_records : 1);
        if (result == MAPRING_OK)
            check_result(MAPRING_OK, mapring_consumer_release(consumer));
    }
}

/* All is in one message, in whose middle the ring is full. */
static void a_bridge_killed_inside_a_message_is_continued_there(void **state)
{
    char ring[512], saved[512];
    mapring_consumer *consumer;
    (void)state;
    snprintf(ring, sizeof ring, "%s", new_path(".ring"));
    snprintf(saved, sizeof saved, "%s", new_path(".stream"));
    begin_out(&source_options, 1 << 20, 1 << 20);
    fill_stream();
    memory_save(saved);
    want_everything();
    settings.ring.capacity_bytes = 65536;
    memory_fail_after(0, ENGINE_REFUSED);
    check_bridge(ring, EXIT_FAILED);
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, ring, &all_of_it));
    struct process *bridge = start_role("other", ring, saved, NULL);
    process_hear(bridge, "ready");
    check_soon(waits_for_room(ring));
    uint64_t at = next_of(ring);
    check(at > 0 && at < out.position.sequence);
    process_kill(bridge);
    bridge = start_role("other", ring, saved, NULL);
    process_hear(bridge, "ready");
    read_to_the_end(consumer, ring, out.position.sequence);
    process_finish(bridge);
    struct mapring_record record;
    int result;
    while ((result = mapring_consumer_next(consumer, &record, 0)) != MAPRING_NOTHING)
        note_result(&actual, result, &record);
    check_text(expected.text, actual.text);
    mapring_consumer_close(consumer);
    end_out();
}

/* ---- Where a new ring begins ---- */

static void start_at(enum start_kind kind, uint64_t sequence, uint64_t time_ns)
{
    want_everything();
    settings.has_start = true;
    settings.start = (struct start){kind, sequence, time_ns};
}

/* The time of a record, from the account. */
static uint64_t time_of(uint64_t sequence)
{
    char text[32];
    snprintf(text, sizeof text, "\n%" PRIu64 " at ", sequence);
    const char *found = strstr(expected.text, text);
    check(found != NULL);
    return strtoull(found + strlen(text), NULL, 10);
}

static void a_ring_begins_with_any_record_of_the_stream(void **state)
{
    static const uint64_t sequences[] = {0, 1, 17, 49, 51, 60};
    (void)state;
    begin_out(&source_options, 300, 1 << 20);
    fill_stream();
    for (unsigned i = 0; i < COUNT_OF(sequences); i++) {
        const char *ring = new_path(".ring");
        start_at(START_SEQUENCE, sequences[i], 0);
        check_bridge(ring, EXIT_DONE);
        check_begins_with(ring, sequences[i]);
        check(strstr(expected.text, actual.text) != NULL);
    }
    end_out();
}

static void a_ring_that_begins_later_has_the_whole_dictionary(void **state)
{
    const char *ring = new_path(".ring");
    (void)state;
    begin_out(&source_options, 1, 1 << 20);
    fill_stream();
    start_at(START_SEQUENCE, out.position.sequence, 0);
    check_bridge(ring, EXIT_DONE);
    expected.used = actual.used = 0;
    note_dictionary(&expected, out.ring);
    note_dictionary(&actual, ring);
    check_text(expected.text, actual.text);
    end_out();
}

static void a_ring_that_begins_inside_a_loss_has_the_rest_of_it(void **state)
{
    const char *ring = new_path(".ring");
    const char *lost;
    (void)state;
    begin_out(&source_options, 300, 1 << 20);
    fill_stream();
    check((lost = strstr(expected.text, "lost ")) != NULL);
    uint64_t records = strtoull(lost + 5, NULL, 10);
    uint64_t from = strtoull(strstr(lost, "from ") + 5, NULL, 10);
    start_at(START_SEQUENCE, from + 10, 0);
    check_bridge(ring, EXIT_DONE);
    account_for(ring);
    char text[64];
    snprintf(text, sizeof text, "lost %" PRIu64 " from %" PRIu64, records - 10, from + 10);
    check(strncmp(text, actual.text, strlen(text)) == 0);
    end_out();
}

static void a_ring_begins_with_the_first_record_of_a_time(void **state)
{
    static const uint64_t sequences[] = {1, 17, 49, 51, 60};
    (void)state;
    begin_out(&source_options, 300, 1 << 20);
    fill_stream();
    for (unsigned i = 0; i < COUNT_OF(sequences); i++) {
        const char *ring = new_path(".ring");
        uint64_t time_ns = time_of(sequences[i]), first = sequences[i];
        while (first > 1 && time_of(first - 1) == time_ns)
            first--;
        start_at(START_TIME, 0, time_ns);
        check_bridge(ring, EXIT_DONE);
        check_begins_with(ring, first);
    }
    end_out();
}

static void a_ring_begins_behind_the_stream(void **state)
{
    const char *ring = new_path(".ring");
    (void)state;
    begin_out(&source_options, 300, 1 << 20);
    fill_stream();
    start_at(START_NEW, 0, 0);
    check_bridge(ring, EXIT_DONE);
    check_number(out.position.sequence, next_of(ring));
    account_for(ring);
    check(strchr(actual.text, ':') == NULL); /* no record */
    end_out();
}

static void a_record_that_the_stream_has_not_is_refused(void **state)
{
    const char *ring = new_path(".ring");
    (void)state;
    begin_out(&source_options, 300, 1 << 20);
    fill_stream();
    start_at(START_SEQUENCE, out.position.sequence + 1, 0);
    check_bridge(ring, EXIT_FAILED);
    check_told(ring, "has no record");
    memory_remove_first(3);
    start_at(START_SEQUENCE, 0, 0);
    check_bridge(ring, EXIT_FAILED);
    check_told(ring, "it begins with");
    end_out();
}

static void an_existing_ring_is_continued_or_refused(void **state)
{
    const char *ring = new_path(".ring");
    (void)state;
    begin_out(&source_options, 300, 1 << 20);
    fill_stream();
    start_at(START_SEQUENCE, 17, 0);
    check_bridge(ring, EXIT_DONE);
    check_bridge(ring, EXIT_DONE);
    start_at(START_FIRST, 0, 0);
    check_bridge(ring, EXIT_DONE);
    start_at(START_SEQUENCE, 18, 0);
    check_bridge(ring, EXIT_FAILED);
    check_told(ring, "begins with record 17, not 18");
    end_out();
}

/* ---- What does not fit ---- */

static void a_ring_that_repeats_none_is_refused(void **state)
{
    (void)state;
    begin_out(&source_options, 300, 1 << 20);
    fill_stream();
    const char *ring = new_ring_file(NULL);
    want_everything();
    check_bridge(ring, EXIT_FAILED);
    check_told(ring, "repeats no other ring");
    end_out();
}

/* Has changed something in the message in the middle of the stream, or before it. */
static void check_stops(const char *told)
{
    const char *ring = new_path(".ring");
    want_everything();
    check_bridge(ring, EXIT_FAILED);
    check_told(ring, told);
    check_begins_so(ring);
    check(actual.used > 0 && actual.used < expected.used);
    end_out();
}

static uint64_t fill_and_choose(void)
{
    begin_out(&source_options, 500, 1 << 20);
    fill_stream();
    return memory_last() / 2;
}

static void a_message_that_is_missing_stops_the_bridge(void **state)
{
    (void)state;
    memory_lose(fill_and_choose());
    check_stops("the server has lost or changed");
}

static void a_message_that_says_another_place_stops_the_bridge(void **state)
{
    (void)state;
    memory_set_header(fill_and_choose(), "Mapring-First", "3");
    check_stops("");
}

static void a_message_that_comes_twice_stops_the_bridge(void **state)
{
    uint64_t chosen = fill_and_choose();
    (void)state;
    for (unsigned i = 0; i < memory_message(chosen)->header_count; i++)
        memory_set_header(chosen, memory_message(chosen)->headers[i].name,
                          memory_message(chosen - 1)->headers[i].value);
    const void *own = memory_message(chosen)->payload;
    memory_message(chosen)->payload = memory_message(chosen - 1)->payload;
    memory_message(chosen)->bytes = memory_message(chosen - 1)->bytes;
    check_stops("the server has lost or changed");
    memory_message(chosen)->payload = own;
}

static void a_message_of_another_ring_stops_the_bridge(void **state)
{
    (void)state;
    memory_set_header(fill_and_choose(), "Mapring-Ring", "origin-2");
    check_stops("is from another ring");
}

static void a_message_of_something_else_stops_the_bridge(void **state)
{
    struct engine_message *message = memory_message(fill_and_choose());
    (void)state;
    unsigned header_count = message->header_count;
    message->header_count = 0;
    check_stops("");
    message->header_count = header_count;
}

static void a_damaged_message_stops_the_bridge(void **state)
{
    struct engine_message *message = memory_message(fill_and_choose());
    (void)state;
    ((unsigned char *)(uintptr_t)message->payload)[message->bytes / 2] ^= 0x20;
    check_stops("damaged");
}

static void another_ring_in_the_stream_is_refused_from_the_beginning(void **state)
{
    const char *ring = new_path(".ring");
    (void)state;
    begin_out(&source_options, 500, 1 << 20);
    fill_stream();
    want_everything();
    check_bridge(ring, EXIT_DONE);
    account_for(ring);
    static char before[ACCOUNT_BYTES];
    memcpy(before, actual.text, actual.used + 1);
    for (uint64_t i = 1; i <= memory_last(); i++)
        memory_set_header(i, "Mapring-Ring", "origin-2");
    check_bridge(ring, EXIT_FAILED);
    check_told(ring, "is from another ring");
    account_for(ring);
    check_text(before, actual.text);
    end_out();
}

/* ---- What the server has removed ---- */

static void remove_some(void)
{
    memory_remove_first(memory_last() / 2);
}

/* What is expected, but with one loss of all records between two of them. */
static void check_one_loss_between(const char *ring, uint64_t begin, uint64_t end)
{
    char text[64];
    account_for(ring);
    snprintf(text, sizeof text, "lost %" PRIu64 " from %" PRIu64 ", 0 bytes", end - begin, begin);
    const char *lost = strstr(actual.text, text);
    if (!lost)
        check_failed(__FILE__, __LINE__, "no '%s' in:\n%s", text, actual.text);
    check(strncmp(expected.text, actual.text, (size_t)(lost - actual.text)) == 0);
    const char *rest = strchr(lost, '\n') + 1;
    size_t length = strlen(rest);
    while (length > 0 && !strstr(expected.text, rest)) {
        rest = strchr(rest, '\n') + 1; /* the end of a run that was removed, too */
        length = strlen(rest);
    }
    check(length > 0);
    check(strcmp(expected.text + expected.used - length, rest) == 0);
}

static uint64_t first_of(uint64_t number)
{
    return strtoull(engine_header(memory_message(number), "Mapring-First"), NULL, 10);
}

static void what_a_limit_has_removed_becomes_a_loss(void **state)
{
    const char *ring = new_path(".ring");
    uint64_t stops = fill_and_choose() / 2;
    (void)state;
    want_everything();
    memory_fail_after((unsigned)stops, ENGINE_REFUSED);
    check_bridge(ring, EXIT_FAILED);
    uint64_t begin = next_of(ring);
    memory_remove_first(memory_last() / 2);
    check_bridge(ring, EXIT_DONE);
    check_one_loss_between(ring, begin, first_of(memory_last() / 2 + 1));
    end_out();
}

static void what_a_limit_removes_meanwhile_becomes_a_loss(void **state)
{
    const char *ring = new_path(".ring");
    uint64_t stops = fill_and_choose() / 2;
    (void)state;
    want_everything();
    uint64_t begin = first_of(stops);
    memory_before(stops, remove_some);
    check_bridge(ring, EXIT_DONE);
    check_one_loss_between(ring, begin, first_of(memory_last() / 2 + 1));
    end_out();
}

static void a_new_ring_begins_with_what_a_limit_has_left(void **state)
{
    const char *ring = new_path(".ring");
    (void)state;
    begin_out(&(struct mapring_options){.capacity_bytes = 65536, .when_full = MAPRING_DROP}, 500,
              1 << 20);
    mapring_producer *producer = begin_run();
    send_some(producer, 100, "few");
    mapring_producer_close(producer);
    carry_out();
    memory_remove_first(3);
    want_everything();
    check_bridge(ring, EXIT_DONE);
    check_begins_with(ring, first_of(4));
    check_text(expected.text + expected.used - actual.used, actual.text);
    end_out();
}

static void a_removed_definition_is_missed(void **state)
{
    const char *ring = new_path(".ring");
    (void)state;
    begin_out(&source_options, 1, 1 << 20);
    fill_stream();
    memory_remove_first(2);
    want_everything();
    check_bridge(ring, EXIT_FAILED);
    check_told(ring, "dictionary");
    end_out();
}

static const struct role roles[] = {{"dying", dying_producer}, {"other", other_bridge}};
static const struct CMUnitTest tests[] = {
    TEST(the_ring_becomes_what_its_origin_is),
    TEST(records_in_several_messages_are_put_together),
    TEST(the_ring_is_shaped_like_its_origin),
    TEST(a_connection_that_breaks_after_any_message_costs_nothing),
    TEST(a_bridge_continues_after_any_message),
    TEST(a_bridge_without_anything_to_do_ends_at_the_end),
    TEST(a_bridge_killed_inside_a_message_is_continued_there),
    TEST(a_ring_begins_with_any_record_of_the_stream),
    TEST(a_ring_that_begins_later_has_the_whole_dictionary),
    TEST(a_ring_that_begins_inside_a_loss_has_the_rest_of_it),
    TEST(a_ring_begins_with_the_first_record_of_a_time),
    TEST(a_ring_begins_behind_the_stream),
    TEST(a_record_that_the_stream_has_not_is_refused),
    TEST(an_existing_ring_is_continued_or_refused),
    TEST(a_ring_that_repeats_none_is_refused),
    TEST(a_message_that_is_missing_stops_the_bridge),
    TEST(a_message_that_says_another_place_stops_the_bridge),
    TEST(a_message_that_comes_twice_stops_the_bridge),
    TEST(a_message_of_another_ring_stops_the_bridge),
    TEST(a_message_of_something_else_stops_the_bridge),
    TEST(a_damaged_message_stops_the_bridge),
    TEST(another_ring_in_the_stream_is_refused_from_the_beginning),
    TEST(what_a_limit_has_removed_becomes_a_loss),
    TEST(what_a_limit_removes_meanwhile_becomes_a_loss),
    TEST(a_new_ring_begins_with_what_a_limit_has_left),
    TEST(a_removed_definition_is_missed),
};

TEST_MAIN(roles, tests)
