/* SPDX-License-Identifier: MIT */
/*
 * Rings made by a fixed script equal the golden ones byte for byte, and readers find in the golden
 * ones what the script wrote, on every system, so that the layout cannot change unnoticed. See
 * golden.h. After an intended change, MAPRING_GOLDEN_WRITE=1 meson test -C build-gcc golden writes
 * tests/golden/ anew.
 */
#include "golden.h"

#include "actor.h"
#include "counter.h"

enum {
    CAPACITY = 65536,
    FILLER = CAPACITY / 2 - 8, /* the largest record */
    LETTERS = 100,             /* larger payloads are all zeros, which golden files leave out */
    TOLD_LIMIT = 16,
};

/* What a reader gets: a record of so many bytes or, for a loss, the number of records lost. */
struct told {
    int result;
    uint64_t sequence;
    size_t bytes;
    bool continued, continues;
};

/* What was written, and what readers of the golden ring must find. */
struct story {
    const char *name;
    struct told told[TOLD_LIMIT];
    size_t count;
    int end;             /* the result when a reader waits for more */
    uint64_t next;       /* sequence number of the next record */
    bool observers_only; /* the ring overwrites */
};

/* The same number of clock points each time, however slow this is. */
bool __wrap_counter_is_inlined(enum record_clock clock);
uint64_t __wrap_counter_now(enum record_clock clock);
bool __wrap_counter_is_inlined(enum record_clock clock)
{
    (void)clock;
    return false;
}

uint64_t __wrap_counter_now(enum record_clock clock)
{
    static uint64_t counter;
    (void)clock;
    return counter += 1000;
}

/* ---- Writing ---- */

static unsigned char letter(uint64_t sequence, size_t i)
{
    return (unsigned char)('a' + (sequence + i) % 26);
}

static const unsigned char *payload(uint64_t sequence, size_t bytes)
{
    static unsigned char space[FILLER];
    for (size_t i = 0; i < bytes; i++)
        space[i] = bytes > LETTERS ? 0 : letter(sequence, i);
    return space;
}

static mapring_producer *open_producer(const char *path, uint32_t slot_bytes,
                                       enum mapring_when_full when_full)
{
    const struct mapring_options options = {
        .capacity_bytes = CAPACITY, .slot_bytes = slot_bytes, .when_full = when_full};
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, path, &options));
    return producer;
}

static void send_one(mapring_producer *producer, uint64_t sequence, size_t bytes)
{
    check_result(MAPRING_OK, mapring_producer_send(producer, payload(sequence, bytes), bytes, 0));
}

static mapring_consumer *open_consumer(const char *path, const char *name, bool durable,
                                       uint64_t max_lag)
{
    const struct mapring_consumer_options options = {
        .from = MAPRING_OLDEST, .name = name, .durable = durable, .max_lag_bytes = max_lag};
    mapring_consumer *consumer;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, path, &options));
    return consumer;
}

/* ---- Reading ---- */

/* A call that waits is sure to find out that the producer has died. */
static int64_t patience(const struct story *story)
{
    return story->end == MAPRING_NOTHING ? 0 : TIME_LIMIT;
}

static void check_record(const struct told *told, int result, const struct mapring_record *record)
{
    check_result(told->result, result);
    check_number(told->sequence, record->sequence);
    if (result == MAPRING_LOST) {
        check_number(told->bytes, record->lost_records);
        return;
    }
    check_number(told->bytes, record->bytes);
    check_number(told->continued, record->continued);
    check_number(told->continues, record->continues);
    check(memcmp(payload(told->sequence, told->bytes), record->payload, record->bytes) == 0);
}

static void image_tells(const char *path, const struct story *story)
{
    mapring_image *image;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_image_open(&image, path, MAPRING_LOCAL));
    for (size_t i = 0; i < story->count; i++)
        check_record(&story->told[i], mapring_image_next(image, &record), &record);
    check_result(MAPRING_NOTHING, mapring_image_next(image, &record));
    mapring_image_close(image);
}

