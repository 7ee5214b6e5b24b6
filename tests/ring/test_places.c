/* SPDX-License-Identifier: MIT */
/* Where readers begin and continue: nothing that is kept is skipped, what nobody has read comes
 * first, and what is gone is reported. */
#include "actor.h"

#include <inttypes.h>

#include "consumer/consumer.h"
#include "producer/producer.h"
#include "ring/drop_total.h"

enum {
    SMALL = 65536,
    SLOT = 8,
    BYTES = 20, /* of a record, which takes SPAN bytes */
    SPAN = 32,
    FULL = SMALL / SPAN, /* records, apart from the word behind the last one */
    ROUNDS = 150,
};

/* Where rings begin: at 0, and so that positions pass 2^32 or 2^64 within a lap. */
static const uint64_t begins[] = {0, (UINT64_C(1) << 32) - SMALL / 2, -(uint64_t)SMALL / 2};

struct scene {
    const char *path;
    mapring_producer *producer;
    uint64_t next; /* sequence number of the next record to be sent */
};

static const char *new_ring_at(uint64_t begin, enum mapring_when_full when_full)
{
    const char *path = new_ring_file(&(struct mapring_options){
        .capacity_bytes = SMALL, .slot_bytes = SLOT, .when_full = when_full});
    header_begin_at(path, begin, 0);
    return path;
}

static struct scene scene_at(uint64_t begin, enum mapring_when_full when_full)
{
    struct scene scene = {.path = new_ring_at(begin, when_full)};
    check_result(MAPRING_OK, mapring_producer_open(&scene.producer, scene.path, NULL));
    return scene;
}

static void scene_end(struct scene *scene)
{
    mapring_producer_close(scene->producer);
}

static int send_bytes(struct scene *scene, size_t bytes)
{
    static unsigned char payload[SMALL];
    record_fill(payload, bytes, scene->next);
    int result = mapring_producer_send(scene->producer, payload, bytes, 0);
    scene->next += result == MAPRING_OK || result == MAPRING_DROPPED;
    return result;
}

static void send_some(struct scene *scene, uint64_t count)
{
    for (; count > 0; count--)
        check_result(MAPRING_OK, send_bytes(scene, BYTES));
}

static uint64_t send_until_full(struct scene *scene)
{
    uint64_t before = scene->next;
    while (send_bytes(scene, BYTES) == MAPRING_OK)
        ;
    return scene->next - before;
}

static void drop(struct scene *scene, uint64_t count)
{
    for (; count > 0; count--)
        check_result(MAPRING_DROPPED, send_bytes(scene, BYTES));
}

static mapring_consumer *open_with(const char *path, struct mapring_consumer_options options)
{
    mapring_consumer *consumer;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, path, &options));
    return consumer;
}

static mapring_consumer *open_from(const char *path, enum mapring_from from, uint64_t sequence)
{
    return open_with(path, (struct mapring_consumer_options){.from = from, .sequence = sequence});
}

static mapring_consumer *open_durable(const char *path, enum mapring_from from)
{
    return open_with(path,
                     (struct mapring_consumer_options){.from = from, .name = "d", .durable = true});
}

static mapring_observer *observe(const char *path, enum mapring_from from,
                                 enum mapring_from after_lap)
{
    const struct mapring_observer_options options = {.from = from, .after_lap = after_lap};
    mapring_observer *observer;
    check_result(MAPRING_OK, mapring_observer_open(&observer, path, &options));
    return observer;
}

/* The next record must have that sequence number and be intact. */
static void expect_next(mapring_consumer *consumer, uint64_t sequence)
{
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check_number(sequence, record.sequence);
    check(record_is_intact(record.payload, record.bytes, sequence));
    check_result(MAPRING_OK, mapring_consumer_release(consumer));
}

static void expect_all(mapring_consumer *consumer, uint64_t from, uint64_t to)
{
    struct mapring_record record;
    for (; from < to; from++)
        expect_next(consumer, from);
    check_result(MAPRING_NOTHING, mapring_consumer_next(consumer, &record, 0));
}

static void expect_lost(mapring_consumer *consumer, uint64_t from, uint64_t to)
{
    struct mapring_record record;
    check_result(MAPRING_LOST, mapring_consumer_next(consumer, &record, 0));
    check_number(from, record.sequence);
    check_number(to - from, record.lost_records);
}

static void read_some(mapring_consumer *consumer, uint64_t from, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        expect_next(consumer, from + i);
}

static uint64_t first_of_observer(const char *path);

/* ---- A consumer keeps what it has not read ---- */

/* Fills the ring, reads some records, and fills it again, so that the overwritten part ends between
 * two marks, where the consumer is. */
static mapring_consumer *consumer_in_the_way(struct scene *scene, bool durable, uint64_t *unread)
{
    mapring_consumer *consumer = durable ? open_durable(scene->path, MAPRING_OLDEST)
                                         : open_from(scene->path, MAPRING_OLDEST, 0);
    check(send_until_full(scene) >= FULL - 1);
    *unread = durable ? 8 : FULL / 8 + 3; /* releases are published at each eighth of the ring */
    read_some(consumer, 0, *unread);
    check(send_until_full(scene) >= *unread - 3);
    return consumer;
}

