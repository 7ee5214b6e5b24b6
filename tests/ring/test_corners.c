/* SPDX-License-Identifier: MIT */
/* Covers what no other suite reaches: rare states and arguments, and damage that only one code path
 * meets. */
#include "consumer/consumer.h"
#include "consumer/distance.h"
#include "consumer/sleep.h"
#include "helpers.h"
#include "platform.h"
#include "ring/open.h"
#include "ring/ring.h"

enum { SMALL = 65536, SLOT = 16, SHORT_WAIT_NS = 1000000 };

static const struct mapring_options small = {.capacity_bytes = SMALL, .slot_bytes = SLOT};
static const struct mapring_options overwriting = {
    .capacity_bytes = SMALL, .slot_bytes = SLOT, .when_full = MAPRING_OVERWRITE};
static const struct mapring_options attach = {.how = MAPRING_ATTACH};
static const struct mapring_consumer_options durable = {.name = "durable", .durable = true};

static mapring_producer *producer_of(const char *name)
{
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &attach));
    return producer;
}

static mapring_consumer *consumer_of(const char *name)
{
    mapring_consumer *consumer;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    return consumer;
}

static mapring_observer *observer_of(const char *name, enum mapring_from from)
{
    const struct mapring_observer_options options = {.from = from};
    mapring_observer *observer;
    check_result(MAPRING_OK, mapring_observer_open(&observer, name, &options));
    return observer;
}

/* Sends records of one slot each. */
static void send(mapring_producer *producer, unsigned count)
{
    for (uint64_t i = 0; i < count; i++)
        check_result(MAPRING_OK, mapring_producer_send(producer, &i, sizeof i, 0));
}

/* The ring as a hostile or broken process sees it. */
struct view {
    struct ring ring;
    struct mapring_hot hot;
};

static void look_into(struct view *view, const char *name)
{
    memset(view, 0, sizeof *view);
    check_result(MAPRING_OK,
                 ring_attach(&view->ring, &view->hot, name, MAPRING_LOCAL, false, ACCESS_PRODUCE));
}

static struct ring_mark *newest_mark(struct view *view)
{
    uint64_t made = load_relaxed(&view->ring.header->marks_made);
    return &view->ring.header->marks[(made - 1) % MARK_COUNT];
}

static void move_horizon(struct view *view, uint64_t bytes)
{
    store_release(&view->ring.header->horizon, load_relaxed(&view->ring.header->horizon) + bytes);
}

static int stat_result(const char *name)
{
    mapring_ring *ring;
    struct mapring_stat stat;
    check_result(MAPRING_OK, mapring_open(&ring, name, &attach));
    int result = mapring_stat(ring, &stat);
    mapring_close(ring);
    return result;
}

/* ---- Arguments ---- */

static void null_handles_are_refused(void **state)
{
    (void)state;
    struct mapring_record record;
    mapring_handle handle;
    char buffer[8];
    check_number(0, mapring_image_offset(NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_image_next(NULL, &record));
    check(!mapring_observer_is_valid(NULL));
    check_result(MAPRING_ERROR_ARGUMENT,
                 mapring_observer_receive(NULL, buffer, sizeof buffer, &record, 0));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_wait_handle(NULL, &handle));
}

