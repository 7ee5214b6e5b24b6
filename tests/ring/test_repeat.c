/* SPDX-License-Identifier: MIT */
/* Rings that repeat another one: what readers find there is what was read from the origin, however
 * often, and wherever, their producers die. */
#include "moments.h"

#include "actor.h"

#include <inttypes.h>

enum { SMALL = 65536, FIRST = 1000, ITEMS = 400, FEW = 40, LARGEST = 300, LONGEST = 60 };

#define ORIGIN "a1b2c3-origin"
#define BEGAN  UINT64_C(1700000000000000000)

static const struct mapring_options repeating = {
    .capacity_bytes = SMALL, .times = true, .origin = ORIGIN, .first_sequence = FIRST};

/* ---- What the origin had ---- */

struct item {
    int result;                   /* as readers get it */
    struct mapring_record record; /* of an end: the sequence number at which it stands */
};

static struct item items[ITEMS];

static unsigned char *payload_of(uint64_t sequence)
{
    static unsigned char payload[LARGEST];
    for (size_t i = 0; i < sizeof payload; i++)
        payload[i] = (unsigned char)(mix(sequence) + i);
    return payload;
}

/* Every fifth item or so is a loss or the end of a run; no two ends follow each other. */
static void make_item(struct item *item, unsigned i, uint64_t sequence)
{
    uint64_t dice = mix(i);
    item->result = MAPRING_OK;
    item->record = (struct mapring_record){.sequence = sequence, .time_uncertainty_ns = i / 100};
    item->record.time_ns = BEGAN + 1000 * (uint64_t)i + dice % 1000;
    if (dice % 9 == 0) {
        item->result = MAPRING_LOST;
        item->record.lost_records = 1 + dice / 16 % 5;
        item->record.lost_bytes = dice / 256 % 999;
        item->record.lost_until_ns = item->record.time_ns + 7;
    } else if (dice % 9 == 1 && i > 0 && items[i - 1].result <= MAPRING_OK) {
        item->result = dice / 16 % 2 ? MAPRING_PRODUCER_CLOSED : MAPRING_PRODUCER_DIED;
        item->record.run = 3 * (uint64_t)i;
    } else {
        item->record.bytes = dice / 16 % LARGEST;
        item->record.continued = dice / 8192 % 4 == 0;
    }
}

static void make_items(void)
{
    uint64_t sequence = FIRST;
    for (unsigned i = 0; i < ITEMS; i++) {
        make_item(&items[i], i, sequence);
        sequence += items[i].result == MAPRING_OK ? 1 : items[i].record.lost_records;
    }
}

static bool is_end(const struct item *item)
{
    return item->result == MAPRING_PRODUCER_CLOSED || item->result == MAPRING_PRODUCER_DIED;
}

/* ---- Repeating it ---- */

static mapring_producer *open_repeating(const char *name)
{
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &repeating));
    return producer;
}

static int repeat(mapring_producer *producer, const struct item *item, int64_t timeout_ns)
{
    struct mapring_record record = item->record;
    record.payload = payload_of(record.sequence);
    if (is_end(item))
        return mapring_producer_end_run(producer, record.run, item->result == MAPRING_PRODUCER_DIED,
                                        timeout_ns);
    return mapring_producer_repeat(producer, &record, timeout_ns);
}

static struct mapring_repetition repetition_of(const char *name)
{
    struct mapring_repetition repetition;
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, name, NULL));
    check_result(MAPRING_OK, mapring_repetition(ring, &repetition));
    mapring_close(ring);
    return repetition;
}

/* The first item that may be missing: one that is an end may be there. */
static unsigned item_after(const struct mapring_repetition *repetition)
{
    unsigned i = 0;
    while (i < ITEMS && items[i].record.sequence < repetition->sequence)
        i++;
    return i;
}

/* Goes on where the ring is, as a bridge does. */
static void repeat_until(const char *name, mapring_producer *producer, unsigned end)
{
    struct mapring_repetition repetition = repetition_of(name);
    for (unsigned i = item_after(&repetition); i < end; i++)
        check_result(MAPRING_OK, repeat(producer, &items[i], MAPRING_FOREVER));
}

