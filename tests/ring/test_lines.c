/* SPDX-License-Identifier: MIT */
/*
 * Records in parts: what is longer than a record is sent in several, and every kind of reader is
 * told which ones belong together and which do not. Readers write down what they get:
 *
 *     one        a record            two>  the next record continues it
 *     >three     it continues the record before
 *     lost 3     three records are missing here
 */
#include "actor.h"
#include "ring/handle.h"

enum { CAPACITY = 65536, LIMIT = CAPACITY / 2 - 8, LINE_BYTES = 200 };

/* ---- The writer: takes one command per line; see role_writer() ---- */

static char space[LIMIT];

static int send_reserved(mapring_producer *producer, const char *text, bool part)
{
    void *payload;
    int result = mapring_producer_reserve(producer, strlen(text) + 8, &payload, 0);
    if (result != MAPRING_OK)
        return result;
    memcpy(payload, text, strlen(text));
    return (part ? mapring_producer_commit_part : mapring_producer_commit)(producer, strlen(text));
}

static int write_as_told(mapring_producer *producer, const char *how, const char *text)
{
    size_t bytes = strlen(text);
    if (strcmp(how, "send") == 0)
        return mapring_producer_send(producer, text, bytes, 0);
    if (strcmp(how, "part") == 0)
        return mapring_producer_send_part(producer, text, bytes, 0);
    if (strcmp(how, "reserve") == 0 || strcmp(how, "reserve-part") == 0)
        return send_reserved(producer, text, strcmp(how, "reserve-part") == 0);
    if (strcmp(how, "batch") == 0)
        return mapring_producer_send_batch(producer, &(struct mapring_buffer){text, bytes}, 1, 0);
    check_text("fill", how);
    return mapring_producer_send(producer, space, (size_t)strtoul(text, NULL, 10), 0);
}

static int role_writer(int argc, char **argv)
{
    check_number(2, argc);
    const struct mapring_options options = {.capacity_bytes = CAPACITY,
                                            .when_full =
                                                (enum mapring_when_full)strtoul(argv[1], NULL, 10)};
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, argv[0], &options));
    role_say("ready");
    for (const char *line; strcmp(line = role_line(), "close") != 0;) {
        char how[16], text[LINE_BYTES] = "";
        sscanf(line, "%15s %199s", how, text);
        role_say("%d", write_as_told(producer, how, text));
    }
    mapring_producer_close(producer);
    return 0;
}

static struct process *start_writer(const char *name, enum mapring_when_full when_full)
{
    char number[2] = {(char)('0' + when_full), '\0'};
    struct process *writer = start_role("writer", name, number, NULL);
    process_hear(writer, "ready");
    return writer;
}

#define wrote(writer, line, result)           \
    do {                                      \
        char expected[8];                     \
        process_say(writer, "%s", line);      \
        sprintf(expected, "%d", (int)result); \
        process_hear(writer, expected);       \
    } while (0)

static void close_writer(struct process *writer)
{
    process_say(writer, "close");
    process_finish(writer);
}

/* ---- Readers ---- */

static void tell_record(int result, const struct mapring_record *record)
{
    if (result == MAPRING_LOST)
        role_say("lost %u", (unsigned)record->lost_records);
    else if (record->bytes > LINE_BYTES)
        role_say("large");
    else
        role_say("%s%.*s%s", record->continues ? ">" : "", (int)record->bytes,
                 (const char *)record->payload, record->continued ? ">" : "");
}

static int (*next_of(const char *how))(mapring_consumer *, struct mapring_record *, int64_t)
{
    return strcmp(how, "called") == 0 ? mapring1_consumer_next : mapring_consumer_next;
}