static void seeking_the_oldest_skips_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * COUNT_OF(begins); i++) {
        struct scene scene = scene_at(begins[i / 2], MAPRING_BLOCK);
        uint64_t unread;
        mapring_consumer *consumer = consumer_in_the_way(&scene, i % 2, &unread);
        uint64_t oldest = i % 2 ? unread : FULL / 8;
        check_result(MAPRING_OK, mapring_consumer_seek(consumer, MAPRING_OLDEST, 0));
        expect_all(consumer, oldest, scene.next);
        check(stat_of(scene.path).balanced);
        mapring_consumer_close(consumer);
        scene_end(&scene);
    }
}

static void seeking_ones_own_next_record_skips_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * COUNT_OF(begins); i++) {
        struct scene scene = scene_at(begins[i / 2], MAPRING_BLOCK);
        uint64_t unread;
        mapring_consumer *consumer = consumer_in_the_way(&scene, i % 2, &unread);
        check_result(MAPRING_OK, mapring_consumer_seek(consumer, MAPRING_AT_SEQUENCE, unread));
        expect_all(consumer, unread, scene.next);
        check(stat_of(scene.path).balanced);
        mapring_consumer_close(consumer);
        scene_end(&scene);
    }
}

static void another_consumer_begins_at_any_record_that_is_kept(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(begins); i++) {
        struct scene scene = scene_at(begins[i], MAPRING_BLOCK);
        uint64_t unread;
        mapring_consumer *first = consumer_in_the_way(&scene, true, &unread);
        for (uint64_t sequence = unread; sequence <= scene.next; sequence += 7) {
            mapring_consumer *second = open_from(scene.path, MAPRING_AT_SEQUENCE, sequence);
            expect_all(second, sequence, scene.next);
            mapring_consumer_close(second);
        }
        mapring_consumer *second = open_from(scene.path, MAPRING_AT_SEQUENCE, unread - 3);
        expect_lost(second, unread - 3, unread);
        expect_all(second, unread, scene.next);
        mapring_consumer_close(second);
        expect_all(first, unread, scene.next);
        mapring_consumer_close(first);
        scene_end(&scene);
    }
}

static void a_record_before_the_first_one_is_lost(void **state)
{
    (void)state;
    struct scene scene = {.path = new_ring_at(0, MAPRING_BLOCK), .next = 5};
    header_begin_at(scene.path, 0, 5);
    check_result(MAPRING_OK, mapring_producer_open(&scene.producer, scene.path, NULL));
    send_some(&scene, 3);
    mapring_consumer *consumer = open_from(scene.path, MAPRING_AT_SEQUENCE, 2);
    expect_lost(consumer, 2, 5);
    expect_all(consumer, 5, 8);
    mapring_consumer_close(consumer);
    scene_end(&scene);
}

/* Seeking begins a new ledger, so what the consumer lost while it was away no longer counts. */
static void who_has_lapsed_finds_the_oldest_too(void **state)
{
    (void)state;
    struct scene scene = scene_at(0, MAPRING_BLOCK);
    struct mapring_consumer_options options = {.name = "d", .durable = true, .max_lag_bytes = 1000};
    mapring_consumer_close(open_with(scene.path, options));
    send_some(&scene, 2 * FULL);
    mapring_consumer *consumer = open_with(scene.path, options);
    uint64_t oldest = first_of_observer(scene.path);
    check_result(MAPRING_OK, mapring_consumer_seek(consumer, MAPRING_OLDEST, 0));
    expect_all(consumer, oldest, scene.next);
    check(stat_of(scene.path).balanced);
    mapring_consumer_close(consumer);
    scene_end(&scene);
}

/* It does not matter where the consumer that held up the producer is now, or whether it still
 * exists. */
static void what_is_kept_does_not_depend_on_who_made_it_so(void **state)
{
    (void)state;
    struct scene scene = scene_at(0, MAPRING_BLOCK);
    uint64_t unread;
    mapring_consumer *first = consumer_in_the_way(&scene, true, &unread);
    read_some(first, unread, 20);
    mapring_consumer *second = open_from(scene.path, MAPRING_OLDEST, 0);
    expect_all(second, unread, scene.next);
    mapring_consumer_close(first);
    check_result(MAPRING_OK, mapring_consumer_remove(scene.path, MAPRING_LOCAL, "d"));
    check_result(MAPRING_OK, mapring_consumer_seek(second, MAPRING_OLDEST, 0));
    expect_all(second, unread, scene.next);
    mapring_consumer_close(second);
    scene_end(&scene);
}

/* A consumer that has a cell but no ledger yet does not count as a reader, but the producer waits
 * for it. */
static void a_consumer_that_is_joining_is_waited_for(void **state)
{
    (void)state;
    struct scene scene = scene_at(0, MAPRING_BLOCK);
    mapring_consumer *consumer = open_durable(scene.path, MAPRING_OLDEST);
    send_until_full(&scene);
    read_some(consumer, 0, 12);
    struct ring_cell *joining = &scene.producer->ring.cells->cell[5];
    store_release(&joining->head, 8 * SPAN);
    store_release(&joining->state, CELL_ACTIVE);
    check_result(MAPRING_OK, platform_role_take(consumer->reader.ring.object, ROLE_CONSUMER + 5));
    check_number(8, send_until_full(&scene));
    check_number(12, first_of_observer(scene.path));
    mapring_consumer_close(consumer);
    scene_end(&scene);
}