/* A bridge: repeats everything, and reports each item. */
static int bridge(int argc, char **argv)
{
    (void)argc;
    mapring_producer *producer = open_repeating(argv[0]);
    role_say("open");
    repeat_until(argv[0], producer, ITEMS);
    role_say("done");
    role_hear("close");
    mapring_producer_close(producer);
    return 0;
}

/* ---- Reading it ---- */

static mapring_consumer *open_told(const char *name)
{
    const struct mapring_consumer_options options = {.from = MAPRING_OLDEST, .every_run = true};
    mapring_consumer *consumer;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &options));
    return consumer;
}

static void check_times(const struct mapring_record *is, const struct mapring_record *was)
{
    check_number(was->time_ns, is->time_ns);
    check_number(was->time_uncertainty_ns, is->time_uncertainty_ns);
}

static void check_item(const struct item *item, int result, const struct mapring_record *record)
{
    check_result(item->result, result);
    if (is_end(item)) {
        check_number(item->record.run, record->run);
        return;
    }
    check_number(item->record.sequence, record->sequence);
    check_times(record, &item->record);
    if (result == MAPRING_LOST) {
        check_number(item->record.lost_records, record->lost_records);
        check_number(item->record.lost_bytes, record->lost_bytes);
        check_number(item->record.lost_until_ns, record->lost_until_ns);
        return;
    }
    check_number(item->record.bytes, record->bytes);
    check_number(item->record.continued, record->continued);
    check(memcmp(payload_of(record->sequence), record->payload, record->bytes) == 0);
}

/* The ends of bridges, of which there may be any number, are told with run 0. */
static int next_of_origin(mapring_consumer *consumer, struct mapring_record *record)
{
    int result;
    do
        result = mapring_consumer_next(consumer, record, TIME_LIMIT);
    while ((result == MAPRING_PRODUCER_CLOSED || result == MAPRING_PRODUCER_DIED) &&
           record->run == 0);
    return result;
}

static void check_consumer(mapring_consumer *consumer, unsigned begin, unsigned end)
{
    struct mapring_record record;
    for (unsigned i = begin; i < end; i++) {
        check_item(&items[i], next_of_origin(consumer, &record), &record);
        check_result(MAPRING_OK, mapring_consumer_release(consumer));
    }
}

static void check_image(const char *name, unsigned end)
{
    mapring_image *image;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_image_open(&image, name, MAPRING_LOCAL));
    for (unsigned i = 0; i < end; i++)
        if (!is_end(&items[i]))
            check_item(&items[i], mapring_image_next(image, &record), &record);
    check_result(MAPRING_NOTHING, mapring_image_next(image, &record));
    mapring_image_close(image);
}

static void check_observer(const char *name, unsigned end)
{
    mapring_observer *observer;
    struct mapring_record record;
    char buffer[LARGEST];
    check_result(MAPRING_OK, mapring_observer_open(&observer, name, NULL));
    for (unsigned i = 0; i < end; i++)
        if (!is_end(&items[i])) /* more follows each of them */
            check_item(&items[i],
                       mapring_observer_receive(observer, buffer, sizeof buffer, &record, 0),
                       &record);
    mapring_observer_close(observer);
}

static uint64_t sequence_behind(unsigned end)
{
    const struct item *last = &items[end - 1];
    return last->record.sequence + (last->result == MAPRING_OK ? 1 : last->record.lost_records);
}

/* Everything that says how far the ring has come, and what it holds. */
static void check_counts(const char *name, unsigned end)
{
    uint64_t records = 0, lost = 0, run = 0;
    for (unsigned i = 0; i < end; i++) {
        records += items[i].result == MAPRING_OK;
        lost += items[i].record.lost_records;
        run = is_end(&items[i]) ? items[i].record.run : run;
    }
    struct mapring_stat stat = stat_of(name);
    struct mapring_repetition repetition = repetition_of(name);
    check_number(records, stat.records);
    check_number(lost, stat.dropped_records);
    check_number(sequence_behind(end), stat.sequence);
    check(stat.balanced);
    check_text(ORIGIN, repetition.origin);
    check_number(FIRST, repetition.first_sequence);
    check_number(sequence_behind(end), repetition.sequence);
    check_number(run, repetition.run);
}

/* ---- What readers get ---- */