static void image_needs_a_place_for_the_record(void **state)
{
    (void)state;
    mapring_image *image;
    check_result(MAPRING_OK, mapring_image_open(&image, new_ring(&small), MAPRING_LOCAL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_image_next(image, NULL));
    mapring_image_close(image);
}

static void sequence_numbers_have_a_limit(void **state)
{
    (void)state;
    const struct mapring_consumer_options options = {.from = MAPRING_AT_SEQUENCE,
                                                     .sequence = UINT64_MAX};
    mapring_consumer *consumer;
    check_result(MAPRING_ERROR_ARGUMENT,
                 mapring_consumer_open(&consumer, new_ring(&small), &options));
}

static void other_wish_for_a_full_ring_is_refused(void **state)
{
    (void)state;
    const struct mapring_options drop = {.when_full = MAPRING_DROP};
    const char *name = new_ring(&small);
    mapring_ring *ring;
    check_result(MAPRING_ERROR_GEOMETRY_DIFFERS, mapring_open(&ring, name, &drop));
    check(strstr(mapring_last_error()->text, "blocks when it is full") != NULL);
}

static void limit_beyond_time_is_for_ever(void **state)
{
    (void)state;
    mapring_producer *producer = producer_of(new_ring(&small));
    check_result(MAPRING_OK, mapring_producer_wait_consumers(producer, 0, INT64_MAX));
    mapring_producer_close(producer);
}

/* ---- Batches ---- */

static void empty_records_go_into_a_batch(void **state)
{
    (void)state;
    const struct mapring_buffer good[] = {{NULL, 0}, {"x", 1}, {NULL, 0}};
    const struct mapring_buffer bad[] = {{"x", 1}, {NULL, 1}};
    struct mapring_record records[3];
    size_t count;
    const char *name = new_ring(&small);
    mapring_producer *producer = producer_of(name);
    mapring_consumer *consumer = consumer_of(name);
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_send_batch(producer, bad, 2, 0));
    check_result(MAPRING_OK, mapring_producer_send_batch(producer, good, 3, 0));
    check_result(MAPRING_OK, mapring_consumer_next_batch(consumer, records, 3, &count, 0));
    check_number(3, count);
    check_number(0, records[2].bytes);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

/* The record is larger than the buffer in which a batch is assembled. */
static void large_records_go_into_a_batch(void **state)
{
    (void)state;
    enum { LARGE = 100000 };
    const struct mapring_options options = {.capacity_bytes = 1 << 20};
    unsigned char *payload = calloc(1, LARGE);
    check(payload != NULL);
    payload[LARGE - 1] = 7;
    const struct mapring_buffer batch[] = {{"a", 1}, {payload, LARGE}, {"b", 1}};
    struct mapring_record records[3];
    size_t count;
    const char *name = new_ring(&options);
    mapring_producer *producer = producer_of(name);
    mapring_consumer *consumer = consumer_of(name);
    check_result(MAPRING_OK, mapring_producer_send_batch(producer, batch, 3, 0));
    check_result(MAPRING_OK, mapring_consumer_next_batch(consumer, records, 3, &count, 0));
    check_number(3, count);
    check_number(7, ((const unsigned char *)records[1].payload)[LARGE - 1]);
    check_number('b', *(const char *)records[2].payload);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
    free(payload);
}

/* Damage is reported only when it comes first in a batch. */
static void batch_ends_before_damage(void **state)
{
    (void)state;
    const uint64_t words[] = {
        commit_word(RECORD_DATA, SMALL, 1), /* larger than any record */
        commit_word(RECORD_DATA, 8, 5),     /* out of order */
        commit_word(RECORD_GAP, 0, 1),
    };
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        struct mapring_record records[2];
        struct view view;
        size_t count;
        const char *name = new_ring(&small);
        mapring_producer *producer = producer_of(name);
        mapring_consumer *consumer = consumer_of(name);
        send(producer, 1);
        look_into(&view, name);
        store_release(record_word(view.ring.hot, SLOT), words[i]);
        check_result(MAPRING_OK, mapring_consumer_next_batch(consumer, records, 2, &count, 0));
        check_number(1, count);
        check_result(MAPRING_OK, mapring_consumer_release(consumer));
        check_result(MAPRING_ERROR_DAMAGED,
                     mapring_consumer_next_batch(consumer, records, 2, &count, 0));
        ring_close(&view.ring);
        mapring_consumer_close(consumer);
        mapring_producer_close(producer);
    }
}

/* ---- Event loops ---- */