/* Gets the records that one call hands out; there may be several. */
static int take(mapring_consumer *consumer, const char *how, struct mapring_record *records,
                size_t *count)
{
    static char buffer[LIMIT];
    *count = 1;
    if (strcmp(how, "batch") == 0)
        return mapring_consumer_next_batch(consumer, records, 8, count, TIME_LIMIT);
    if (strcmp(how, "receive") != 0)
        return next_of(how)(consumer, records, TIME_LIMIT);
    int result = mapring_consumer_receive(consumer, NULL, 0, records, TIME_LIMIT);
    if (result == MAPRING_ERROR_BUFFER_TOO_SMALL)
        result = mapring_consumer_receive(consumer, buffer, sizeof buffer, records, TIME_LIMIT);
    return result;
}

/* HOW NAME [FROM]: reads until the producer has ended. */
static int role_consumer(int argc, char **argv)
{
    const struct mapring_consumer_options options = {
        .from = argc < 3 ? MAPRING_OLDEST : MAPRING_AT_SEQUENCE,
        .sequence = argc < 3 ? 0 : strtoul(argv[2], NULL, 10)};
    struct mapring_record records[8];
    mapring_consumer *consumer;
    size_t count;
    int result;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, argv[1], &options));
    while ((result = take(consumer, argv[0], records, &count)) >= MAPRING_OK &&
           (result == MAPRING_OK || result == MAPRING_LOST)) {
        for (size_t i = 0; i < (result == MAPRING_LOST ? 1 : count); i++)
            tell_record(result, &records[i]);
        if (result == MAPRING_OK && strcmp(argv[0], "receive") != 0)
            check_result(MAPRING_OK, mapring_consumer_release(consumer));
    }
    mapring_consumer_close(consumer);
    role_say("%s", mapring_result_text(result));
    return 0;
}

static int look(mapring_observer *observer, const char *how, struct mapring_record *record)
{
    static char buffer[LIMIT];
    if (strcmp(how, "peek") == 0)
        return mapring_observer_next(observer, record, TIME_LIMIT);
    int result = mapring_observer_receive(observer, NULL, 0, record, TIME_LIMIT);
    if (result == MAPRING_ERROR_BUFFER_TOO_SMALL)
        result = mapring_observer_receive(observer, buffer, sizeof buffer, record, TIME_LIMIT);
    return result;
}

/* HOW NAME: reads a record each time it hears "go". */
static int role_observer(int argc, char **argv)
{
    struct mapring_record record;
    mapring_observer *observer;
    check_number(2, argc);
    check_result(MAPRING_OK, mapring_observer_open(&observer, argv[1], NULL));
    role_say("ready");
    while (strcmp(role_line(), "go") == 0) {
        int result = look(observer, argv[0], &record);
        if (result == MAPRING_OK || result == MAPRING_LOST)
            tell_record(result, &record);
        else
            role_say("%s", mapring_result_text(result));
    }
    mapring_observer_close(observer);
    return 0;
}

static int role_image(int argc, char **argv)
{
    struct mapring_record record;
    mapring_image *image;
    int result;
    check_number(1, argc);
    check_result(MAPRING_OK, mapring_image_open(&image, argv[0], MAPRING_LOCAL));
    while ((result = mapring_image_next(image, &record)) == MAPRING_OK || result == MAPRING_LOST)
        tell_record(result, &record);
    mapring_image_close(image);
    role_say("%s", mapring_result_text(result));
    return 0;
}

/* Checks what a reader reads in a ring whose producer has closed. `expected` is one line with all
 * the records. */
static void hear_all(struct process *reader, const char *expected, int end)
{
    char word[LINE_BYTES];
    for (int used; sscanf(expected, " %199[^,]%n", word, &used) == 1; expected += used) {
        process_hear(reader, word);
        expected += expected[used] == ',';
    }
    process_hear(reader, mapring_result_text(end));
    process_finish(reader);
}

static void consumers_read(const char *name, const char *expected)
{
    static const char *const ways[] = {"next", "called", "batch", "receive"};
    for (size_t i = 0; i < COUNT_OF(ways); i++)
        hear_all(start_role("consumer", ways[i], name, "0", NULL), expected,
                 MAPRING_PRODUCER_CLOSED);
}