static void every_reader_gets_what_the_origin_had(void **state)
{
    (void)state;
    const char *name = new_ring(&repeating);
    mapring_producer *producer = open_repeating(name);
    repeat_until(name, producer, ITEMS / 4);
    mapring_consumer *consumer = open_told(name);
    check_consumer(consumer, 0, ITEMS / 4);
    check_observer(name, ITEMS / 4);
    check_image(name, ITEMS / 4);
    check_counts(name, ITEMS / 4);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

static void what_is_repeated_waits_for_room_as_what_is_sent(void **state)
{
    (void)state;
    const char *name = new_ring(&repeating);
    mapring_producer *producer = open_repeating(name);
    mapring_consumer *consumer = open_told(name);
    struct mapring_record large = {.payload = payload_of(FIRST), .bytes = 10, .sequence = FIRST};
    struct mapring_record gap = {.lost_records = 3};
    int result;
    while ((result = mapring_producer_repeat(producer, &large, 0)) == MAPRING_OK)
        large.sequence++;
    check_result(MAPRING_NO_ROOM, result);
    check_result(MAPRING_TIMED_OUT, mapring_producer_repeat(producer, &large, MILLISECONDS));
    gap.sequence = large.sequence;
    check_result(MAPRING_NO_ROOM, mapring_producer_repeat(producer, &gap, 0));
    check_result(MAPRING_NO_ROOM, mapring_producer_end_run(producer, 1, true, 0));
    check_number(large.sequence, repetition_of(name).sequence);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

static void a_consumer_learns_how_old_repeated_records_are(void **state)
{
    (void)state;
    const char *name = new_ring(&repeating);
    mapring_producer *producer = open_repeating(name);
    mapring_consumer *consumer = open_told(name);
    struct mapring_record record = {.sequence = FIRST, .time_ns = (uint64_t)INT64_MAX};
    check_result(MAPRING_NOTHING, mapring_consumer_next(consumer, &record, 0));
    record = (struct mapring_record){.sequence = FIRST, .time_ns = (uint64_t)INT64_MAX};
    check_result(MAPRING_OK, mapring_producer_repeat(producer, &record, 0));
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, TIME_LIMIT));
    check_number(1, stat_of(name).consumer[0].latency_samples);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

/* ---- Runs ---- */

static void repeat_one(mapring_producer *producer, uint64_t sequence)
{
    struct mapring_record record = {.sequence = sequence, .time_ns = BEGAN};
    check_result(MAPRING_OK, mapring_producer_repeat(producer, &record, 0));
}

static int read_to_end(mapring_consumer *consumer, unsigned records, struct mapring_record *record)
{
    int result;
    unsigned count = 0;
    while ((result = mapring_consumer_next(consumer, record, 0)) == MAPRING_OK)
        count++;
    check_number(records, count);
    return result;
}

static mapring_consumer *open_simply(const char *name)
{
    mapring_consumer *consumer;
    const struct mapring_consumer_options options = {.from = MAPRING_OLDEST};
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &options));
    return consumer;
}