static void observer_tells(const char *path, const struct story *story)
{
    static unsigned char buffer[FILLER];
    mapring_observer *observer;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_observer_open(&observer, path, NULL));
    for (size_t i = 0; i < story->count; i++)
        check_record(&story->told[i],
                     mapring_observer_receive(observer, buffer, sizeof buffer, &record, 0),
                     &record);
    check_result(story->end, mapring_observer_receive(observer, buffer, sizeof buffer, &record,
                                                      patience(story)));
    mapring_observer_close(observer);
}

static void consumer_tells(const char *path, const struct story *story)
{
    struct mapring_record record;
    mapring_consumer *consumer = open_consumer(path, NULL, false, 0);
    for (size_t i = 0; i < story->count; i++) {
        check_record(&story->told[i], mapring_consumer_next(consumer, &record, 0), &record);
        if (story->told[i].result == MAPRING_OK)
            check_result(MAPRING_OK, mapring_consumer_release(consumer));
    }
    check_result(story->end, mapring_consumer_next(consumer, &record, patience(story)));
    mapring_consumer_close(consumer);
}

static void stat_tells(const char *path, const struct story *story)
{
    struct mapring_stat stat = stat_of(path);
    check_number(story->next, stat.sequence);
    check(stat.balanced);
    check_number(story->end == MAPRING_NOTHING           ? MAPRING_PRODUCER_NEVER
                 : story->end == MAPRING_PRODUCER_CLOSED ? MAPRING_PRODUCER_HAS_CLOSED
                                                         : MAPRING_PRODUCER_HAS_DIED,
                 stat.producer_state);
}

static void next_producer_goes_on(const char *path, const struct story *story)
{
    struct mapring_record record;
    unsigned char buffer[8];
    const struct mapring_observer_options newest = {.from = MAPRING_NEWEST};
    mapring_observer *observer;
    mapring_producer *producer = open_producer(path, 0, MAPRING_UNSPECIFIED);
    check_result(MAPRING_OK, mapring_observer_open(&observer, path, &newest));
    send_one(producer, story->next, sizeof buffer);
    check_record(&(struct told){MAPRING_OK, story->next, sizeof buffer, false, false},
                 mapring_observer_receive(observer, buffer, sizeof buffer, &record, 0), &record);
    mapring_observer_close(observer);
    mapring_producer_close(producer);
}

static const char *new_golden_ring(const char *name, enum golden_order order)
{
    const char *path = new_path(".golden");
    golden_make(name, order, path);
    return path;
}

/* Reads the golden ring in all ways. Returns a fresh copy, in which a test can look at what is
 * special. */
static const char *check_reading(const struct story *story)
{
    const char *path = new_golden_ring(story->name, GOLDEN_NATIVE);
    image_tells(path, story);
    observer_tells(path, story);
    stat_tells(path, story);
    if (!story->observers_only)
        consumer_tells(path, story);
    next_producer_goes_on(path, story);
    return new_golden_ring(story->name, GOLDEN_NATIVE);
}

/* ---- The rings ---- */

static void an_empty_ring(void **state)
{
    (void)state;
    const struct mapring_options options = {.capacity_bytes = CAPACITY};
    golden_check("empty", new_ring_file(&options));
    check_reading(&(struct story){.name = "empty", .end = MAPRING_NOTHING});
}