static void observers_read(const char *name, const char *expected)
{
    static const char *const ways[] = {"look", "peek"};
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        struct process *observer = start_role("observer", ways[i], name, NULL);
        process_hear(observer, "ready");
        for (const char *at = expected; at; at = strchr(at + 1, ','))
            process_say(observer, "go");
        process_say(observer, "go\nend");
        hear_all(observer, expected, MAPRING_PRODUCER_CLOSED);
    }
}

static void all_read(const char *name, const char *expected)
{
    consumers_read(name, expected);
    observers_read(name, expected);
    hear_all(start_role("image", name, NULL), expected, MAPRING_NOTHING);
}

/* ---- Tests ---- */

static void parts_are_told_from_wholes_by_every_reader(void **state)
{
    (void)state;
    const char *name = new_ring_file(&(struct mapring_options){.capacity_bytes = CAPACITY});
    struct process *writer = start_writer(name, MAPRING_BLOCK);
    wrote(writer, "send one", MAPRING_OK);
    wrote(writer, "part two", MAPRING_OK);
    wrote(writer, "part three", MAPRING_OK);
    wrote(writer, "send four", MAPRING_OK);
    wrote(writer, "send five", MAPRING_OK);
    wrote(writer, "reserve-part six", MAPRING_OK);
    wrote(writer, "reserve seven", MAPRING_OK);
    wrote(writer, "part eight", MAPRING_OK);
    wrote(writer, "batch nine", MAPRING_OK);
    wrote(writer, "send ten", MAPRING_OK);
    close_writer(writer);
    all_read(name, "one, two>, >three>, >four, five, six>, >seven, eight>, >nine, ten");
    struct mapring_stat stat = stat_of(name);
    check_number(10, stat.records);
    check(stat.balanced);
}

static void a_reader_waits_for_the_part_to_come(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = CAPACITY});
    struct process *writer = start_writer(name, MAPRING_BLOCK);
    struct process *reader = start_role("consumer", "next", name, NULL);
    wrote(writer, "part one", MAPRING_OK);
    process_hear(reader, "one>");
    await_sleeping_consumer(name, 0);
    wrote(writer, "part two", MAPRING_OK);
    process_hear(reader, ">two>");
    await_sleeping_consumer(name, 0);
    wrote(writer, "send three", MAPRING_OK);
    process_hear(reader, ">three");
    close_writer(writer);
    hear_all(reader, "", MAPRING_PRODUCER_CLOSED);
}

static void who_begins_in_the_middle_is_not_told_of_what_was_before(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = CAPACITY});
    struct process *writer = start_writer(name, MAPRING_BLOCK);
    wrote(writer, "part one", MAPRING_OK);
    wrote(writer, "part two", MAPRING_OK);
    wrote(writer, "send three", MAPRING_OK);
    close_writer(writer);
    hear_all(start_role("consumer", "next", name, "1", NULL), "two>, >three",
             MAPRING_PRODUCER_CLOSED);
}

static void who_goes_elsewhere_continues_nothing(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = CAPACITY});
    struct process *writer = start_writer(name, MAPRING_BLOCK);
    struct mapring_record record;
    mapring_consumer *consumer;
    wrote(writer, "part one", MAPRING_OK);
    wrote(writer, "send two", MAPRING_OK);
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check(record.continued);
    check_result(MAPRING_OK, mapring_consumer_release(consumer));
    check_result(MAPRING_OK, mapring_consumer_seek(consumer, MAPRING_AT_SEQUENCE, 1));
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check(!record.continues && !record.continued);
    mapring_consumer_close(consumer);
    close_writer(writer);
}