/* The consumer is in the state of one that joined just when the horizon moved on: the producer may
 * write as far as its place allows, and others find the oldest record further on. */
static void a_consumer_behind_what_is_kept_for_all_keeps_its_place(void **state)
{
    (void)state;
    for (int sought = 0; sought < 3; sought++) {
        struct scene scene = scene_at(0, MAPRING_BLOCK);
        mapring_consumer *consumer = open_from(scene.path, MAPRING_OLDEST, 0);
        send_some(&scene, FULL / 2);
        struct ring_header *header = consumer->reader.ring.header;
        check(os_file_write_at(scene.path, (int64_t)offsetof(struct ring_header, horizon),
                               &(uint64_t){SMALL + SPAN * 200}, sizeof(uint64_t)));
        check(os_file_write_at(scene.path, (int64_t)offsetof(struct ring_header, kept[1]),
                               (uint64_t[]){SPAN * 200, 200}, 2 * sizeof(uint64_t)));
        check_number(1, load_relaxed(&header->kept_made));
        check_result(MAPRING_OK,
                     mapring_consumer_seek(consumer, sought ? MAPRING_AT_SEQUENCE : MAPRING_OLDEST,
                                           sought == 2 ? 300 : 3));
        expect_all(consumer, sought == 2 ? 300 : sought ? 3 : 0, scene.next);
        mapring_consumer_close(consumer);
        scene_end(&scene);
    }
}

/* ---- The oldest is the oldest ---- */

static uint64_t first_of_image(const char *path)
{
    mapring_image *image;
    struct mapring_record record = {0};
    check_result(MAPRING_OK, mapring_image_open(&image, path, MAPRING_LOCAL));
    int result = mapring_image_next(image, &record);
    check(result == MAPRING_OK || result == MAPRING_LOST || result == MAPRING_NOTHING);
    mapring_image_close(image);
    return result == MAPRING_NOTHING ? UINT64_MAX : record.sequence;
}

static uint64_t first_of_observer(const char *path)
{
    static unsigned char buffer[SMALL];
    mapring_observer *observer = observe(path, MAPRING_OLDEST, MAPRING_OLDEST);
    struct mapring_record record = {0};
    int result = mapring_observer_receive(observer, buffer, sizeof buffer, &record, 0);
    check(result == MAPRING_OK || result == MAPRING_LOST || result == MAPRING_NOTHING);
    mapring_observer_close(observer);
    return result == MAPRING_NOTHING ? UINT64_MAX : record.sequence;
}

static uint64_t first_of_consumer(const char *path)
{
    mapring_consumer *consumer = open_from(path, MAPRING_OLDEST, 0);
    struct mapring_record record = {0};
    int result = mapring_consumer_next(consumer, &record, 0);
    check(result == MAPRING_OK || result == MAPRING_LOST || result == MAPRING_NOTHING);
    mapring_consumer_close(consumer);
    return result == MAPRING_NOTHING ? UINT64_MAX : record.sequence;
}

/* All records sent. The first one kept is the first whose bytes cannot have been overwritten,
 * judging by the horizon. */
struct sent {
    uint64_t position[ROUNDS * 40];
    uint64_t count;
};

static uint64_t first_kept(const struct sent *sent, uint64_t horizon)
{
    uint64_t i = 0;
    while (i < sent->count && ahead(sent->position[i], horizon - SMALL) < 0)
        i++;
    return i < sent->count ? i : UINT64_MAX;
}

static void random_calls(enum mapring_when_full when_full, uint64_t begin, uint64_t seed)
{
    static struct sent sent;
    struct scene scene = scene_at(begin, when_full);
    mapring_consumer *reader = NULL;
    sent.count = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        uint64_t random = mix(seed * ROUNDS + round);
        uint64_t size = random % 7 == 0 ? random / 8 % (SMALL / 2 - 8) : random / 8 % 200;
        size_t bytes = (size_t)size;
        for (uint64_t i = 0; i < random % 40; i++) {
            uint64_t position = scene.producer->hot.position;
            if (send_bytes(&scene, bytes) == MAPRING_OK)
                sent.position[sent.count++] = position;
        }
        struct mapring_record record;
        if (when_full == MAPRING_BLOCK && !reader)
            reader = open_durable(scene.path, MAPRING_OLDEST);
        for (uint64_t i = 0; reader && i < random / 64 % 60; i++)
            if (mapring_consumer_next(reader, &record, 0) == MAPRING_OK)
                mapring_consumer_release(reader);
        if (reader && random % 5 == 0) {
            mapring_consumer_close(reader);
            reader = NULL;
        }
        if (random % 11 == 0) {
            mapring_producer_close(scene.producer);
            check_result(MAPRING_OK, mapring_producer_open(&scene.producer, scene.path, NULL));
        }
        uint64_t first = first_kept(&sent, load_relaxed(&scene.producer->ring.header->horizon));
        check_number(first, first_of_image(scene.path));
        check_number(first, first_of_observer(scene.path));
        if (when_full == MAPRING_BLOCK)
            check_number(first, first_of_consumer(scene.path));
    }
    mapring_consumer_close(reader);
    scene_end(&scene);
}