static void records_of_many_sizes(void **state)
{
    (void)state;
    static const struct story story = {
        .name = "sizes",
        .told = {{MAPRING_OK, 0, 0, false, false},
                 {MAPRING_OK, 1, 1, false, false},
                 {MAPRING_OK, 2, 7, false, false},
                 {MAPRING_OK, 3, 8, false, false},
                 {MAPRING_OK, 4, 9, false, false},
                 {MAPRING_OK, 5, 24, false, false},
                 {MAPRING_OK, 6, 25, false, false},
                 {MAPRING_OK, 7, 100, false, false},
                 {MAPRING_OK, 8, 10, false, false}},
        .count = 9,
        .end = MAPRING_PRODUCER_DIED,
        .next = 9,
    };
    const char *path = new_path(".ring");
    mapring_producer *producer = open_producer(path, 16, MAPRING_BLOCK);
    for (size_t i = 0; i < 8; i++)
        send_one(producer, i, story.told[i].bytes);
    void *place;
    check_result(MAPRING_OK, mapring_producer_reserve(producer, 90, &place, 0));
    memcpy(place, payload(8, 10), 10);
    check_result(MAPRING_OK, mapring_producer_commit(producer, 10));
    check_result(MAPRING_OK, mapring_producer_reserve(producer, 40, &place, 0));
    check_result(MAPRING_OK, mapring_producer_abort(producer));
    golden_check(story.name, path); /* as a producer that dies here leaves it */
    mapring_producer_close(producer);
    check_reading(&story);
}

static void a_record_over_the_end_of_the_slots(void **state)
{
    (void)state;
    static const struct story story = {
        .name = "wrap",
        .told = {{MAPRING_OK, 1, FILLER, false, false},
                 {MAPRING_OK, 2, 40, false, false},
                 {MAPRING_OK, 3, 9, false, false}},
        .count = 3,
        .end = MAPRING_PRODUCER_CLOSED,
        .next = 4,
    };
    const char *path = new_path(".ring");
    struct mapring_record record;
    mapring_producer *producer = open_producer(path, 8, MAPRING_BLOCK);
    mapring_consumer *consumer = open_consumer(path, "reader", false, 0);
    send_one(producer, 0, FILLER - 24);
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check_result(MAPRING_OK, mapring_consumer_release(consumer));
    for (size_t i = 0; i < story.count; i++)
        send_one(producer, story.told[i].sequence, story.told[i].bytes);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
    golden_check(story.name, path);
    check_reading(&story);
}

static void a_batch(void **state)
{
    (void)state;
    static const struct story story = {
        .name = "batch",
        .told = {{MAPRING_OK, 0, 3, false, false},
                 {MAPRING_OK, 1, 0, false, false},
                 {MAPRING_OK, 2, 50, false, false},
                 {MAPRING_OK, 3, 24, false, false}},
        .count = 4,
        .end = MAPRING_PRODUCER_CLOSED,
        .next = 4,
    };
    const char *path = new_path(".ring");
    unsigned char space[4][64];
    struct mapring_buffer records[4];
    for (size_t i = 0; i < COUNT_OF(records); i++) {
        size_t bytes = story.told[i].bytes;
        memcpy(space[i], payload(i, bytes), bytes);
        records[i] = (struct mapring_buffer){space[i], bytes};
    }
    mapring_producer *producer = open_producer(path, 32, MAPRING_BLOCK);
    check_result(MAPRING_OK, mapring_producer_send_batch(producer, records, 4, 0));
    mapring_producer_close(producer);
    golden_check(story.name, path);
    check_reading(&story);
}

/* The last record remains incomplete: its producer closes before the next part. */
static void records_that_go_on(void **state)
{
    (void)state;
    static const struct story story = {
        .name = "parts",
        .told = {{MAPRING_OK, 0, 5, true, false},
                 {MAPRING_OK, 1, 0, true, true},
                 {MAPRING_OK, 2, 9, false, true},
                 {MAPRING_OK, 3, 1, false, false},
                 {MAPRING_OK, 4, 24, true, false}},
        .count = 5,
        .end = MAPRING_PRODUCER_CLOSED,
        .next = 5,
    };
    const char *path = new_path(".ring");
    mapring_producer *producer = open_producer(path, 16, MAPRING_BLOCK);
    for (size_t i = 0; i < story.count; i++) {
        const struct told *told = &story.told[i];
        const unsigned char *data = payload(told->sequence, told->bytes);
        check_result(MAPRING_OK,
                     (told->continued ? mapring_producer_send_part
                                      : mapring_producer_send)(producer, data, told->bytes, 0));
    }
    mapring_producer_close(producer);
    golden_check(story.name, path);
    check_reading(&story);
}