/* Its last releases were published, so it continues with the second part. */
static void a_durable_consumer_that_comes_back_continues_nothing(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = CAPACITY});
    const struct mapring_consumer_options durable = {.name = "d", .durable = true};
    struct process *writer = start_writer(name, MAPRING_BLOCK);
    struct process *reader = start_actor();
    struct mapring_record record;
    mapring_consumer *consumer;
    expect(reader, MAPRING_OK, "consumer %s unread d durable", name);
    wrote(writer, "part one", MAPRING_OK);
    wrote(writer, "send two", MAPRING_OK);
    tell(reader, "read 1");
    check_result(MAPRING_OK, answer(reader).result);
    process_kill(reader);
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &durable));
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check_number(1, record.sequence);
    check(!record.continues && !record.continued);
    mapring_consumer_close(consumer);
    close_writer(writer);
}

static void a_gap_cuts_what_went_on_before_it(void **state)
{
    (void)state;
    const char *name = new_ring_file(
        &(struct mapring_options){.capacity_bytes = CAPACITY, .when_full = MAPRING_DROP});
    struct process *writer = start_writer(name, MAPRING_DROP);
    wrote(writer, "fill 32000", MAPRING_OK);
    wrote(writer, "fill 32700", MAPRING_OK);
    wrote(writer, "part one", MAPRING_OK);
    wrote(writer, "fill 2000", MAPRING_DROPPED);
    wrote(writer, "send two", MAPRING_OK);
    close_writer(writer);
    all_read(name, "large, large, one>, lost 1, two");
}

/* Leaves room for a small record behind a gap record, but not for the long part. */
static void fill_almost(struct process *writer)
{
    wrote(writer, "fill 32000", MAPRING_OK);
    wrote(writer, "fill 32700", MAPRING_OK);
    wrote(writer, "fill 664", MAPRING_OK);
}
#define LONG_PART "part 0123456789012345678901234567890123456789012345678901234567890"

/* A part that found no room takes the rest with it, even if there is room for the rest. */
static void what_goes_on_with_a_dropped_part_is_dropped_too(void **state)
{
    (void)state;
    const char *name = new_ring_file(
        &(struct mapring_options){.capacity_bytes = CAPACITY, .when_full = MAPRING_DROP});
    struct process *writer = start_writer(name, MAPRING_DROP);
    fill_almost(writer);
    wrote(writer, LONG_PART, MAPRING_DROPPED);
    wrote(writer, "part one", MAPRING_DROPPED);
    wrote(writer, "send two", MAPRING_DROPPED);
    wrote(writer, "send three", MAPRING_OK);
    close_writer(writer);
    all_read(name, "large, large, large, lost 3, three");
    check_number(3, stat_of(name).dropped_records);
    check(stat_of(name).balanced);
}

static void what_is_reserved_or_a_batch_begins_anew_behind_a_dropped_part(void **state)
{
    (void)state;
    static const char *const ways[] = {"reserve a", "batch a"};
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        const char *name = new_ring_file(
            &(struct mapring_options){.capacity_bytes = CAPACITY, .when_full = MAPRING_DROP});
        struct process *writer = start_writer(name, MAPRING_DROP);
        fill_almost(writer);
        wrote(writer, LONG_PART, MAPRING_DROPPED);
        wrote(writer, ways[i], MAPRING_OK);
        close_writer(writer);
        all_read(name, "large, large, large, lost 1, a");
    }
}

/* The observer is lapped after the first part, so what comes next does not continue it. */
static void a_lap_cuts_what_went_on_before_it(void **state)
{
    (void)state;
    static const char *const ways[] = {"look", "peek"};
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        const char *name = new_ring(
            &(struct mapring_options){.capacity_bytes = CAPACITY, .when_full = MAPRING_OVERWRITE});
        struct process *writer = start_writer(name, MAPRING_OVERWRITE);
        wrote(writer, "part one", MAPRING_OK);
        struct process *observer = start_role("observer", ways[i], name, NULL);
        process_hear(observer, "ready");
        process_say(observer, "go");
        process_hear(observer, "one>");
        wrote(writer, "fill 32000", MAPRING_OK);
        wrote(writer, "fill 32000", MAPRING_OK);
        wrote(writer, "fill 32000", MAPRING_OK);
        wrote(writer, "send last", MAPRING_OK);
        process_say(observer, "go");
        check(strncmp(process_line(observer), "lost", 4) == 0);
        for (const char *line = ""; strcmp(line, "last") != 0;) {
            process_say(observer, "go");
            line = process_line(observer);
            check(line && *line != '>');
        }
        process_say(observer, "end");
        process_finish(observer);
        close_writer(writer);
    }
}