static void consumer_with_losses_to_tell_is_ready(void **state)
{
    (void)state;
    const struct mapring_consumer_options first = {.from = MAPRING_AT_SEQUENCE};
    const char *name = new_ring(&small);
    mapring_producer *producer = producer_of(name);
    mapring_consumer_close(consumer_of(name)); /* from now on nobody gates the producer */
    send(producer, 2 * SMALL / SLOT);
    mapring_consumer *consumer;
    mapring_handle handle;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &first));
    check_result(MAPRING_OK, mapring_consumer_wait_handle(consumer, &handle));
    check_result(MAPRING_OK, mapring_consumer_arm(consumer));
    check_result(MAPRING_LOST, mapring_consumer_next(consumer, &record, 0));
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

/* The ring is full, and no consumer that could make room has come yet. */
static void producer_without_consumers_waits_in_an_event_loop(void **state)
{
    (void)state;
    mapring_handle handle, again;
    uint64_t payload = 0;
    const char *name = new_ring(&small);
    mapring_producer *producer = producer_of(name);
    while (mapring_producer_send(producer, &payload, sizeof payload, 0) == MAPRING_OK)
        continue;
    check_result(MAPRING_OK, mapring_producer_wait_handle(producer, &handle));
    check_result(MAPRING_OK, mapring_producer_wait_handle(producer, &again));
    check(handle == again);
    check_result(MAPRING_NOTHING, mapring_producer_arm(producer, sizeof payload));
    check_number(-1, os_wait_for_any(&handle, 1, 50 * MILLISECONDS));
    mapring_consumer *consumer = consumer_of(name);
    mapring_consumer_close(consumer);
    check_number(0, os_wait_for_any(&handle, 1, TIME_LIMIT));
    check_result(MAPRING_OK, mapring_producer_arm(producer, sizeof payload));
    mapring_producer_close(producer);
}

/* A durable consumer that is away keeps its place, and is not taken for dead. */
static void producer_in_an_event_loop_waits_for_who_is_away(void **state)
{
    (void)state;
    mapring_handle handle;
    mapring_consumer *consumer;
    uint64_t payload = 0;
    const char *name = new_ring(&small);
    mapring_producer *producer = producer_of(name);
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &durable));
    mapring_consumer_close(consumer);
    while (mapring_producer_send(producer, &payload, sizeof payload, 0) == MAPRING_OK)
        continue;
    check_result(MAPRING_OK, mapring_producer_wait_handle(producer, &handle));
    check_result(MAPRING_NOTHING, mapring_producer_arm(producer, sizeof payload));
    check_number(-1, os_wait_for_any(&handle, 1, 50 * MILLISECONDS));
    check_result(MAPRING_TIMED_OUT, mapring_producer_wait_consumers(producer, 1, SHORT_WAIT_NS));
    mapring_producer_close(producer);
}

/* ---- Peers ---- */

static void peers_of_another_system_are_polled(void **state)
{
    (void)state;
    struct view view;
    struct mapring_record record;
    const char *name = new_ring(&small);
    mapring_producer *producer = producer_of(name);
    mapring_consumer *consumer = consumer_of(name);
    look_into(&view, name);
    store_relaxed(&view.ring.header->producer_system,
                  platform_system() == SYSTEM_LINUX ? SYSTEM_WINDOWS : SYSTEM_LINUX);
    check_result(MAPRING_TIMED_OUT, mapring_consumer_next(consumer, &record, 5 * SHORT_WAIT_NS));
    ring_close(&view.ring);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

static void naming_a_consumer_waits_for_another_who_does(void **state)
{
    (void)state;
    struct ring_name parsed;
    struct platform_object *object;
    const char *name = new_ring(&small);
    check_result(MAPRING_OK, ring_name_parse(&parsed, name, MAPRING_LOCAL));
    check_result(MAPRING_OK, platform_attach(&object, &parsed, true));
    check_result(MAPRING_OK, platform_role_take(object, ROLE_CREATOR));
    mapring_consumer *consumer;
    check_result(MAPRING_ERROR_BEING_CREATED, mapring_consumer_open(&consumer, name, &durable));
    check(strstr(mapring_last_error()->text, name) != NULL);
    platform_role_drop(object, ROLE_CREATOR);
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &durable));
    mapring_consumer_close(consumer);
    platform_detach(object);
}