/* The run end in it is that of a run of the origin. */
static void a_ring_that_repeats_another_one(void **state)
{
    (void)state;
    static const struct story story = {
        .name = "origin",
        .told = {{MAPRING_OK, 500, 5, true, false},
                 {MAPRING_OK, 501, 3, false, true},
                 {MAPRING_LOST, 502, 4, false, false},
                 {MAPRING_OK, 506, 10, false, false}},
        .count = 4,
        .end = MAPRING_PRODUCER_CLOSED,
        .next = 507,
    };
    const struct mapring_options options = {
        .capacity_bytes = CAPACITY, .times = true, .origin = "origin", .first_sequence = 500};
    const char *path = new_path(".ring");
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, path, &options));
    for (size_t i = 0; i < story.count; i++) {
        const struct told *told = &story.told[i];
        bool lost = told->result == MAPRING_LOST;
        const struct mapring_record record = {.payload = payload(told->sequence, told->bytes),
                                              .bytes = told->bytes,
                                              .sequence = told->sequence,
                                              .continued = told->continued,
                                              .lost_records = lost ? told->bytes : 0,
                                              .time_ns = 1000000 + i,
                                              .lost_until_ns = lost ? 1000010 : 0};
        check_result(MAPRING_OK, mapring_producer_repeat(producer, &record, 0));
        if (i == 1)
            check_result(MAPRING_OK, mapring_producer_end_run(producer, 7, true, 0));
    }
    mapring_producer_close(producer);
    golden_check(story.name, path);
    path = new_golden_ring(story.name, GOLDEN_NATIVE);
    image_tells(path, &story);
    observer_tells(path, &story);
    consumer_tells(path, &story);
}

static void a_gap_where_records_were_dropped(void **state)
{
    (void)state;
    static const struct story story = {
        .name = "gap",
        .told = {{MAPRING_OK, 1, FILLER, false, false},
                 {MAPRING_LOST, 2, 3, false, false},
                 {MAPRING_OK, 5, 5, false, false}},
        .count = 3,
        .end = MAPRING_PRODUCER_CLOSED,
        .next = 6,
    };
    const char *path = new_path(".ring");
    struct mapring_record record;
    mapring_producer *producer = open_producer(path, 64, MAPRING_DROP);
    mapring_consumer *consumer = open_consumer(path, NULL, false, 0);
    send_one(producer, 0, FILLER - 192);
    send_one(producer, 1, FILLER);
    for (uint64_t i = 2; i < 5; i++)
        check_result(MAPRING_DROPPED, mapring_producer_send(producer, payload(i, 100), 100, 0));
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check_result(MAPRING_OK, mapring_consumer_release(consumer));
    mapring_consumer_close(consumer);
    send_one(producer, 5, 5);
    mapring_producer_close(producer);
    golden_check(story.name, path);
    check_reading(&story);
}