static void an_end_of_a_run_is_written_once(void **state)
{
    (void)state;
    const char *name = new_ring(&repeating);
    mapring_producer *producer = open_repeating(name);
    repeat_one(producer, FIRST);
    check_result(MAPRING_OK, mapring_producer_end_run(producer, 5, true, 0));
    uint64_t tail = stat_of(name).tail;
    for (unsigned run = 1; run <= 5; run++)
        check_result(MAPRING_OK, mapring_producer_end_run(producer, run, false, 0));
    check_result(MAPRING_OK, mapring_producer_end_run(producer, 6, false, 0)); /* nothing between */
    check_number(tail, stat_of(name).tail);
    check_number(6, repetition_of(name).run);
    mapring_producer_close(producer);
    producer = open_repeating(name);
    check_result(MAPRING_OK, mapring_producer_end_run(producer, 6, false, 0));
    check_number(tail, stat_of(name).tail);
    repeat_one(producer, FIRST + 1);
    check_result(MAPRING_OK, mapring_producer_end_run(producer, 6, false, 0));
    check_result(MAPRING_OK, mapring_producer_end_run(producer, 7, false, 0));
    mapring_consumer *consumer = open_told(name);
    struct mapring_record record;
    check_result(MAPRING_PRODUCER_DIED, read_to_end(consumer, 1, &record));
    check_number(5, record.run);
    check_result(MAPRING_PRODUCER_CLOSED, read_to_end(consumer, 1, &record));
    check_number(7, record.run);
    check_result(MAPRING_NOTHING, mapring_consumer_next(consumer, &record, 0));
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

static void who_comes_later_is_told_of_the_last_end_if_nothing_follows(void **state)
{
    (void)state;
    const char *name = new_ring(&repeating);
    mapring_producer *producer = open_repeating(name);
    struct mapring_record record;
    repeat_one(producer, FIRST);
    check_result(MAPRING_OK, mapring_producer_end_run(producer, 1, false, 0));
    repeat_one(producer, FIRST + 1);
    check_result(MAPRING_OK, mapring_producer_end_run(producer, 2, true, 0));
    mapring_consumer *consumer = open_simply(name);
    check_result(MAPRING_PRODUCER_DIED, read_to_end(consumer, 2, &record));
    check_number(2, record.run);
    check_result(MAPRING_NOTHING, read_to_end(consumer, 0, &record));
    mapring_consumer_close(consumer);
    repeat_one(producer, FIRST + 2);
    consumer = open_simply(name);
    check_result(MAPRING_NOTHING, read_to_end(consumer, 3, &record));
    check_result(MAPRING_OK, mapring_producer_end_run(producer, 3, false, 0));
    check_result(MAPRING_PRODUCER_CLOSED, read_to_end(consumer, 0, &record));
    check_number(3, record.run);
    mapring_producer_close(producer);
    check_result(MAPRING_PRODUCER_CLOSED, mapring_consumer_next(consumer, &record, TIME_LIMIT));
    check_number(0, record.run); /* the end of the bridge */
    mapring_consumer_close(consumer);
}

static void a_reader_begins_with_the_run_of_the_origin(void **state)
{
    (void)state;
    const char *name = new_ring(&repeating);
    const struct mapring_consumer_options options = {.from = MAPRING_RUN};
    mapring_producer *producer = open_repeating(name);
    mapring_consumer *consumer;
    struct mapring_record record;
    repeat_one(producer, FIRST);
    check_result(MAPRING_OK, mapring_producer_end_run(producer, 1, false, 0));
    repeat_one(producer, FIRST + 1);
    mapring_producer_close(producer);
    producer = open_repeating(name);
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &options));
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check_number(FIRST + 1, record.sequence);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

static void run_once(const char *name)
{
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_OK, mapring_producer_send(producer, "x", 1, 0));
    mapring_producer_close(producer);
}

/* Of an ordinary ring. What it was told of and has not released, it is told of again. */
static void a_durable_consumer_that_comes_back_misses_no_end(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    const struct mapring_consumer_options options = {
        .name = "bridge", .durable = true, .every_run = true};
    mapring_consumer *consumer;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &options));
    mapring_consumer_close(consumer);
    for (unsigned i = 0; i < 3; i++)
        run_once(name);
    check_number(3, stat_of(name).run);
    for (unsigned released = 0; released < 3; released++) {
        check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &options));
        for (unsigned run = released + 1; run <= 3; run++) {
            check_result(MAPRING_PRODUCER_CLOSED, read_to_end(consumer, 1, &record));
            check_number(run, record.run);
        }
        mapring_consumer_close(consumer);
        check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &options));
        check_result(MAPRING_PRODUCER_CLOSED, read_to_end(consumer, 1, &record));
        check_result(MAPRING_OK, mapring_consumer_release(consumer));
        mapring_consumer_close(consumer);
    }
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &options));
    check_result(MAPRING_ERROR_ARGUMENT,
                 mapring_consumer_receive(consumer, &record, 1, &record, 0));
    mapring_consumer_close(consumer);
}

/* ---- What is refused ---- */

static void check_refused(const struct mapring_options *options, int result)
{
    mapring_ring *ring;
    check_result(result, mapring_open(&ring, new_ring_name(), options));
}

static void an_origin_must_make_sense(void **state)
{
    (void)state;
    struct mapring_options options = {.origin = "control\n"};
    check_refused(&options, MAPRING_ERROR_ARGUMENT);
    options.origin = "0123456789012345678901234567890123456789012345678901234567890123";
    check_refused(&options, MAPRING_ERROR_ARGUMENT);
    options = (struct mapring_options){.origin = ORIGIN, .when_full = MAPRING_DROP};
    check_refused(&options, MAPRING_ERROR_ARGUMENT);
    options = (struct mapring_options){.origin = ORIGIN, .first_sequence = UINT64_MAX};
    check_refused(&options, MAPRING_ERROR_ARGUMENT);
    options = (struct mapring_options){.first_sequence = 1};
    check_refused(&options, MAPRING_ERROR_ARGUMENT);
    options = (struct mapring_options){.origin = ""};
    const char *name = new_ring(&options);
    check_text("", repetition_of(name).origin);
}