static void the_oldest_is_the_first_one_that_is_not_overwritten(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(begins); i++) {
        random_calls(MAPRING_BLOCK, begins[i], i + 1);
        random_calls(MAPRING_OVERWRITE, begins[i], i + 10);
    }
}

/* However large the records are or were, most of the ring is kept. */
static void most_of_a_flight_recorder_is_kept(void **state)
{
    (void)state;
    struct scene scene = scene_at(0, MAPRING_OVERWRITE);
    for (int round = 0; round < 30; round++) {
        check_result(MAPRING_OK, send_bytes(&scene, SMALL / 2 - 8));
        send_some(&scene, FULL + (uint64_t)round * 100);
        uint64_t kept = scene.next - first_of_observer(scene.path);
        check(kept >= FULL / 8 * 6);
    }
    scene_end(&scene);
}

/* ---- The newest is what comes next ---- */

static void after_a_lap_the_newest_is_what_comes_next(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(begins); i++) {
        struct scene scene = scene_at(begins[i], MAPRING_OVERWRITE);
        mapring_observer *observer = observe(scene.path, MAPRING_OLDEST, MAPRING_NEWEST);
        struct mapring_record record;
        send_some(&scene, 3 * FULL + 77);
        check_result(MAPRING_LOST, mapring_observer_next(observer, &record, 0));
        check_number(0, record.sequence);
        check_number(scene.next, record.lost_records);
        check_result(MAPRING_NOTHING, mapring_observer_next(observer, &record, 0));
        send_some(&scene, 1);
        check_result(MAPRING_OK, mapring_observer_next(observer, &record, 0));
        check_number(scene.next - 1, record.sequence);
        mapring_observer_close(observer);
        scene_end(&scene);
    }
}

static void after_a_lap_the_oldest_is_the_oldest(void **state)
{
    (void)state;
    struct scene scene = scene_at(0, MAPRING_OVERWRITE);
    mapring_observer *observer = observe(scene.path, MAPRING_OLDEST, MAPRING_UNREAD);
    struct mapring_record record;
    send_some(&scene, 3 * FULL + 77);
    uint64_t oldest = first_of_observer(scene.path);
    check_result(MAPRING_LOST, mapring_observer_next(observer, &record, 0));
    check_number(oldest, record.lost_records);
    check_result(MAPRING_OK, mapring_observer_next(observer, &record, 0));
    check_number(oldest, record.sequence);
    mapring_observer_close(observer);
    scene_end(&scene);
}

/* If it continued at the very edge, it would be lapped again and again. */
static void who_is_lapped_again_at_once_goes_on_with_room_to_spare(void **state)
{
    (void)state;
    struct scene scene = scene_at(0, MAPRING_OVERWRITE);
    mapring_observer *observer = observe(scene.path, MAPRING_OLDEST, MAPRING_OLDEST);
    struct mapring_record record;
    uint64_t next = 0;
    for (int i = 0; i < 3; i++) {
        send_some(&scene, 3 * FULL + 77);
        check_result(MAPRING_LOST, mapring_observer_next(observer, &record, 0));
        check_number(next, record.sequence);
        next += record.lost_records;
        uint64_t beyond = next - first_of_observer(scene.path);
        check(i == 0 ? beyond == 0 : beyond >= FULL / 8 && beyond <= FULL / 2);
    }
    check_result(MAPRING_OK, mapring_observer_next(observer, &record, 0));
    check_number(next, record.sequence);
    mapring_observer_close(observer);
    scene_end(&scene);
}

/* The records are so large that no other mark is left. */
static void with_few_marks_room_to_spare_is_the_newest(void **state)
{
    (void)state;
    struct scene scene = scene_at(0, MAPRING_OVERWRITE);
    mapring_observer *observer = observe(scene.path, MAPRING_OLDEST, MAPRING_OLDEST);
    struct mapring_record record;
    for (int i = 0; i < 3; i++) {
        for (int sent = 0; sent < 5; sent++)
            check_result(MAPRING_OK, send_bytes(&scene, SMALL / 2 - 8));
        check_result(MAPRING_LOST, mapring_observer_next(observer, &record, 0));
    }
    check_result(MAPRING_OK, mapring_observer_next(observer, &record, 0));
    check_number(scene.next - 1, record.sequence);
    mapring_observer_close(observer);
    scene_end(&scene);
}

/* The tail may lag behind by a record or a batch. */
static void the_newest_is_behind_what_a_dead_producer_has_committed(void **state)
{
    (void)state;
    struct scene scene = scene_at(0, MAPRING_BLOCK);
    send_some(&scene, 5);
    store_release(&scene.producer->ring.header->tail, 3 * SPAN);
    mapring_consumer *consumer = open_from(scene.path, MAPRING_NEWEST, 0);
    expect_all(consumer, 5, 5);
    mapring_consumer_close(consumer);
    scene_end(&scene);
}