static void records_and_a_gap_with_times(void **state)
{
    (void)state;
    static const struct story story = {
        .name = "times",
        .told = {{MAPRING_OK, 1, FILLER - 72, false, false},
                 {MAPRING_LOST, 2, 2, false, false},
                 {MAPRING_OK, 4, 5, false, false},
                 {MAPRING_OK, 5, 3, false, false},
                 {MAPRING_OK, 6, 30, false, false}},
        .count = 5,
        .end = MAPRING_PRODUCER_CLOSED,
        .next = 7,
    };
    const struct mapring_options options = {
        .capacity_bytes = CAPACITY, .slot_bytes = 64, .when_full = MAPRING_DROP, .times = true};
    const char *path = new_ring_file(&options);
    struct mapring_record record;
    unsigned char space[2][64];
    mapring_producer *producer = open_producer(path, 0, MAPRING_UNSPECIFIED);
    mapring_consumer *consumer = open_consumer(path, NULL, false, 0);
    send_one(producer, 0, FILLER - 320);
    send_one(producer, 1, FILLER - 72);
    for (uint64_t i = 2; i < 4; i++)
        check_result(MAPRING_DROPPED, mapring_producer_send(producer, payload(i, 200), 200, 0));
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check_result(MAPRING_OK, mapring_consumer_release(consumer));
    mapring_consumer_close(consumer);
    send_one(producer, 4, 5);
    memcpy(space[0], payload(5, 3), 3);
    memcpy(space[1], payload(6, 30), 30);
    const struct mapring_buffer batch[] = {{space[0], 3}, {space[1], 30}};
    check_result(MAPRING_OK, mapring_producer_send_batch(producer, batch, 2, 0));
    mapring_producer_close(producer);
    golden_check(story.name, path);
    check_reading(&story);
}

static void a_durable_consumer_that_is_away(void **state)
{
    (void)state;
    static const struct story story = {
        .name = "durable",
        .told = {{MAPRING_OK, 0, 5, false, false},
                 {MAPRING_OK, 1, 5, false, false},
                 {MAPRING_OK, 2, 5, false, false},
                 {MAPRING_OK, 3, 5, false, false},
                 {MAPRING_OK, 4, 5, false, false}},
        .count = 5,
        .end = MAPRING_PRODUCER_CLOSED,
        .next = 5,
    };
    const char *path = new_path(".ring");
    struct mapring_record record;
    mapring_producer *producer = open_producer(path, 16, MAPRING_BLOCK);
    mapring_consumer *consumer = open_consumer(path, "archive", true, 40000);
    for (uint64_t i = 0; i < 3; i++)
        send_one(producer, i, 5);
    for (int i = 0; i < 2; i++) {
        check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
        check_result(MAPRING_OK, mapring_consumer_release(consumer));
    }
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
    producer = open_producer(path, 0, MAPRING_UNSPECIFIED);
    send_one(producer, 3, 5);
    send_one(producer, 4, 5);
    mapring_producer_close(producer);
    golden_check(story.name, path);

    path = check_reading(&story);
    struct mapring_stat stat = stat_of(path);
    check_number(1, stat.consumers);
    check_text("archive", stat.consumer[0].name);
    check_number(MAPRING_CONSUMER_AWAY, stat.consumer[0].state);
    check_number(40000, stat.consumer[0].max_lag_bytes);
    check_number(2, stat.consumer[0].read_records);
    check_number(10, stat.consumer[0].read_payload_bytes);
    check_number(3, stat.consumer[0].pending_records);
    consumer = open_consumer(path, "archive", true, 40000);
    check_record(&story.told[2], mapring_consumer_next(consumer, &record, 0), &record);
    mapring_consumer_close(consumer);
}

static void a_durable_consumer_that_was_away_for_too_long(void **state)
{
    (void)state;
    static const struct story story = {
        .name = "lapsed",
        .told = {{MAPRING_OK, 1, 5, false, false},
                 {MAPRING_OK, 2, FILLER, false, false},
                 {MAPRING_OK, 3, 5, false, false}},
        .count = 3,
        .end = MAPRING_PRODUCER_CLOSED,
        .next = 4,
    };
    const char *path = new_path(".ring");
    struct mapring_record record;
    mapring_producer *producer = open_producer(path, 16, MAPRING_BLOCK);
    mapring_consumer_close(open_consumer(path, "late", true, 1000));
    send_one(producer, 0, FILLER);
    send_one(producer, 1, 5);
    send_one(producer, 2, FILLER);
    send_one(producer, 3, 5);
    mapring_producer_close(producer);
    golden_check(story.name, path);

    path = check_reading(&story);
    check_number(MAPRING_CONSUMER_LAPSED, stat_of(path).consumer[0].state);
    mapring_consumer *consumer = open_consumer(path, "late", true, 1000);
    check_record(&(struct told){MAPRING_LOST, 0, 1, false, false},
                 mapring_consumer_next(consumer, &record, 0), &record);
    check_record(&story.told[0], mapring_consumer_next(consumer, &record, 0), &record);
    mapring_consumer_close(consumer);
}