static void a_ring_repeats_one_origin(void **state)
{
    (void)state;
    const char *name = new_ring(&repeating), *own = new_ring(NULL);
    struct mapring_options options = {.origin = "another"};
    mapring_ring *ring;
    mapring_producer *producer;
    check_result(MAPRING_ERROR_GEOMETRY_DIFFERS, mapring_open(&ring, name, &options));
    check_result(MAPRING_ERROR_GEOMETRY_DIFFERS, mapring_open(&ring, own, &options));
    check_result(MAPRING_ERROR_POLICY, mapring_producer_open(&producer, name, NULL));
    check_number(0, stat_of(name).run);
}

static void a_ring_has_records_of_its_own_or_of_another(void **state)
{
    (void)state;
    const struct mapring_buffer batch = {"x", 1};
    const struct mapring_record record = {.sequence = 0};
    void *payload;
    mapring_producer *producer = open_repeating(new_ring(&repeating));
    check_result(MAPRING_ERROR_POLICY, mapring_producer_send(producer, "x", 1, 0));
    check_result(MAPRING_ERROR_POLICY, mapring_producer_send_part(producer, "x", 1, 0));
    check_result(MAPRING_ERROR_POLICY, mapring_producer_send_batch(producer, &batch, 1, 0));
    check_result(MAPRING_ERROR_POLICY, mapring_producer_reserve(producer, 1, &payload, 0));
    mapring_producer_close(producer);
    check_result(MAPRING_OK, mapring_producer_open(&producer, new_ring(NULL), NULL));
    check_result(MAPRING_ERROR_POLICY, mapring_producer_repeat(producer, &record, 0));
    check_result(MAPRING_ERROR_POLICY, mapring_producer_end_run(producer, 1, false, 0));
    mapring_producer_close(producer);
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_repeat(NULL, &record, 0));
}

static void only_the_next_record_can_be_repeated(void **state)
{
    (void)state;
    const struct mapring_record wrong[] = {
        {.sequence = FIRST - 1},
        {.sequence = FIRST + 1},
        {.sequence = FIRST, .time_ns = UINT64_C(1) << 63},
        {.sequence = FIRST, .lost_records = 1, .lost_until_ns = UINT64_MAX},
        {.sequence = FIRST, .lost_records = UINT64_MAX},
        {.sequence = FIRST, .bytes = 1},
    };
    const char *name = new_ring(&repeating);
    mapring_producer *producer = open_repeating(name);
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_repeat(producer, &wrong[i], 0));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_repeat(producer, NULL, 0));
    struct mapring_record large = {.sequence = FIRST, .payload = "", .bytes = SMALL};
    check_result(MAPRING_ERROR_RECORD_TOO_LARGE, mapring_producer_repeat(producer, &large, 0));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_end_run(producer, 0, false, 0));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_end_run(producer, 1 << 30, false, 0));
    check_number(FIRST, repetition_of(name).sequence);
    mapring_producer_close(producer);
}

static void every_run_and_waiting_for_a_producer_exclude_each_other(void **state)
{
    (void)state;
    const struct mapring_consumer_options options = {.every_run = true, .wait_producer = true};
    mapring_consumer *consumer;
    check_result(MAPRING_ERROR_ARGUMENT,
                 mapring_consumer_open(&consumer, new_ring(NULL), &options));
}

static void a_repetition_is_reported_of_a_ring_only(void **state)
{
    (void)state;
    struct mapring_repetition repetition;
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, new_ring(NULL), NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_repetition(NULL, &repetition));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_repetition(ring, NULL));
    mapring_close(ring);
}