/* ---- Drops from before it came ---- */

/* Makes a full ring that has dropped records, with no gap record for them yet. */
static mapring_consumer *dropping(struct scene *scene, uint64_t drops)
{
    *scene = scene_at(0, MAPRING_DROP);
    mapring_consumer *first = open_durable(scene->path, MAPRING_OLDEST);
    while (send_bytes(scene, BYTES) == MAPRING_OK)
        ;
    drop(scene, drops - 1);
    return first;
}

static void make_room(mapring_consumer *first, uint64_t count)
{
    struct mapring_record record;
    for (; count > 0; count--) {
        check_result(MAPRING_OK, mapring_consumer_next(first, &record, 0));
        check_result(MAPRING_OK, mapring_consumer_release(first));
    }
}

static void who_begins_at_the_newest_is_told_of_no_drops_before(void **state)
{
    (void)state;
    struct scene scene;
    mapring_consumer *first = dropping(&scene, 10);
    mapring_consumer *second = open_from(scene.path, MAPRING_NEWEST, 0);
    mapring_observer *observer = observe(scene.path, MAPRING_NEWEST, MAPRING_NEWEST);
    struct mapring_record record;
    check(stat_of(scene.path).balanced);
    make_room(first, 10);
    send_some(&scene, 2);
    expect_all(second, scene.next - 2, scene.next);
    struct mapring_stat stat = stat_of(scene.path);
    check(stat.balanced);
    check_number(scene.next - 2, stat.consumer[1].first_sequence);
    check_number(0, stat.consumer[1].lost_records);
    check_result(MAPRING_OK, mapring_observer_next(observer, &record, 0));
    check_number(scene.next - 2, record.sequence);
    check_result(MAPRING_OK, mapring_observer_next(observer, &record, 0));
    mapring_observer_close(observer);
    mapring_consumer_close(second);
    mapring_consumer_close(first);
    scene_end(&scene);
}

static void who_begins_at_the_newest_is_told_of_drops_since(void **state)
{
    (void)state;
    struct scene scene;
    mapring_consumer *first = dropping(&scene, 10);
    mapring_consumer *second = open_from(scene.path, MAPRING_NEWEST, 0);
    mapring_observer *observer = observe(scene.path, MAPRING_NEWEST, MAPRING_NEWEST);
    struct mapring_record record;
    uint64_t came = scene.next;
    drop(&scene, 7);
    make_room(first, 10);
    send_some(&scene, 2);
    expect_lost(second, came, came + 7);
    check_result(MAPRING_LOST, mapring_observer_next(observer, &record, 0));
    check_number(came, record.sequence);
    check_number(7, record.lost_records);
    expect_all(second, came + 7, scene.next);
    struct mapring_stat stat = stat_of(scene.path);
    check(stat.balanced);
    check_number(7, stat.consumer[1].lost_records);
    check_number(2, stat.consumer[1].read_records);
    mapring_observer_close(observer);
    mapring_consumer_close(second);
    mapring_consumer_close(first);
    scene_end(&scene);
}

/* Its cell is all that it has when it comes back. */
static void drops_before_a_durable_consumer_stay_untold_when_it_comes_back(void **state)
{
    (void)state;
    struct scene scene;
    mapring_consumer *first = dropping(&scene, 10);
    uint64_t came = scene.next;
    struct mapring_consumer_options options = {
        .from = MAPRING_NEWEST, .name = "second", .durable = true};
    mapring_consumer_close(open_with(scene.path, options));
    drop(&scene, 7);
    mapring_consumer *second = open_with(scene.path, options);
    check(stat_of(scene.path).balanced);
    make_room(first, 10);
    send_some(&scene, 1);
    expect_lost(second, came, came + 7);
    expect_all(second, came + 7, scene.next);
    check(stat_of(scene.path).balanced);
    mapring_consumer_close(second);
    mapring_consumer_close(first);
    scene_end(&scene);
}

/* The place where it stood is overwritten, gap record included; its losses count from where it
 * joined. */
static void a_lapse_counts_from_where_the_consumer_came(void **state)
{
    (void)state;
    struct scene scene;
    mapring_consumer *first = dropping(&scene, 10);
    uint64_t came = scene.next;
    struct mapring_consumer_options options = {
        .from = MAPRING_NEWEST, .name = "second", .durable = true, .max_lag_bytes = 1000};
    mapring_consumer_close(open_with(scene.path, options));
    mapring_consumer_close(first);
    check_result(MAPRING_OK, mapring_consumer_remove(scene.path, MAPRING_LOCAL, "d"));
    for (int i = 0; i < 3 * FULL; i++)
        send_bytes(&scene, BYTES);
    mapring_consumer *second = open_with(scene.path, options);
    struct mapring_record record;
    check_result(MAPRING_LOST, mapring_consumer_next(second, &record, 0));
    check_number(came, record.sequence);
    expect_all(second, came + record.lost_records, scene.next);
    check(stat_of(scene.path).balanced);
    mapring_consumer_close(second);
    scene_end(&scene);
}