/* Its bit is in the wait set, and its cell holds the position at which it wants to be woken. */
static void a_consumer_that_is_about_to_sleep(void **state)
{
    (void)state;
    static const struct story story = {
        .name = "asleep",
        .told = {{MAPRING_OK, 0, 5, false, false}},
        .count = 1,
        .end = MAPRING_PRODUCER_DIED,
        .next = 1,
    };
    const char *path = new_path(".ring");
    const struct mapring_consumer_options options = {.from = MAPRING_NEWEST};
    mapring_consumer *consumer;
    mapring_handle handle;
    mapring_producer *producer = open_producer(path, 16, MAPRING_BLOCK);
    send_one(producer, 0, 5);
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, path, &options));
    check_result(MAPRING_OK, mapring_consumer_wait_handle(consumer, &handle));
    check_result(MAPRING_NOTHING, mapring_consumer_arm(consumer));
    golden_check(story.name, path);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
    check_reading(&story);
}

static void a_flight_recorder_that_was_lapped(void **state)
{
    (void)state;
    static const struct story story = {
        .name = "overwrite",
        .told = {{MAPRING_OK, 2, 20, false, false},
                 {MAPRING_OK, 3, FILLER, false, false},
                 {MAPRING_OK, 4, 60, false, false}},
        .count = 3,
        .end = MAPRING_PRODUCER_CLOSED,
        .next = 5,
        .observers_only = true,
    };
    const char *path = new_path(".ring");
    mapring_producer *producer = open_producer(path, 256, MAPRING_OVERWRITE);
    send_one(producer, 0, 30);
    send_one(producer, 1, FILLER);
    send_one(producer, 2, 20);
    send_one(producer, 3, FILLER);
    send_one(producer, 4, 60);
    mapring_producer_close(producer);
    golden_check(story.name, path);
    check_reading(&story);
}

/* Makes an empty ring whose first record has that position and sequence number. */
static void begin_at(const char *path, uint64_t position, uint64_t sequence)
{
    const struct mapring_options options = {.capacity_bytes = CAPACITY};
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, path, &options));
    mapring_close(ring);
    header_begin_at(path, position, sequence);
}

static void positions_and_numbers_that_pass_32_bits(void **state)
{
    (void)state;
    enum { BEFORE = 2 };
    const uint64_t limit = UINT64_C(1) << 32;
    const struct story story = {
        .name = "far",
        .told = {{MAPRING_OK, limit - 2, 5, false, false},
                 {MAPRING_OK, limit - 1, 20, false, false},
                 {MAPRING_OK, limit, 5, false, false},
                 {MAPRING_OK, limit + 1, 5, false, false}},
        .count = 4,
        .end = MAPRING_PRODUCER_CLOSED,
        .next = limit + 2,
    };
    const char *path = new_path(".ring");
    begin_at(path, limit - 32, limit - BEFORE);
    mapring_producer *producer = open_producer(path, 0, MAPRING_UNSPECIFIED);
    for (size_t i = 0; i < story.count; i++)
        send_one(producer, story.told[i].sequence, story.told[i].bytes);
    mapring_producer_close(producer);
    golden_check(story.name, path);
    check_reading(&story);
}

/* ---- The other byte order ---- */

#define check_refused(call)                                                    \
    do {                                                                       \
        check_result(MAPRING_ERROR_FOREIGN, (call));                           \
        check(strstr(mapring_last_error()->text, "other byte order") != NULL); \
    } while (0)