/* A ring without times says nothing of those of the origin. */
static void a_ring_may_repeat_without_times(void **state)
{
    (void)state;
    const struct mapring_options timeless = {.capacity_bytes = SMALL, .origin = ORIGIN};
    struct mapring_record record = {.sequence = 0, .time_ns = BEGAN};
    struct mapring_record gap = {.sequence = 1, .lost_records = 2, .lost_until_ns = BEGAN};
    mapring_producer *producer;
    const char *name = new_ring(&timeless);
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &timeless));
    check_result(MAPRING_OK, mapring_producer_repeat(producer, &record, 0));
    check_result(MAPRING_OK, mapring_producer_repeat(producer, &gap, 0));
    mapring_consumer *consumer = open_told(name);
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check_number(0, record.time_ns);
    check_result(MAPRING_LOST, mapring_consumer_next(consumer, &record, 0));
    check_number(2, record.lost_records);
    check_number(0, record.lost_until_ns);
    check_number(3, repetition_of(name).sequence);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

#define AT(member) offsetof(struct ring_header, member)

static void a_ring_whose_origin_makes_no_sense_is_damaged(void **state)
{
    (void)state;
    static const char unterminated[ORIGIN_BYTES] =
        "0123456789012345678901234567890123456789012345678901234567890123";
    static const uint64_t nonsense = UINT64_MAX;
    static const uint32_t drops = MAPRING_DROP;
    static const struct {
        size_t offset, bytes;
        const void *value;
    } cases[] = {
        {AT(origin.text), sizeof unterminated, unterminated},
        {AT(origin.text), 1, ""},
        {AT(origin.text), 1, "\n"},
        {AT(origin.first_sequence), sizeof nonsense, &nonsense},
        {AT(identity.when_full), sizeof drops, &drops},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *path = new_path(".ring");
        mapring_producer *producer;
        mapring_ring *ring;
        check_result(MAPRING_OK, mapring_open(&ring, path, &repeating));
        mapring_close(ring);
        check(os_file_write_at(path, (int64_t)cases[i].offset, cases[i].value, cases[i].bytes));
        check_result(MAPRING_ERROR_DAMAGED, mapring_open(&ring, path, NULL));
        check_result(MAPRING_ERROR_DAMAGED, mapring_producer_open(&producer, path, &repeating));
    }
}

/* Times that an origin does not know, and such as it should not have. */
static void times_that_are_unknown_stay_so_and_none_goes_back(void **state)
{
    (void)state;
    static const struct {
        uint64_t written, read;
    } times[] = {{0, 0}, {BEGAN, BEGAN}, {0, 0}, {BEGAN - 5, BEGAN}, {BEGAN + 1, BEGAN + 1}};
    const char *name = new_ring(&repeating);
    mapring_consumer *consumer = open_told(name);
    for (unsigned i = 0; i < COUNT_OF(times); i++) {
        struct mapring_record record = {.sequence = FIRST + i, .time_ns = times[i].written};
        mapring_producer *producer = open_repeating(name); /* a new one for each */
        check_result(MAPRING_OK, mapring_producer_repeat(producer, &record, 0));
        mapring_producer_close(producer);
        check_result(MAPRING_OK, next_of_origin(consumer, &record));
        check_number(times[i].read, record.time_ns);
    }
    mapring_consumer_close(consumer);
}