/* Where keeping a distance does not pay, it is tried ever more rarely, up to a limit. */
static void keeping_a_distance_in_vain_has_a_limit(void **state)
{
    (void)state;
    struct mapring_record record;
    mapring_consumer *consumer = consumer_of(new_ring(&small));
    for (int i = 0; i < 60; i++) {
        consumer->distance.kept = true;
        consumer->distance.since = consumer->reader.hot.cursor.position;
        check_result(MAPRING_TIMED_OUT, mapring_consumer_next(consumer, &record, 1));
    }
    check_number(PATIENCE_MOST, consumer->distance.patience);
    mapring_consumer_close(consumer);
}

/* A producer that is interrupted for a moment sends nothing during a pause, either. */
static void a_distance_is_kept_until_it_was_in_vain_three_times_in_a_row(void **state)
{
    (void)state;
    static const struct {
        uint64_t brought;
        bool kept;
    } pauses[] = {{0, true}, {0, true}, {SMALL, true}, {0, true}, {0, true}, {0, false}};
    struct mapring_record record;
    mapring_consumer *consumer = consumer_of(new_ring(&small));
    consumer->distance.kept = true;
    for (size_t i = 0; i < COUNT_OF(pauses); i++) {
        consumer->distance.since = consumer->reader.hot.cursor.position - pauses[i].brought;
        check_result(MAPRING_TIMED_OUT, mapring_consumer_next(consumer, &record, 1));
        check(consumer->distance.kept == pauses[i].kept);
    }
    mapring_consumer_close(consumer);
}

static void keeping_a_distance_that_pays_makes_it_more_patient(void **state)
{
    (void)state;
    struct mapring_record record;
    mapring_consumer *consumer = consumer_of(new_ring(&small));
    consumer->distance.kept = true;
    consumer->distance.patience = PATIENCE_LEAST + 1;
    for (int i = 0; i < 2; i++) { /* down to the minimum, and not below */
        consumer->distance.since = consumer->reader.hot.cursor.position - SMALL;
        check_result(MAPRING_TIMED_OUT, mapring_consumer_next(consumer, &record, 1));
        check_number(PATIENCE_LEAST, consumer->distance.patience);
    }
    consumer_consider_distance(consumer);
    check(consumer->distance.kept);
    mapring_consumer_close(consumer);
}

/* All of this happens between two looks of the producer. */
static void who_reads_all_and_goes_is_not_gone_too_early(void **state)
{
    (void)state;
    struct mapring_record record;
    const char *name = new_ring(&small);
    mapring_producer *producer = producer_of(name);
    mapring_consumer *consumer = consumer_of(name);
    send(producer, 1);
    check_result(MAPRING_TIMED_OUT, mapring_producer_drain(producer, 0));
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check_result(MAPRING_OK, mapring_consumer_release(consumer));
    mapring_consumer_close(consumer);
    check_result(MAPRING_OK, mapring_producer_drain(producer, 0));
    mapring_producer_close(producer);
}

/* In a ring full of notes, following them would never end. */
static void who_goes_does_not_follow_notes_for_ever(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    mapring_producer *producer = producer_of(name);
    mapring_consumer *consumer = consumer_of(name);
    struct view view;
    look_into(&view, name);
    for (uint64_t position = 0; position < SMALL; position += SLOT)
        store_release(record_word(view.ring.hot, position),
                      commit_word(RECORD_GAP, sizeof(struct ring_loss), 0));
    mapring_consumer_close(consumer);
    check_number(1, load_ordered(&view.ring.cells->left_unread));
    ring_close(&view.ring);
    mapring_producer_close(producer);
}