static void dictionary_tells(const char *path)
{
    mapring_dictionary *dictionary;
    struct mapring_entry entry;
    check_result(MAPRING_OK, mapring_dictionary_open(&dictionary, path, MAPRING_LOCAL));
    for (uint32_t kind = 1; kind <= 3; kind++) {
        check_result(MAPRING_OK, mapring_dictionary_next(dictionary, &entry));
        check_number(kind, entry.kind);
        check_number(7 * (kind - 1), entry.bytes);
        check(memcmp(payload(kind, entry.bytes), entry.payload, entry.bytes) == 0);
    }
    check_result(MAPRING_NOTHING, mapring_dictionary_next(dictionary, &entry));
    mapring_dictionary_close(dictionary);
}

static void a_ring_with_content_and_a_dictionary(void **state)
{
    (void)state;
    static const struct story story = {
        .name = "dictionary",
        .told = {{MAPRING_OK, 0, 5, false, false}},
        .count = 1,
        .end = MAPRING_PRODUCER_CLOSED,
        .next = 1,
    };
    const struct mapring_options options = {
        .capacity_bytes = CAPACITY, .content = "text/plain", .dictionary_bytes = 1};
    const char *path = new_path(".ring");
    mapring_producer *producer;
    uint64_t offset;
    check_result(MAPRING_OK, mapring_producer_open(&producer, path, &options));
    for (uint32_t kind = 1; kind <= 3; kind++)
        check_result(MAPRING_OK,
                     mapring_producer_define(producer, kind, payload(kind, 7 * (kind - 1)),
                                             7 * (kind - 1), &offset));
    send_one(producer, 0, 5);
    mapring_producer_close(producer);
    golden_check(story.name, path);
    path = check_reading(&story);
    check_text("text/plain", stat_of(path).content);
    dictionary_tells(path);
}

static void a_ring_of_the_other_byte_order_is_refused(void **state)
{
    (void)state;
    const char *path = new_golden_ring("durable", GOLDEN_SWAPPED);
    const struct mapring_options create = {.how = MAPRING_CREATE, .capacity_bytes = CAPACITY};
    mapring_ring *ring;
    mapring_producer *producer;
    mapring_consumer *consumer;
    mapring_observer *observer;
    mapring_image *image;
    size_t bytes;
    char *before = read_file(path, &bytes);
    check_refused(mapring_open(&ring, path, NULL));
    check_refused(mapring_producer_open(&producer, path, NULL));
    check_refused(mapring_consumer_open(&consumer, path, NULL));
    check_refused(mapring_observer_open(&observer, path, NULL));
    check_refused(mapring_image_open(&image, path, MAPRING_LOCAL));
    check_refused(mapring_consumer_remove(path, MAPRING_LOCAL, "archive"));
    check_result(MAPRING_ERROR_EXISTS, mapring_open(&ring, path, &create));
    char *after = read_file(path, NULL);
    check(memcmp(before, after, bytes) == 0);
    free(before);
    free(after);
}

static const struct role roles[] = {ACTOR_ROLE};

static const struct CMUnitTest tests[] = {
    TEST(an_empty_ring),
    TEST(records_of_many_sizes),
    TEST(a_record_over_the_end_of_the_slots),
    TEST(a_batch),
    TEST(records_that_go_on),
    TEST(a_ring_that_repeats_another_one),
    TEST(a_gap_where_records_were_dropped),
    TEST(records_and_a_gap_with_times),
    TEST(a_durable_consumer_that_is_away),
    TEST(a_durable_consumer_that_was_away_for_too_long),
    TEST(a_consumer_that_is_about_to_sleep),
    TEST(a_flight_recorder_that_was_lapped),
    TEST(positions_and_numbers_that_pass_32_bits),
    TEST(a_ring_with_content_and_a_dictionary),
    TEST(a_ring_of_the_other_byte_order_is_refused),
};

TEST_MAIN(roles, tests)