/* The observer is lapped before it reaches the gap record. */
static void an_observer_of_a_ring_that_drops_counts_from_where_it_came(void **state)
{
    (void)state;
    struct scene scene;
    mapring_consumer *first = dropping(&scene, 10);
    mapring_observer *observer = observe(scene.path, MAPRING_NEWEST, MAPRING_OLDEST);
    uint64_t came = scene.next;
    struct mapring_record record;
    mapring_consumer_close(first);
    check_result(MAPRING_OK, mapring_consumer_remove(scene.path, MAPRING_LOCAL, "d"));
    send_some(&scene, 3 * FULL);
    check_result(MAPRING_LOST, mapring_observer_next(observer, &record, 0));
    check_number(came, record.sequence);
    uint64_t next = came + record.lost_records;
    while (mapring_observer_next(observer, &record, 0) == MAPRING_OK)
        check_number(next++, record.sequence);
    check_number(scene.next, next);
    mapring_observer_close(observer);
    scene_end(&scene);
}

/* With a buffer that is too small, the record stays, but the gap before it has been passed. */
static void a_gap_is_passed_over_once(void **state)
{
    (void)state;
    struct scene scene;
    mapring_consumer *first = dropping(&scene, 10);
    mapring_observer *observer = observe(scene.path, MAPRING_NEWEST, MAPRING_NEWEST);
    struct mapring_record record;
    unsigned char buffer[BYTES];
    make_room(first, 10);
    send_some(&scene, 1);
    check_result(MAPRING_ERROR_BUFFER_TOO_SMALL,
                 mapring_observer_receive(observer, buffer, 1, &record, 0));
    check_result(MAPRING_OK, mapring_observer_receive(observer, buffer, sizeof buffer, &record, 0));
    check_number(scene.next - 1, record.sequence);
    mapring_observer_close(observer);
    mapring_consumer_close(first);
    scene_end(&scene);
}

static void a_sequence_number_that_was_dropped_is_where_it_begins(void **state)
{
    (void)state;
    struct scene scene;
    mapring_consumer *first = dropping(&scene, 10);
    uint64_t dropped = scene.next - 10;
    mapring_consumer *second = open_from(scene.path, MAPRING_AT_SEQUENCE, dropped + 4);
    make_room(first, 10);
    send_some(&scene, 1);
    expect_lost(second, dropped + 4, dropped + 10);
    expect_all(second, dropped + 10, scene.next);
    mapring_consumer_close(second);
    second = open_from(scene.path, MAPRING_AT_SEQUENCE, dropped + 4);
    expect_lost(second, dropped + 4, dropped + 10);
    expect_all(second, dropped + 10, scene.next);
    check(stat_of(scene.path).balanced);
    mapring_consumer_close(second);
    mapring_consumer_close(first);
    scene_end(&scene);
}

/* ---- What nobody has read yet ---- */

static void one_reader_after_another_sees_each_record_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(begins); i++) {
        struct scene scene = scene_at(begins[i], MAPRING_BLOCK);
        send_some(&scene, 30);
        for (uint64_t next = 0; next < 30; next += 10) {
            mapring_consumer *consumer = open_from(scene.path, MAPRING_UNREAD, 0);
            read_some(consumer, next, 10);
            mapring_consumer_close(consumer);
        }
        send_some(&scene, 3);
        mapring_consumer *consumer = open_from(scene.path, MAPRING_UNREAD, 0);
        expect_all(consumer, 30, 33);
        mapring_consumer_close(consumer);
        scene_end(&scene);
    }
}

static void unread_is_behind_the_furthest_of_all(void **state)
{
    (void)state;
    struct scene scene = scene_at(0, MAPRING_BLOCK);
    send_some(&scene, 100);
    mapring_consumer *slow = open_from(scene.path, MAPRING_OLDEST, 0);
    mapring_consumer *fast = open_from(scene.path, MAPRING_OLDEST, 0);
    read_some(slow, 0, 10);
    read_some(fast, 0, 60);
    mapring_consumer_close(fast);
    mapring_consumer *next = open_from(scene.path, MAPRING_UNREAD, 0);
    expect_all(next, 60, 100);
    expect_all(slow, 10, 100);
    mapring_consumer_close(slow);
    mapring_consumer_close(next);
    scene_end(&scene);
}

/* This holds whoever uses the cell next, and however far back that consumer begins. */
static void a_cell_that_is_used_again_keeps_how_far_it_was(void **state)
{
    (void)state;
    struct scene scene = scene_at(0, MAPRING_BLOCK);
    send_some(&scene, 100);
    mapring_consumer *consumer = open_from(scene.path, MAPRING_OLDEST, 0);
    read_some(consumer, 0, 60);
    mapring_consumer_close(consumer);
    for (uint64_t i = 0; i < 4; i++) {
        consumer = open_from(scene.path, i % 2 ? MAPRING_OLDEST : MAPRING_AT_SEQUENCE, 10 * i);
        read_some(consumer, i % 2 ? 0 : 10 * i, 5);
        mapring_consumer_close(consumer);
    }
    consumer = open_from(scene.path, MAPRING_UNREAD, 0);
    expect_all(consumer, 60, 100);
    mapring_consumer_close(consumer);
    /* the place that the cell keeps has been passed by now */
    consumer = open_from(scene.path, MAPRING_UNREAD, 0);
    expect_all(consumer, 100, scene.next);
    mapring_consumer_close(consumer);
    scene_end(&scene);
}