/* When it began or ended may be all that is known. */
static void a_loss_is_repeated_with_the_times_that_are_known(void **state)
{
    (void)state;
    static const struct {
        uint64_t first, last;
    } times[] = {{0, 0}, {0, BEGAN}, {BEGAN + 1, 0}, {BEGAN + 2, BEGAN + 3}};
    const char *name = new_ring(&repeating);
    mapring_producer *producer = open_repeating(name);
    mapring_consumer *consumer = open_simply(name); /* before the end of any run */
    for (unsigned i = 0; i < COUNT_OF(times); i++) {
        struct mapring_record record = {.sequence = FIRST + i,
                                        .lost_records = 1,
                                        .time_ns = times[i].first,
                                        .lost_until_ns = times[i].last};
        check_result(MAPRING_OK, mapring_producer_repeat(producer, &record, 0));
        check_result(MAPRING_LOST, mapring_consumer_next(consumer, &record, TIME_LIMIT));
        check_number(times[i].first, record.time_ns);
        check_number(times[i].last, record.lost_until_ns);
    }
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

/* ---- Producers that die ---- */

static void bridges_that_are_killed_lose_and_repeat_nothing(void **state)
{
    (void)state;
    const char *name = new_ring(&repeating);
    mapring_consumer *consumer = open_told(name);
    unsigned seen = 0;
    for (unsigned round = 0; seen < ITEMS; round++) {
        struct process *process = start_role("bridge", name, NULL);
        process_hear(process, "open");
        unsigned until = seen + (unsigned)(mix(round) % LONGEST);
        check_consumer(consumer, seen, until < ITEMS ? until : ITEMS);
        seen = until < ITEMS ? until : ITEMS;
        process_kill(process);
    }
    check_counts(name, ITEMS);
    mapring_consumer_close(consumer);
}

struct crash {
    const char *name, *copy;
    unsigned end; /* the items before are repeated, or one less */
    long moment;
};

/* What the ring is at this moment is left to another producer. */
static void crash(void *context)
{
    const struct crash *crash = context;
    size_t bytes;
    char *ring = read_file(crash->name, &bytes);
    write_file(crash->copy, ring, bytes);
    free(ring);
}

static void check_survivors(const struct crash *crash)
{
    mapring_producer *producer = open_repeating(crash->copy);
    repeat_until(crash->copy, producer, crash->end + 1);
    mapring_consumer *consumer = open_told(crash->copy);
    check_consumer(consumer, 0, crash->end + 1);
    mapring_consumer_close(consumer);
    check_image(crash->copy, crash->end + 1);
    check_counts(crash->copy, crash->end + 1);
    mapring_producer_close(producer);
}

/* Opens the ring, if it is not open, and repeats one item; crashes before the access to the ring
 * with that number. False if there is none. */
static bool crash_once(const struct crash *crashing, bool opening)
{
    struct crash at = *crashing;
    mapring_producer *producer = open_repeating(at.name);
    repeat_until(at.name, producer, at.end - 1);
    if (opening)
        mapring_producer_close(producer);
    moments_start(at.moment, crash, &at);
    if (opening)
        producer = open_repeating(at.name);
    else
        check_result(MAPRING_OK, repeat(producer, &items[at.end - 1], 0));
    bool came = moments_stop() > at.moment;
    mapring_producer_close(producer);
    remove(at.name);
    if (came)
        check_survivors(&at);
    return came;
}

static void crash_everywhere(bool opening, unsigned first, unsigned last)
{
    struct crash at = {.name = new_path(".ring"), .copy = new_path(".copy")};
    for (at.end = first; at.end < last; at.end++) {
        at.moment = 0;
        while (crash_once(&at, opening))
            at.moment++;
        check(at.moment > 0);
    }
}

static void a_bridge_may_die_at_any_access_while_it_repeats(void **state)
{
    (void)state;
    crash_everywhere(false, 1, FEW);
}

static void a_bridge_may_die_at_any_access_while_it_takes_over(void **state)
{
    (void)state;
    crash_everywhere(true, FEW / 2, FEW / 2 + 1);
}

static const struct role roles[] = {{"bridge", bridge}, ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(every_reader_gets_what_the_origin_had),
    TEST(what_is_repeated_waits_for_room_as_what_is_sent),
    TEST(a_consumer_learns_how_old_repeated_records_are),
    TEST(an_end_of_a_run_is_written_once),
    TEST(who_comes_later_is_told_of_the_last_end_if_nothing_follows),
    TEST(a_reader_begins_with_the_run_of_the_origin),
    TEST(a_durable_consumer_that_comes_back_misses_no_end),
    TEST(an_origin_must_make_sense),
    TEST(a_ring_repeats_one_origin),
    TEST(a_ring_has_records_of_its_own_or_of_another),
    TEST(only_the_next_record_can_be_repeated),
    TEST(every_run_and_waiting_for_a_producer_exclude_each_other),
    TEST(a_repetition_is_reported_of_a_ring_only),
    TEST(a_ring_may_repeat_without_times),
    TEST(a_ring_whose_origin_makes_no_sense_is_damaged),
    TEST(times_that_are_unknown_stay_so_and_none_goes_back),
    TEST(a_loss_is_repeated_with_the_times_that_are_known),
    TEST(bridges_that_are_killed_lose_and_repeat_nothing),
    TEST(a_bridge_may_die_at_any_access_while_it_repeats),
    TEST(a_bridge_may_die_at_any_access_while_it_takes_over),
};

int main(int argc, char **argv)
{
    make_items();
    return test_main(argc, argv, roles, COUNT_OF(roles), tests, COUNT_OF(tests));
}