static void a_part_needs_a_reservation_and_room(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    const struct mapring_options options = {.capacity_bytes = CAPACITY};
    mapring_producer *producer;
    void *payload;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &options));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_send_part(NULL, "", 0, 0));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_commit_part(NULL, 0));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_send_part(producer, NULL, 1, 0));
    check_result(MAPRING_ERROR_NOTHING_HELD, mapring_producer_commit_part(producer, 0));
    check_result(MAPRING_ERROR_RECORD_TOO_LARGE,
                 mapring_producer_send_part(producer, space, LIMIT + 1, 0));
    check_result(MAPRING_OK, mapring_producer_send_part(producer, NULL, 0, 0));
    check_result(MAPRING_OK, mapring_producer_send_part(producer, space, LIMIT, 0));
    check_result(MAPRING_NO_ROOM, mapring_producer_send_part(producer, space, LIMIT, 0));
    check_result(MAPRING_TIMED_OUT,
                 mapring_producer_send_part(producer, space, LIMIT, MILLISECONDS));
    check_result(MAPRING_OK, mapring_producer_reserve(producer, 8, &payload, 0));
    check_result(MAPRING_ERROR_HELD, mapring_producer_send_part(producer, NULL, 0, 0));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_commit_part(producer, 9));
    check_result(MAPRING_OK, mapring_producer_commit_part(producer, 8));
    mapring_producer_close(producer);
}

/* Each part is half as large as the ring, so that only one fits at a time. */
static void what_is_much_longer_than_the_ring_passes_in_parts(void **state)
{
    (void)state;
    enum { PARTS = 40 };
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = CAPACITY});
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    mapring_producer *producer;
    struct process *reader = start_role("consumer", "next", name, NULL);
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &attach));
    for (int i = 0; i < PARTS; i++)
        check_result(MAPRING_OK, mapring_producer_send_part(producer, space, LIMIT, TIME_LIMIT));
    check_result(MAPRING_OK, mapring_producer_send(producer, "end", 3, TIME_LIMIT));
    mapring_producer_close(producer);
    for (int i = 0; i < PARTS; i++)
        process_hear(reader, "large");
    hear_all(reader, ">end", MAPRING_PRODUCER_CLOSED);
}

static const struct role roles[] = {
    ACTOR_ROLE,
    {"writer", role_writer},
    {"consumer", role_consumer},
    {"observer", role_observer},
    {"image", role_image},
};

static const struct CMUnitTest tests[] = {
    TEST(parts_are_told_from_wholes_by_every_reader),
    TEST(a_reader_waits_for_the_part_to_come),
    TEST(who_begins_in_the_middle_is_not_told_of_what_was_before),
    TEST(who_goes_elsewhere_continues_nothing),
    TEST(a_durable_consumer_that_comes_back_continues_nothing),
    TEST(a_gap_cuts_what_went_on_before_it),
    TEST(what_goes_on_with_a_dropped_part_is_dropped_too),
    TEST(what_is_reserved_or_a_batch_begins_anew_behind_a_dropped_part),
    TEST(a_lap_cuts_what_went_on_before_it),
    TEST(a_part_needs_a_reservation_and_room),
    TEST(what_is_much_longer_than_the_ring_passes_in_parts),
};

TEST_MAIN(roles, tests)