/* A consumer that joins at an old mark moves its head back like this at the same moment. */
static void producer_gives_way_to_a_head_that_goes_back(void **state)
{
    (void)state;
    struct view view;
    uint64_t payload = 0;
    const char *name = new_ring(&small);
    mapring_producer *producer = producer_of(name);
    mapring_consumer *consumer = consumer_of(name);
    send(producer, 1);
    look_into(&view, name);
    uint64_t tail = load_relaxed(&view.ring.header->tail);
    store_relaxed(&view.ring.cells->cell[0].head, tail + 2 * SLOT - SMALL);
    int result;
    for (unsigned i = 0; i < SMALL / SLOT / 8; i++)
        result = mapring_producer_send(producer, &payload, sizeof payload, 0);
    check_result(MAPRING_NO_ROOM, result);
    ring_close(&view.ring);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

/* The losses are those of a producer that died. A consumer's damaged head leaves no room for
 * them. */
static void losses_that_have_no_room_are_not_told_at_the_end(void **state)
{
    (void)state;
    const struct mapring_options drops = {
        .capacity_bytes = SMALL, .slot_bytes = SLOT, .when_full = MAPRING_DROP};
    struct view view;
    mapring_ring *ring;
    struct mapring_stat stat;
    const char *name = new_ring(&drops);
    mapring_producer_close(producer_of(name));
    mapring_consumer *consumer = consumer_of(name);
    look_into(&view, name);
    struct ring_header *header = view.ring.header;
    uint64_t tail = load_relaxed(&header->tail);
    store_relaxed(&header->dropped[load_relaxed(&header->drops_made) % 2].records, 1);
    store_relaxed(&view.ring.cells->cell[0].head, tail - SMALL);
    mapring_producer_close(producer_of(name));
    check_number(tail, load_relaxed(&view.ring.header->tail));
    check_result(MAPRING_OK, mapring_open(&ring, name, &attach));
    check_result(MAPRING_OK, mapring_stat(ring, &stat));
    check_number(1, stat.dropped_records);
    mapring_close(ring);
    ring_close(&view.ring);
    mapring_consumer_close(consumer);
}

static void gathering_ends_with_the_producer_or_when_there_is_enough(void **state)
{
    (void)state;
    const struct mapring_consumer_options gathers = {.wake_bytes = SMALL / 2,
                                                     .wake_delay_ns = TIME_LIMIT};
    struct mapring_record record;
    mapring_consumer *consumer;
    const char *name = new_ring(&small);
    mapring_producer *producer = producer_of(name);
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &gathers));
    send(producer, 1);
    mapring_producer_close(producer);
    int64_t start = now_ns();
    consumer_gather(&consumer->watch, MAPRING_FOREVER);
    consumer->watch.wake_bytes = SLOT; /* that many bytes are there */
    consumer_gather(&consumer->watch, MAPRING_FOREVER);
    check(now_ns() - start < TIME_LIMIT / 2);
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, TIME_LIMIT));
    check_result(MAPRING_OK, mapring_consumer_release(consumer));
    check_result(MAPRING_PRODUCER_CLOSED, mapring_consumer_next(consumer, &record, TIME_LIMIT));
    mapring_consumer_close(consumer);
}

/* ---- Observers that are lapped ---- */

/* The producer is exactly one lap ahead, so the observer sees the 0 behind the newest record. */
static void observer_on_the_producers_heels_is_lapped(void **state)
{
    (void)state;
    struct mapring_record record;
    const char *name = new_ring(&overwriting);
    mapring_producer *producer = producer_of(name);
    mapring_observer *observer = observer_of(name, MAPRING_OLDEST);
    send(producer, SMALL / SLOT);
    check_result(MAPRING_LOST, mapring_observer_next(observer, &record, 0));
    check_number(0, record.sequence);
    check_result(MAPRING_OK, mapring_observer_next(observer, &record, 0));
    mapring_observer_close(observer);
    mapring_producer_close(producer);
}

static void observer_that_finds_no_mark_says_damaged(void **state)
{
    (void)state;
    struct mapring_record record;
    struct view view;
    const char *name = new_ring(&overwriting);
    mapring_producer *producer = producer_of(name);
    mapring_observer *observer = observer_of(name, MAPRING_OLDEST);
    send(producer, 1);
    look_into(&view, name);
    move_horizon(&view, 4 * SMALL);
    check_result(MAPRING_ERROR_DAMAGED, mapring_observer_next(observer, &record, 0));
    check(!mapring_observer_is_valid(observer));
    ring_close(&view.ring);
    mapring_observer_close(observer);
    mapring_producer_close(producer);
}