static void going_back_makes_nothing_unread(void **state)
{
    (void)state;
    struct scene scene = scene_at(0, MAPRING_BLOCK);
    send_some(&scene, 100);
    mapring_consumer *consumer = open_from(scene.path, MAPRING_UNREAD, 0);
    read_some(consumer, 0, 60);
    check_result(MAPRING_OK, mapring_consumer_seek(consumer, MAPRING_OLDEST, 0));
    read_some(consumer, 0, 3);
    check_result(MAPRING_OK, mapring_consumer_seek(consumer, MAPRING_UNREAD, 0));
    read_some(consumer, 60, 3);
    check_result(MAPRING_OK, mapring_consumer_seek(consumer, MAPRING_AT_SEQUENCE, 20));
    read_some(consumer, 20, 3);
    mapring_consumer_close(consumer);
    consumer = open_from(scene.path, MAPRING_UNREAD, 0);
    expect_all(consumer, 63, 100);
    mapring_consumer_close(consumer);
    scene_end(&scene);
}

static void what_was_unread_and_is_no_longer_kept_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(begins); i++) {
        struct scene scene = scene_at(begins[i], MAPRING_BLOCK);
        send_some(&scene, 100);
        mapring_consumer *consumer = open_from(scene.path, MAPRING_UNREAD, 0);
        read_some(consumer, 0, 40);
        mapring_consumer_close(consumer); /* from now on nobody gates the producer */
        send_some(&scene, 3 * FULL);
        uint64_t oldest = first_of_observer(scene.path);
        consumer = open_from(scene.path, MAPRING_UNREAD, 0);
        expect_lost(consumer, 40, oldest);
        expect_all(consumer, oldest, scene.next);
        struct mapring_stat stat = stat_of(scene.path);
        check(stat.balanced);
        check_number(oldest - 40, stat.consumer[0].lost_records);
        mapring_consumer_close(consumer);
        scene_end(&scene);
    }
}

static void what_a_killed_reader_has_released_is_read(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = SMALL});
    struct process *writer = start_producer(name), *reader = start_actor();
    expect(writer, MAPRING_OK, "send 30 50");
    expect(reader, MAPRING_OK, "consumer %s unread d durable", name);
    expect_records(reader, 0, 12);
    process_kill(reader);
    expect_records(start_consumer(name, "unread"), 12, 18);
}

static void a_durable_consumer_begins_with_what_is_unread_once(void **state)
{
    (void)state;
    struct scene scene = scene_at(0, MAPRING_BLOCK);
    send_some(&scene, 100);
    mapring_consumer *other = open_from(scene.path, MAPRING_OLDEST, 0);
    read_some(other, 0, 50);
    mapring_consumer_close(other);
    mapring_consumer *durable = open_durable(scene.path, MAPRING_UNREAD);
    read_some(durable, 50, 5);
    mapring_consumer_close(durable);
    other = open_from(scene.path, MAPRING_OLDEST, 0);
    read_some(other, 0, 80);
    mapring_consumer_close(other);
    durable = open_durable(scene.path, MAPRING_UNREAD);
    expect_all(durable, 55, 100);
    mapring_consumer_close(durable);
    scene_end(&scene);
}

/* ---- Runs ---- */

static void next_run(struct scene *scene)
{
    mapring_producer_close(scene->producer);
    check_result(MAPRING_OK, mapring_producer_open(&scene->producer, scene->path, NULL));
}

static void a_run_begins_with_its_first_record(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(begins); i++) {
        struct scene scene = scene_at(begins[i], MAPRING_BLOCK);
        send_some(&scene, 10);
        next_run(&scene);
        mapring_consumer *early = open_from(scene.path, MAPRING_RUN, 0);
        send_some(&scene, 10);
        mapring_consumer *late = open_from(scene.path, MAPRING_RUN, 0);
        mapring_observer *observer = observe(scene.path, MAPRING_RUN, MAPRING_RUN);
        struct mapring_record record;
        expect_all(early, 10, 20);
        expect_all(late, 10, 20);
        check_result(MAPRING_OK, mapring_consumer_seek(early, MAPRING_RUN, 0));
        expect_all(early, 10, 20);
        check_result(MAPRING_OK, mapring_observer_next(observer, &record, 0));
        check_number(10, record.sequence);
        mapring_observer_close(observer);
        mapring_consumer_close(early);
        mapring_consumer_close(late);
        scene_end(&scene);
    }
}