/* An observer that is lapped again looks for a mark that is further from being overwritten. */
static void observer_that_is_lapped_again(void (*damage)(struct ring_header *header), int result)
{
    struct mapring_record record;
    struct view view;
    const char *name = new_ring(&overwriting);
    mapring_producer *producer = producer_of(name);
    mapring_observer *observer = observer_of(name, MAPRING_OLDEST);
    send(producer, 3 * SMALL / SLOT);
    check_result(MAPRING_LOST, mapring_observer_next(observer, &record, 0));
    send(producer, 3 * SMALL / SLOT);
    look_into(&view, name);
    damage(view.ring.header);
    check_result(result, mapring_observer_next(observer, &record, 0));
    ring_close(&view.ring);
    mapring_observer_close(observer);
    mapring_producer_close(producer);
}

static struct ring_mark *mark_before_end(struct ring_header *header, unsigned back)
{
    return &header->marks[(load_relaxed(&header->marks_made) - back) % MARK_COUNT];
}

static void no_newest_mark(struct ring_header *header)
{
    store_release(&mark_before_end(header, 1)->position, 1);
}

static void no_other_mark(struct ring_header *header)
{
    store_release(&mark_before_end(header, 2)->position, SLOT / 2);
}

static void all_marks_the_same(struct ring_header *header)
{
    for (unsigned back = 2; back <= MARK_COUNT; back++)
        memcpy(mark_before_end(header, back), mark_before_end(header, 1), sizeof *header->marks);
}

static void one_mark(struct ring_header *header)
{
    all_marks_the_same(header);
    store_release(&header->marks_made, 1);
}

static void observer_that_is_lapped_again_takes_what_marks_there_are(void **state)
{
    (void)state;
    observer_that_is_lapped_again(no_newest_mark, MAPRING_ERROR_DAMAGED);
    observer_that_is_lapped_again(no_other_mark, MAPRING_LOST);
    observer_that_is_lapped_again(all_marks_the_same, MAPRING_LOST);
    observer_that_is_lapped_again(one_mark, MAPRING_LOST);
}

static void observer_that_finds_damage_before_the_newest_says_so(void **state)
{
    (void)state;
    const struct mapring_observer_options newest = {.from = MAPRING_NEWEST};
    mapring_observer *observer;
    struct view view;
    const char *name = new_ring(&small);
    mapring_producer *producer = producer_of(name);
    send(producer, 2);
    look_into(&view, name);
    store_release(record_word(view.ring.hot, 0), commit_word(RECORD_DATA, 8, 77));
    check_result(MAPRING_ERROR_DAMAGED, mapring_observer_open(&observer, name, &newest));
    ring_close(&view.ring);
    mapring_producer_close(producer);
}

/* ---- Damage ---- */

static void consumer_that_finds_no_mark_in_reach_says_damaged(void **state)
{
    (void)state;
    const struct mapring_consumer_options newest = {.from = MAPRING_NEWEST};
    struct view view;
    mapring_consumer *consumer;
    const char *name = new_ring(&small);
    look_into(&view, name);
    move_horizon(&view, 4 * SMALL);
    mapring_image *image;
    check_result(MAPRING_ERROR_DAMAGED, mapring_consumer_open(&consumer, name, &newest));
    check_result(MAPRING_ERROR_DAMAGED, mapring_image_open(&image, name, MAPRING_LOCAL));
    ring_close(&view.ring);
}

static void durable_consumer_that_finds_no_way_back_says_damaged(void **state)
{
    (void)state;
    struct view view;
    mapring_consumer *consumer;
    const char *name = new_ring(&small);
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &durable));
    mapring_consumer_close(consumer);
    look_into(&view, name);
    move_horizon(&view, 4 * SMALL);
    check_result(MAPRING_ERROR_DAMAGED, mapring_consumer_open(&consumer, name, &durable));
    ring_close(&view.ring);
}

static void marks_that_are_none_are_not_used(void **state)
{
    (void)state;
    const uint64_t positions[] = {1 /* being rewritten */, SLOT / 2};
    const struct mapring_consumer_options at = {.from = MAPRING_AT_SEQUENCE};
    mapring_image *image;
    for (size_t i = 0; i < COUNT_OF(positions); i++) {
        struct view view;
        mapring_consumer *consumer;
        const char *name = new_ring(&small);
        look_into(&view, name);
        store_release(&newest_mark(&view)->position, positions[i]);
        check_result(MAPRING_ERROR_DAMAGED, stat_result(name));
        check_result(MAPRING_ERROR_DAMAGED, mapring_consumer_open(&consumer, name, NULL));
        check_result(MAPRING_ERROR_DAMAGED, mapring_consumer_open(&consumer, name, &at));
        check_result(MAPRING_ERROR_DAMAGED, mapring_image_open(&image, name, MAPRING_LOCAL));
        ring_close(&view.ring);
    }
}

static void expect_begin_at(const char *name, uint64_t wanted, uint64_t begins)
{
    const struct mapring_consumer_options options = {.from = MAPRING_AT_SEQUENCE,
                                                     .sequence = wanted};
    mapring_consumer *consumer;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &options));
    check_result(MAPRING_LOST, mapring_consumer_next(consumer, &record, 0));
    check_number(wanted, record.sequence);
    check_number(begins - wanted, record.lost_records);
    mapring_consumer_close(consumer);
}

/* All marks are within reach, and then one of them is damaged. */
static void damaged_marks_end_the_search_for_a_record(void **state)
{
    (void)state;
    struct view view;
    const char *name = new_ring(&small);
    look_into(&view, name);
    struct ring_header *header = view.ring.header;
    store_relaxed(&header->marks_made, 3 * MARK_COUNT);
    for (size_t i = 0; i < MARK_COUNT; i++)
        /* all are within reach, but past the wanted record */
        store_relaxed(&header->marks[i].sequence, 5);
    expect_begin_at(name, 1, 5);
    const uint64_t none[] = {1, SLOT / 2};
    for (size_t i = 0; i < COUNT_OF(none); i++) {
        store_relaxed(&header->marks[MARK_COUNT - 2].position, none[i]);
        expect_begin_at(name, 1, 5);
    }
    ring_close(&view.ring);
}

/* Gap records of 2^32 records each fill the ring. Every one has the expected sequence number, whose
 * low half never changes, so that the walk would never end. */
static void records_without_end_are_damage(void **state)
{
    (void)state;
    enum { GAP = 32 };
    const struct mapring_options options = {.capacity_bytes = SMALL, .slot_bytes = GAP};
    struct view view;
    const char *name = new_ring(&options);
    look_into(&view, name);
    for (uint64_t position = 0; position < SMALL; position += GAP) {
        shared_u64 *word = record_word(view.ring.hot, position);
        store_relaxed(word, commit_word(RECORD_GAP, sizeof(struct ring_loss), 0));
        store_relaxed(word + 1, UINT64_C(1) << 32);
    }
    check_result(MAPRING_ERROR_DAMAGED, stat_result(name));
    ring_close(&view.ring);
}

static void every_unbalanced_ledger_counts(void **state)
{
    (void)state;
    struct view view;
    mapring_ring *ring;
    struct mapring_stat stat;
    const char *name = new_ring(&small);
    mapring_consumer *consumers[] = {consumer_of(name), consumer_of(name)};
    look_into(&view, name);
    for (size_t i = 0; i < 2; i++) {
        struct ring_cell *cell = &view.ring.cells->cell[i];
        store_relaxed(&cell->ledger[load_relaxed(&cell->ledgers_made) % 2].lost_records, 5);
    }
    check_result(MAPRING_OK, mapring_open(&ring, name, &attach));
    check_result(MAPRING_OK, mapring_stat(ring, &stat));
    check(!stat.balanced && !stat.consumer[0].balanced && !stat.consumer[1].balanced);
    mapring_close(ring);
    ring_close(&view.ring);
    mapring_consumer_close(consumers[1]);
    mapring_consumer_close(consumers[0]);
}