static void between_runs_it_is_the_next_one(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = SMALL});
    struct process *writer = start_actor(), *closed = start_actor(), *died = start_actor(),
                   *observer = start_actor();
    expect(writer, MAPRING_OK, "producer %s", name);
    expect(writer, MAPRING_OK, "send 10 100");
    expect(writer, MAPRING_OK, "close");
    expect(closed, MAPRING_OK, "consumer %s run", name);
    expect(writer, MAPRING_OK, "producer %s", name);
    expect(writer, MAPRING_OK, "send 10 100");
    process_kill(writer);
    expect(died, MAPRING_OK, "consumer %s run", name);
    expect(observer, MAPRING_OK, "observer %s run", name);
    writer = start_producer(name);
    expect(writer, MAPRING_OK, "send 5 100");
    expect_records(died, 20, 5);
    check_number(20, expect(observer, MAPRING_OK, "look").sequence);
    expect_records(closed, 10, 10);
    expect(closed, MAPRING_PRODUCER_DIED, "read 1");
    expect_records(closed, 20, 5);
}

static void of_a_run_that_is_no_longer_kept_what_is_lost_is_told(void **state)
{
    (void)state;
    struct scene scene = scene_at(0, MAPRING_BLOCK);
    mapring_consumer_close(open_from(scene.path, MAPRING_OLDEST, 0));
    send_some(&scene, 10);
    next_run(&scene);
    send_some(&scene, 3 * FULL);
    uint64_t oldest = first_of_observer(scene.path);
    mapring_consumer *consumer = open_from(scene.path, MAPRING_RUN, 0);
    expect_lost(consumer, 10, oldest);
    expect_all(consumer, oldest, scene.next);
    mapring_observer *observer = observe(scene.path, MAPRING_RUN, MAPRING_OLDEST);
    struct mapring_record record;
    check_result(MAPRING_LOST, mapring_observer_next(observer, &record, 0));
    check_number(10, record.sequence);
    check_number(oldest - 10, record.lost_records);
    check_result(MAPRING_OK, mapring_observer_next(observer, &record, 0));
    check_number(oldest, record.sequence);
    mapring_observer_close(observer);
    mapring_consumer_close(consumer);
    scene_end(&scene);
}

/* Drops of the run before that could not be reported belong to that run. */
static void a_run_begins_behind_the_drops_of_the_one_before(void **state)
{
    (void)state;
    struct scene scene;
    mapring_consumer *first = dropping(&scene, 10);
    uint64_t head = load_relaxed(&scene.producer->ring.cells->cell[0].head);
    /* takes away the room that is reserved for reporting them at the close */
    store_release(&scene.producer->ring.cells->cell[0].head, head - SPAN);
    next_run(&scene);
    store_release(&scene.producer->ring.cells->cell[0].head, head);
    uint64_t begin = scene.next;
    mapring_consumer *second = open_from(scene.path, MAPRING_RUN, 0);
    drop(&scene, 3);
    make_room(first, 10);
    send_some(&scene, 1);
    expect_lost(second, begin, begin + 3);
    expect_all(second, begin + 3, scene.next);
    check(stat_of(scene.path).balanced);
    mapring_consumer_close(second);
    mapring_consumer_close(first);
    scene_end(&scene);
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(seeking_the_oldest_skips_nothing),
    TEST(seeking_ones_own_next_record_skips_nothing),
    TEST(another_consumer_begins_at_any_record_that_is_kept),
    TEST(a_record_before_the_first_one_is_lost),
    TEST(who_has_lapsed_finds_the_oldest_too),
    TEST(what_is_kept_does_not_depend_on_who_made_it_so),
    TEST(a_consumer_that_is_joining_is_waited_for),
    TEST(a_consumer_behind_what_is_kept_for_all_keeps_its_place),
    TEST(the_oldest_is_the_first_one_that_is_not_overwritten),
    TEST(most_of_a_flight_recorder_is_kept),
    TEST(after_a_lap_the_newest_is_what_comes_next),
    TEST(after_a_lap_the_oldest_is_the_oldest),
    TEST(who_is_lapped_again_at_once_goes_on_with_room_to_spare),
    TEST(with_few_marks_room_to_spare_is_the_newest),
    TEST(the_newest_is_behind_what_a_dead_producer_has_committed),
    TEST(who_begins_at_the_newest_is_told_of_no_drops_before),
    TEST(who_begins_at_the_newest_is_told_of_drops_since),
    TEST(drops_before_a_durable_consumer_stay_untold_when_it_comes_back),
    TEST(a_lapse_counts_from_where_the_consumer_came),
    TEST(an_observer_of_a_ring_that_drops_counts_from_where_it_came),
    TEST(a_gap_is_passed_over_once),
    TEST(a_sequence_number_that_was_dropped_is_where_it_begins),
    TEST(one_reader_after_another_sees_each_record_once),
    TEST(unread_is_behind_the_furthest_of_all),
    TEST(a_cell_that_is_used_again_keeps_how_far_it_was),
    TEST(going_back_makes_nothing_unread),
    TEST(what_was_unread_and_is_no_longer_kept_is_told),
    TEST(what_a_killed_reader_has_released_is_read),
    TEST(a_durable_consumer_begins_with_what_is_unread_once),
    TEST(a_run_begins_with_its_first_record),
    TEST(between_runs_it_is_the_next_one),
    TEST(of_a_run_that_is_no_longer_kept_what_is_lost_is_told),
    TEST(a_run_begins_behind_the_drops_of_the_one_before),
};
TEST_MAIN(roles, tests)