/* The tail has reached the disk, but the commit word of the last record has not. */
static void image_ends_where_records_are_missing(void **state)
{
    (void)state;
    struct view view;
    struct mapring_record record;
    mapring_image *image;
    const char *name = new_ring(&small);
    mapring_producer *producer = producer_of(name);
    send(producer, 2);
    mapring_producer_close(producer);
    look_into(&view, name);
    store_release(record_word(view.ring.hot, SLOT), 0);
    check_result(MAPRING_OK, mapring_image_open(&image, name, MAPRING_LOCAL));
    check_result(MAPRING_OK, mapring_image_next(image, &record));
    check_result(MAPRING_ERROR_DAMAGED, mapring_image_next(image, &record));
    check(strstr(mapring_last_error()->text, "torn end") != NULL);
    mapring_image_close(image);
    ring_close(&view.ring);
}

static void ring_of_the_other_byte_order_can_be_removed(void **state)
{
    (void)state;
    struct view view;
    mapring_ring *ring;
    const char *path = new_path(".ring");
    check_result(MAPRING_OK, mapring_open(&ring, path, &small));
    look_into(&view, path);
    view.ring.header->identity.magic = __builtin_bswap64(RING_MAGIC);
    ring_close(&view.ring);
    mapring_close(ring);
    check_result(MAPRING_ERROR_FOREIGN, mapring_open(&ring, path, &attach));
    check_result(MAPRING_OK, mapring_remove(path, MAPRING_LOCAL, false));
    check_number(-1, os_file_size(path));
}

static const struct role roles[] = {{NULL, NULL}};
static const struct CMUnitTest tests[] = {
    TEST(null_handles_are_refused),
    TEST(image_needs_a_place_for_the_record),
    TEST(sequence_numbers_have_a_limit),
    TEST(other_wish_for_a_full_ring_is_refused),
    TEST(limit_beyond_time_is_for_ever),
    TEST(empty_records_go_into_a_batch),
    TEST(large_records_go_into_a_batch),
    TEST(batch_ends_before_damage),
    TEST(consumer_with_losses_to_tell_is_ready),
    TEST(producer_without_consumers_waits_in_an_event_loop),
    TEST(producer_in_an_event_loop_waits_for_who_is_away),
    TEST(peers_of_another_system_are_polled),
    TEST(naming_a_consumer_waits_for_another_who_does),
    TEST(keeping_a_distance_in_vain_has_a_limit),
    TEST(a_distance_is_kept_until_it_was_in_vain_three_times_in_a_row),
    TEST(who_reads_all_and_goes_is_not_gone_too_early),
    TEST(keeping_a_distance_that_pays_makes_it_more_patient),
    TEST(who_goes_does_not_follow_notes_for_ever),
    TEST(producer_gives_way_to_a_head_that_goes_back),
    TEST(losses_that_have_no_room_are_not_told_at_the_end),
    TEST(gathering_ends_with_the_producer_or_when_there_is_enough),
    TEST(observer_on_the_producers_heels_is_lapped),
    TEST(observer_that_finds_no_mark_says_damaged),
    TEST(observer_that_is_lapped_again_takes_what_marks_there_are),
    TEST(observer_that_finds_damage_before_the_newest_says_so),
    TEST(consumer_that_finds_no_mark_in_reach_says_damaged),
    TEST(durable_consumer_that_finds_no_way_back_says_damaged),
    TEST(marks_that_are_none_are_not_used),
    TEST(damaged_marks_end_the_search_for_a_record),
    TEST(records_without_end_are_damage),
    TEST(every_unbalanced_ledger_counts),
    TEST(image_ends_where_records_are_missing),
    TEST(ring_of_the_other_byte_order_can_be_removed),
};

int main(int argc, char **argv)
{
    return test_main(argc, argv, roles, 0, tests, COUNT_OF(tests));
}
