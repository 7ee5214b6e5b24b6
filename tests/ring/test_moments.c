/* SPDX-License-Identifier: MIT */
/*
 * Another process acts in the middle of a call: in turn before each access to shared words that the
 * call makes, and before each of its system calls. Whatever the other process does at that moment,
 * the result of the call must be one that it could have had a little earlier or later.
 */
#include "moments.h"

#include "actor.h"
#include "consumer/consumer.h"
#include "consumer/distance.h"
#include "producer/cells.h"
#include "producer/producer.h"

enum {
    SMALL = 65536,
    RECORD_BYTES = 1000,
    VAIN = 5, /* failed spins, after which it hardly spins before it sleeps */
    SHORT_WAIT_NS = 1000000,
    SHORT_PATIENCE_NS = 200000000,
};

static const struct mapring_options small = {.capacity_bytes = SMALL};
static const struct mapring_options dropping = {.capacity_bytes = SMALL, .when_full = MAPRING_DROP};
static const struct mapring_options overwriting = {.capacity_bytes = SMALL,
                                                   .when_full = MAPRING_OVERWRITE};

/* The processes and handles involved, and the results of the call. */
struct scene {
    const char *name;
    struct process *other, *remover;
    mapring_ring *ring;
    mapring_producer *producer, *dead;
    mapring_consumer *consumer;
    mapring_observer *observer;
    mapring_image *image;
    int result;
    struct mapring_record record;
    struct mapring_stat stat;
    uint64_t count, before;
    int64_t began;
};

struct encounter {
    void (*prepare)(struct scene *scene);
    void (*call)(struct scene *scene);
    void (*meanwhile)(void *scene);
    void (*confirm)(struct scene *scene);
};

static void leave(struct scene *scene)
{
    mapring_image_close(scene->image);
    mapring_observer_close(scene->observer);
    mapring_consumer_close(scene->consumer);
    mapring_producer_close(scene->producer);
    mapring_producer_close(scene->dead);
    mapring_close(scene->ring);
    scene->image = NULL;
    scene->observer = NULL;
    scene->consumer = NULL;
    scene->producer = NULL;
    scene->dead = NULL;
    scene->ring = NULL;
    expect(scene->other, MAPRING_OK, "close");
}

/* Returns how many moments the call had. If `number` is after the last one, the other process acts
 * after the call. */
static long meet_once(struct scene *scene, const struct encounter *encounter, long number)
{
    encounter->prepare(scene);
    moments_start(number, encounter->meanwhile, scene);
    encounter->call(scene);
    long count = moments_stop();
    if (count <= number)
        encounter->meanwhile(scene);
    encounter->confirm(scene);
    leave(scene);
    return count;
}

/* Otherwise, one moment in seven is tried. */
static long moment_after(long number)
{
    return number + (tries_all() ? 1 : 7);
}

/* Lets the other process act at each moment, as many as the call has when undisturbed. */
static void meet(const char *name, const struct encounter *encounter)
{
    struct scene scene = {.name = name, .other = start_actor()};
    encounter->prepare(&scene);
    moments_start(MOMENT_NONE, encounter->meanwhile, &scene);
    encounter->call(&scene);
    long count = moments_stop();
    leave(&scene);
    check(count > 0);
    for (long number = 0; number < count; number = moment_after(number))
        meet_once(&scene, encounter, number);
}

/* Lets the other process act at every moment of a single call. */
static void meet_at_each(const char *name, const struct encounter *encounter)
{
    struct scene scene = {.name = name, .other = start_actor()};
    meet_once(&scene, encounter, MOMENT_EACH);
}

static void attach_producer(struct scene *scene)
{
    check_result(MAPRING_OK, mapring_producer_open(&scene->producer, scene->name, NULL));
}

static void attach_consumer(struct scene *scene)
{
    static const struct mapring_consumer_options newest = {.from = MAPRING_NEWEST,
                                                           .wait_producer = true};
    check_result(MAPRING_OK, mapring_consumer_open(&scene->consumer, scene->name, &newest));
    scene->consumer->reader.spin.vain = VAIN;
}

static void other_is_producer(struct scene *scene)
{
    expect(scene->other, MAPRING_OK, "producer %s", scene->name);
}

static void other_is_consumer(struct scene *scene)
{
    expect(scene->other, MAPRING_OK, "consumer %s newest", scene->name);
}

static void other_closes(void *context)
{
    struct scene *scene = context;
    expect(scene->other, MAPRING_OK, "close");
}

static void other_sends(void *context)
{
    struct scene *scene = context;
    expect(scene->other, MAPRING_OK, "send 1 %d", RECORD_BYTES);
}

static void other_sends_little(void *context)
{
    struct scene *scene = context;
    expect(scene->other, MAPRING_OK, "send 1 8");
}

/* Sends so much that each mark is rewritten. */
static void other_laps(void *context)
{
    struct scene *scene = context;
    expect(scene->other, MAPRING_OK, "send %d %d", 5 * SMALL / RECORD_BYTES, RECORD_BYTES);
}

static void send_one(struct scene *scene, int64_t timeout_ns)
{
    char data[RECORD_BYTES];
    record_fill(data, sizeof data, scene->producer->hot.sequence);
    scene->result = mapring_producer_send(scene->producer, data, sizeof data, timeout_ns);
}

static void fill_up(struct scene *scene)
{
    do
        send_one(scene, 0);
    while (scene->result == MAPRING_OK);
}

/* ---- Statistics ---- */

static void prepare_stat(struct scene *scene)
{
    check_result(MAPRING_OK, mapring_open(&scene->ring, scene->name, NULL));
    other_is_producer(scene);
}

static void call_stat(struct scene *scene)
{
    scene->result = mapring_stat(scene->ring, &scene->stat);
}

static void confirm_open_or_closed(struct scene *scene)
{
    check_result(MAPRING_OK, scene->result);
    check(scene->stat.producer_state == MAPRING_PRODUCER_IS_OPEN ||
          scene->stat.producer_state == MAPRING_PRODUCER_HAS_CLOSED);
    check(scene->stat.balanced);
}

static void a_producer_that_closes_is_not_called_dead(void **state)
{
    (void)state;
    static const struct encounter encounter = {prepare_stat, call_stat, other_closes,
                                               confirm_open_or_closed};
    meet(new_ring(&small), &encounter);
}

static void prepare_reading(struct scene *scene)
{
    check_result(MAPRING_OK, mapring_open(&scene->ring, scene->name, NULL));
    attach_producer(scene);
    other_is_consumer(scene);
}

static void other_reads(void *context)
{
    struct scene *scene = context;
    send_one(scene, 0);
    check_result(MAPRING_OK, scene->result);
    expect(scene->other, MAPRING_OK, "read 1");
    expect(scene->other, MAPRING_NOTHING, "next"); /* makes it publish what it has released */
}

static void confirm_balance(struct scene *scene)
{
    check_result(MAPRING_OK, scene->result);
    check_number(1, scene->stat.consumers);
    check(scene->stat.balanced);
}

static void confirm_no_failure(struct scene *scene)
{
    check_result(MAPRING_OK, scene->result);
}

static void a_ledger_that_is_written_meanwhile_is_balanced(void **state)
{
    (void)state;
    static const struct encounter once = {prepare_reading, call_stat, other_reads, confirm_balance};
    static const struct encounter always = {prepare_reading, call_stat, other_reads,
                                            confirm_no_failure};
    const char *name = new_ring(&small);
    meet(name, &once);
    meet_at_each(name, &always);
}

static void prepare_dropping(struct scene *scene)
{
    check_result(MAPRING_OK, mapring_open(&scene->ring, scene->name, NULL));
    attach_consumer(scene);
    other_is_producer(scene);
    expect(scene->other, MAPRING_DROPPED, "send 1000 %d", RECORD_BYTES);
    call_stat(scene);
    scene->before = scene->stat.dropped_records;
}

static void other_drops(void *context)
{
    struct scene *scene = context;
    expect(scene->other, MAPRING_DROPPED, "send 1 %d", RECORD_BYTES);
}

static void confirm_drops(struct scene *scene)
{
    uint64_t dropped = scene->stat.dropped_records;
    check_result(MAPRING_OK, scene->result);
    check(dropped == scene->before || dropped == scene->before + 1);
    check_number(dropped * RECORD_BYTES, scene->stat.dropped_payload_bytes);
    check(scene->stat.balanced);
}

static void drops_that_are_counted_meanwhile_come_with_their_bytes(void **state)
{
    (void)state;
    static const struct encounter once = {prepare_dropping, call_stat, other_drops, confirm_drops};
    static const struct encounter always = {prepare_dropping, call_stat, other_drops,
                                            confirm_no_failure};
    const char *name = new_ring(&dropping);
    meet(name, &once);
    meet_at_each(name, &always);
}

/* ---- Waiting ---- */

static void prepare_waiting(struct scene *scene)
{
    attach_consumer(scene);
    other_is_producer(scene);
}

static void call_next(struct scene *scene)
{
    scene->result = mapring_consumer_next(scene->consumer, &scene->record, SHORT_WAIT_NS);
}

/* An end or a record that comes too late for the call is there for the next one. */
static void confirm_closed(struct scene *scene)
{
    if (scene->result == MAPRING_TIMED_OUT)
        call_next(scene);
    check_result(MAPRING_PRODUCER_CLOSED, scene->result);
}

static void confirm_record(struct scene *scene)
{
    if (scene->result == MAPRING_TIMED_OUT)
        call_next(scene);
    check_result(MAPRING_OK, scene->result);
    check(record_is_intact(scene->record.payload, scene->record.bytes, scene->record.sequence));
}

static void a_consumer_about_to_sleep_sees_the_close(void **state)
{
    (void)state;
    static const struct encounter encounter = {prepare_waiting, call_next, other_closes,
                                               confirm_closed};
    meet(new_ring(&small), &encounter);
}

static void a_consumer_about_to_sleep_sees_the_record(void **state)
{
    (void)state;
    static const struct encounter encounter = {prepare_waiting, call_next, other_sends,
                                               confirm_record};
    meet(new_ring(&small), &encounter);
}

static void call_send(struct scene *scene)
{
    send_one(scene, SHORT_WAIT_NS);
}

static void confirm_sent(struct scene *scene)
{
    if (scene->result == MAPRING_TIMED_OUT)
        call_send(scene);
    check_result(MAPRING_OK, scene->result);
}

static void prepare_full(struct scene *scene)
{
    attach_producer(scene);
    scene->producer->spin.vain = VAIN;
    other_is_consumer(scene);
    fill_up(scene);
    check_result(MAPRING_NO_ROOM, scene->result);
}

static void other_makes_room(void *context)
{
    struct scene *scene = context;
    expect(scene->other, MAPRING_OK, "read %d", SMALL / 2 / RECORD_BYTES);
}

static void a_producer_about_to_sleep_sees_the_room(void **state)
{
    (void)state;
    static const struct encounter encounter = {prepare_full, call_send, other_makes_room,
                                               confirm_sent};
    meet(new_ring(&small), &encounter);
}

static void a_producer_about_to_sleep_sees_the_last_consumer_leave(void **state)
{
    (void)state;
    static const struct encounter encounter = {prepare_full, call_send, other_closes, confirm_sent};
    meet(new_ring(&small), &encounter);
}

static void prepare_lone_record(struct scene *scene)
{
    prepare_waiting(scene);
    scene->consumer->distance.streak = scene->consumer->distance.patience;
    other_sends(scene);
}

static void call_consider_distance(struct scene *scene)
{
    consumer_consider_distance(scene->consumer);
}

static void confirm_distance(struct scene *scene)
{
    struct distance *distance = &scene->consumer->distance;
    check(distance->kept ? distance->patience == PATIENCE_LEAST
                         : distance->patience == 2 * PATIENCE_LEAST);
    scene->count += distance->kept;
}

static void a_distance_is_kept_if_more_comes(void **state)
{
    (void)state;
    static const struct encounter encounter = {prepare_lone_record, call_consider_distance,
                                               other_sends, confirm_distance};
    struct scene scene = {.name = new_ring(&small), .other = start_actor()};
    check_number(2, meet_once(&scene, &encounter, 0));
    check_number(0, scene.count);
    meet_once(&scene, &encounter, 1);
    check_number(1, scene.count);
}

/* ---- Observers and images ---- */

static void observe(struct scene *scene, enum mapring_from from)
{
    const struct mapring_observer_options options = {.from = from};
    scene->result = mapring_observer_open(&scene->observer, scene->name, &options);
}

static void prepare_observer(struct scene *scene)
{
    other_is_producer(scene);
    other_sends(scene);
    observe(scene, MAPRING_OLDEST);
    check_result(MAPRING_OK, scene->result);
}

static void call_observe(struct scene *scene)
{
    static unsigned char buffer[RECORD_BYTES];
    scene->result =
        mapring_observer_receive(scene->observer, buffer, sizeof buffer, &scene->record, 0);
}

static void confirm_intact_or_lost(struct scene *scene)
{
    if (scene->result == MAPRING_LOST)
        check(scene->record.lost_records > 0);
    else
        confirm_record(scene);
}

static void an_observer_that_is_lapped_meanwhile_says_so(void **state)
{
    (void)state;
    static const struct encounter encounter = {prepare_observer, call_observe, other_laps,
                                               confirm_intact_or_lost};
    meet(new_ring(&overwriting), &encounter);
}

static void call_observe_oldest(struct scene *scene)
{
    observe(scene, MAPRING_OLDEST);
}

static void call_observe_newest(struct scene *scene)
{
    observe(scene, MAPRING_NEWEST);
}

static void confirm_place(struct scene *scene)
{
    check_result(MAPRING_OK, scene->result);
    other_sends(scene);
    call_observe(scene);
    confirm_intact_or_lost(scene);
}

static void an_observer_finds_a_place_while_all_marks_are_written_anew(void **state)
{
    (void)state;
    static const struct encounter oldest = {other_is_producer, call_observe_oldest, other_laps,
                                            confirm_place};
    static const struct encounter newest = {other_is_producer, call_observe_newest, other_laps,
                                            confirm_place};
    const char *name = new_ring(&overwriting);
    meet(name, &oldest);
    meet(name, &newest);
}

/* ---- Images ---- */

static void prepare_image(struct scene *scene)
{
    check_result(MAPRING_OK, mapring_open(&scene->ring, scene->name, NULL));
    other_is_producer(scene);
    call_stat(scene);
    scene->before = scene->stat.records;
    check_result(MAPRING_OK, mapring_image_open(&scene->image, scene->name, MAPRING_LOCAL));
}

static void call_read_image(struct scene *scene)
{
    struct mapring_record record;
    scene->count = 0;
    while ((scene->result = mapring_image_next(scene->image, &record)) == MAPRING_OK) {
        check(record_is_intact(record.payload, record.bytes, record.sequence));
        scene->count++;
    }
}

static void confirm_all_records(struct scene *scene)
{
    check_result(MAPRING_NOTHING, scene->result);
    check(scene->count == scene->before || scene->count == scene->before + 1);
}

static void an_image_is_read_beside_its_producer(void **state)
{
    (void)state;
    static const struct encounter encounter = {prepare_image, call_read_image, other_sends_little,
                                               confirm_all_records};
    meet(new_ring(&small), &encounter);
    meet(new_ring_file(&small), &encounter);
}

static void call_open_image(struct scene *scene)
{
    scene->result = mapring_image_open(&scene->image, scene->name, MAPRING_LOCAL);
}

/* The first record may have been overwritten by now, so a loss is allowed. */
static void confirm_image(struct scene *scene)
{
    struct mapring_record record;
    check_result(MAPRING_OK, scene->result);
    int result = mapring_image_next(scene->image, &record);
    check(result == MAPRING_OK || result == MAPRING_LOST || result == MAPRING_NOTHING);
}

static void an_image_finds_where_to_begin_while_that_moves(void **state)
{
    (void)state;
    static const struct encounter encounter = {other_is_producer, call_open_image, other_laps,
                                               confirm_image};
    meet(new_ring_file(&overwriting), &encounter);
}

static void other_has_lapped(struct scene *scene)
{
    other_is_producer(scene);
    other_laps(scene);
    scene->count = scene->before;
}

/* The other process advances by one mark per attempt to find the oldest record. */
enum { MOMENTS_OF_A_TRY = 8 };

static void other_moves_on(void *context)
{
    struct scene *scene = context;
    if (scene->count++ % MOMENTS_OF_A_TRY == 0)
        expect(scene->other, MAPRING_OK, "send %d %d", SMALL / MARKS_PER_LAP / RECORD_BYTES + 1,
               RECORD_BYTES);
}

static void an_image_begins_somewhere_while_all_moves_all_the_time(void **state)
{
    (void)state;
    static const struct encounter encounter = {other_has_lapped, call_open_image, other_moves_on,
                                               confirm_image};
    struct scene scene = {.name = new_ring_file(&overwriting), .other = start_actor()};
    for (; scene.before < MOMENTS_OF_A_TRY; scene.before++)
        meet_once(&scene, &encounter, MOMENT_EACH);
}

/* ---- Coming and going ---- */

static void prepare_nothing(struct scene *scene)
{
    (void)scene;
}

static void call_join(struct scene *scene)
{
    scene->result = mapring_consumer_open(&scene->consumer, scene->name, NULL);
}

static void other_leaves_its_place(void *context)
{
    struct scene *scene = context;
    expect(scene->other, MAPRING_OK, "consumer %s oldest other durable", scene->name);
    expect(scene->other, MAPRING_OK, "close");
}

/* Both consumers have a place of their own. */
static void confirm_joined(struct scene *scene)
{
    check_result(MAPRING_OK, scene->result);
    check_number(2, stat_of(scene->name).consumers);
    mapring_consumer_close(scene->consumer);
    scene->consumer = NULL;
    check_number(1, stat_of(scene->name).consumers);
    check_result(MAPRING_OK, mapring_consumer_remove(scene->name, MAPRING_LOCAL, "other"));
}

static void a_joining_consumer_respects_a_place_that_is_left_meanwhile(void **state)
{
    (void)state;
    static const struct encounter encounter = {prepare_nothing, call_join, other_leaves_its_place,
                                               confirm_joined};
    meet(new_ring(&small), &encounter);
}

static void prepare_dead_consumer(struct scene *scene)
{
    struct process *victim = start_consumer(scene->name, "newest");
    attach_producer(scene);
    send_one(scene, 0);
    process_kill(victim);
}

static void call_reap(struct scene *scene)
{
    scene->result = cell_reap(&scene->producer->ring, 0, scene->producer->hot.position);
}

/* The durable consumer that is now away in the cell keeps its place, and has lost nothing. */
static void confirm_place_is_kept(struct scene *scene)
{
    struct mapring_stat stat = stat_of(scene->name);
    check_number(1, stat.consumers);
    check_number(MAPRING_CONSUMER_AWAY, stat.consumer[0].state);
    expect(scene->other, MAPRING_OK, "consumer %s newest other durable", scene->name);
    check_number(0, expect(scene->other, MAPRING_OK, "next").lost);
    expect(scene->other, MAPRING_OK, "close");
    check_result(MAPRING_OK, mapring_consumer_remove(scene->name, MAPRING_LOCAL, "other"));
    check_number(0, stat_of(scene->name).consumers);
}

static void a_durable_consumer_in_the_cell_of_the_dead_is_waited_for(void **state)
{
    (void)state;
    static const struct encounter encounter = {prepare_dead_consumer, call_reap,
                                               other_leaves_its_place, confirm_place_is_kept};
    meet(new_ring(&small), &encounter);
}

static void write_on(void *context)
{
    struct ring_cell *cell = context;
    store_release(&cell->ledgers_made, load_relaxed(&cell->ledgers_made) + 2);
}

/* A ledger that changes all the time cannot be read, and nobody waits for it for ever. */
static void a_ledger_that_never_rests_is_left_out(void **state)
{
    (void)state;
    static const struct mapring_consumer_options newest = {.from = MAPRING_NEWEST};
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    mapring_consumer *restless, *consumer;
    struct mapring_record record;
    expect(writer, MAPRING_OK, "send 3 100");
    check_result(MAPRING_OK, mapring_consumer_open(&restless, name, &newest));
    moments_start(MOMENT_EACH, write_on, &restless->reader.ring.cells->cell[0]);
    int result = mapring_consumer_open(&consumer, name, NULL);
    moments_stop();
    check_result(MAPRING_OK, result);
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check_number(0, record.sequence);
    mapring_consumer_close(consumer);
    mapring_consumer_close(restless);
}

static void other_sends_and_releases(void *context)
{
    struct scene *scene = context;
    expect(scene->other, MAPRING_OK, "send 1 %d", RECORD_BYTES);
    expect(scene->other, MAPRING_OK, "receive");
}

static void prepare_reader_beside(struct scene *scene)
{
    check_result(MAPRING_OK, mapring_open(&scene->ring, scene->name, NULL));
    other_is_producer(scene);
    expect(scene->other, MAPRING_OK, "consumer %s unread other durable", scene->name);
    other_sends_and_releases(scene);
    call_stat(scene);
    scene->before = scene->stat.sequence;
}

static void confirm_begins_about_now(struct scene *scene)
{
    check_result(MAPRING_OK, scene->result);
    int result = mapring_consumer_next(scene->consumer, &scene->record, 0);
    check(result == MAPRING_OK || result == MAPRING_NOTHING);
    if (result == MAPRING_OK)
        check_number(scene->before, scene->record.sequence);
    mapring_consumer_close(scene->consumer);
    scene->consumer = NULL;
}

static void who_begins_with_what_is_unread_sees_a_place_that_was_one(void **state)
{
    (void)state;
    static const struct encounter encounter = {prepare_reader_beside, call_join,
                                               other_sends_and_releases, confirm_begins_about_now};
    meet(new_ring(&small), &encounter);
}

static void other_begins_unread(void *context)
{
    struct scene *scene = context;
    expect(scene->other, MAPRING_OK, "consumer %s unread", scene->name);
    check_number(3, expect(scene->other, MAPRING_OK, "next").sequence);
    expect(scene->other, MAPRING_OK, "close");
}

static void prepare_durable_with_three_read(struct scene *scene)
{
    static const struct mapring_consumer_options durable = {.name = "d", .durable = true};
    scene->name = new_ring(&small); /* new each time: the ledger of `other` would count, too */
    check_result(MAPRING_OK, mapring_producer_open(&scene->producer, scene->name, NULL));
    check_result(MAPRING_OK, mapring_consumer_open(&scene->consumer, scene->name, &durable));
    for (int i = 0; i < 5; i++) {
        unsigned char payload[RECORD_BYTES];
        record_fill(payload, sizeof payload, (uint64_t)i);
        check_result(MAPRING_OK,
                     mapring_producer_send(scene->producer, payload, sizeof payload, 0));
    }
    for (int i = 0; i < 3; i++) {
        check_result(MAPRING_OK, mapring_consumer_next(scene->consumer, &scene->record, 0));
        check_result(MAPRING_OK, mapring_consumer_release(scene->consumer));
    }
}

static void call_seek_oldest(struct scene *scene)
{
    scene->result = mapring_consumer_seek(scene->consumer, MAPRING_OLDEST, 0);
}

static void confirm_oldest(struct scene *scene)
{
    check_result(MAPRING_OK, scene->result);
    check_result(MAPRING_OK, mapring_consumer_next(scene->consumer, &scene->record, 0));
    check_number(0, scene->record.sequence);
}

/* A consumer that is killed at any of these moments leaves no less. */
static void how_far_it_was_is_known_at_each_moment_of_going_back(void **state)
{
    (void)state;
    static const struct encounter encounter = {prepare_durable_with_three_read, call_seek_oldest,
                                               other_begins_unread, confirm_oldest};
    meet(NULL, &encounter);
}

static void prepare_file(struct scene *scene)
{
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, scene->name, &small));
    mapring_close(ring);
}

static void call_attach(struct scene *scene)
{
    static const struct mapring_options attach = {.how = MAPRING_ATTACH};
    scene->result = mapring_open(&scene->ring, scene->name, &attach);
}

static void remove_file(void *context)
{
    struct scene *scene = context;
    check_number(0, remove(scene->name));
}

static void confirm_attached_or_not_there(struct scene *scene)
{
    check(scene->result == MAPRING_OK || scene->result == MAPRING_ERROR_NOT_THERE);
}

static void a_file_that_is_removed_meanwhile_was_there_or_was_not(void **state)
{
    (void)state;
    static const struct encounter encounter = {prepare_file, call_attach, remove_file,
                                               confirm_attached_or_not_there};
    meet(new_path(".ring"), &encounter);
}

static void call_create(struct scene *scene)
{
    scene->result = mapring_open(&scene->ring, scene->name, &small);
}

static void remove_new_file(void *context)
{
    struct scene *scene = context;
    remove(scene->name); /* it may not be there yet */
}

static void confirm_made(struct scene *scene)
{
    check_result(MAPRING_OK, scene->result);
    remove_new_file(scene);
}

static void a_file_that_is_removed_while_it_is_made_is_made_anew(void **state)
{
    (void)state;
    static const struct encounter encounter = {prepare_nothing, call_create, remove_new_file,
                                               confirm_made};
    meet(new_path(".ring"), &encounter);
}

/* Removes the ring if it can take all roles. It waits for a ring that is being created. */
static void other_removes(void *context)
{
    struct scene *scene = context;
    tell(scene->other, "remove %s", scene->name);
    int result = answer(scene->other).result;
    check(result == MAPRING_OK || result == MAPRING_ERROR_NOT_THERE ||
          result == MAPRING_ERROR_IN_USE);
}

static void call_open_producer(struct scene *scene)
{
    scene->result = mapring_producer_open(&scene->producer, scene->name, &small);
}

static void confirm_producer_is_found(struct scene *scene)
{
    check_result(MAPRING_OK, scene->result);
    check_number(MAPRING_PRODUCER_IS_OPEN, stat_of(scene->name).producer_state);
}

static void a_producer_does_not_come_to_a_ring_that_goes(void **state)
{
    (void)state;
    static const struct encounter encounter = {prepare_file, call_open_producer, other_removes,
                                               confirm_producer_is_found};
    meet(new_path(".ring"), &encounter);
}

static void call_open_consumer(struct scene *scene)
{
    scene->result = mapring_consumer_open(&scene->consumer, scene->name, NULL);
}

/* Leaves a producer without its role and not closed, as if it had been killed. */
static void prepare_dead_producer(struct scene *scene)
{
    check_result(MAPRING_OK, mapring_producer_open(&scene->dead, scene->name, &small));
    platform_role_drop(scene->dead->ring.object, ROLE_PRODUCER);
}

/* Attaches at the moment `before`, and looks for a record at each moment from then on. */
static void other_waits_for_producer(void *context)
{
    struct scene *scene = context;
    if (scene->count == scene->before)
        expect(scene->other, MAPRING_OK, "consumer %s run", scene->name);
    if (scene->count++ >= scene->before)
        expect(scene->other, MAPRING_NOTHING, "next");
}

static void confirm_producer_is_open(struct scene *scene)
{
    check_result(MAPRING_OK, scene->result);
}

static void who_waits_for_a_producer_is_not_told_of_the_death_before(void **state)
{
    (void)state;
    static const struct encounter encounter = {prepare_dead_producer, call_open_producer,
                                               other_waits_for_producer, confirm_producer_is_open};
    struct scene scene = {.name = new_ring_name(), .other = start_actor()};
    long count;
    do {
        scene.count = 0;
        count = meet_once(&scene, &encounter, MOMENT_EACH);
    } while (scene.before++ < (uint64_t)count);
}

static void confirm_consumer_is_found(struct scene *scene)
{
    if (scene->result == MAPRING_OK)
        check_number(1, stat_of(scene->name).consumers);
    else
        check_result(MAPRING_ERROR_NOT_THERE, scene->result);
}

static void a_consumer_does_not_come_to_a_ring_that_goes(void **state)
{
    (void)state;
    static const struct encounter encounter = {prepare_file, call_open_consumer, other_removes,
                                               confirm_consumer_is_found};
    meet(new_path(".ring"), &encounter);
}

static void prepare_left_over(struct scene *scene)
{
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, scene->name, &small));
    mapring_producer_close(producer);
}

static void other_prunes(void *context)
{
    struct scene *scene = context;
    tell(scene->other, "prune %s", scene->name);
    int result = answer(scene->other).result;
    check(result == MAPRING_OK || result == MAPRING_ERROR_NOT_THERE ||
          result == MAPRING_ERROR_IN_USE);
}

static void who_opens_a_ring_does_not_lose_it_to_who_prunes(void **state)
{
    (void)state;
    static const struct encounter producer = {prepare_left_over, call_open_producer, other_prunes,
                                              confirm_producer_is_found};
    static const struct encounter consumer = {prepare_left_over, call_open_consumer, other_prunes,
                                              confirm_consumer_is_found};
    meet(new_path(".ring"), &producer);
    meet(new_path(".ring"), &consumer);
}

/* A process that is about to remove a ring: it takes all roles, then gives them up again. */
static int hesitate(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    for (const char *line; strcmp(line = role_line(), "end") != 0;) {
        struct ring_name name;
        struct platform_object *object;
        check_result(MAPRING_OK, ring_name_parse(&name, line, MAPRING_LOCAL));
        check_result(MAPRING_OK, platform_attach(&object, &name, true));
        for (unsigned role = ROLE_CREATOR; role < ROLE_CONSUMER + CELL_COUNT; role++)
            check_result(MAPRING_OK, platform_role_take(object, role));
        role_say("all taken");
        role_line();
        platform_detach(object);
        role_say("all dropped");
    }
    return 0;
}

static void prepare_remover(struct scene *scene)
{
    prepare_file(scene);
    process_say(scene->remover, "%s", scene->name);
    check(strcmp("all taken", process_line(scene->remover)) == 0);
    scene->began = platform_now_ns();
}

static void drop_roles(void *context)
{
    struct scene *scene = context;
    process_say(scene->remover, "drop");
    check(strcmp("all dropped", process_line(scene->remover)) == 0);
}

/* On a slow machine, the call may have lost its patience, and so may be refused as well. */
static void confirm_opened(struct scene *scene)
{
    if (platform_now_ns() - scene->began < SHORT_PATIENCE_NS)
        check_result(MAPRING_OK, scene->result);
}

static void confirm_refused(struct scene *scene)
{
    check(scene->result == MAPRING_ERROR_PRODUCER_TAKEN ||
          scene->result == MAPRING_ERROR_CONSUMERS_FULL);
    drop_roles(scene);
}

/* Lets the remover give up at each of as many moments as the undisturbed call has; at the last of
 * them, the call is already waiting. */
static void check_waits_for_remover(void (*call)(struct scene *scene))
{
    struct scene scene = {
        .name = new_path(".ring"), .other = start_actor(), .remover = start_role("hesitate", NULL)};
    const struct encounter alone = {prepare_file, call, drop_roles, confirm_opened};
    const struct encounter never = {prepare_remover, call, drop_roles, confirm_refused};
    const struct encounter in_time = {prepare_remover, call, drop_roles, confirm_opened};
    long count = meet_once(&scene, &alone, MOMENT_NONE);
    meet_once(&scene, &never, MOMENT_NONE);
    for (long number = 0; number < count; number = moment_after(number))
        meet_once(&scene, &in_time, number);
}

static void who_opens_a_ring_waits_for_who_may_remove_it(void **state)
{
    (void)state;
    check_waits_for_remover(call_open_producer);
    check_waits_for_remover(call_open_consumer);
}

static const struct role roles[] = {ACTOR_ROLE, {"hesitate", hesitate}};
static const struct CMUnitTest tests[] = {
    TEST(a_producer_that_closes_is_not_called_dead),
    TEST(a_ledger_that_is_written_meanwhile_is_balanced),
    TEST(drops_that_are_counted_meanwhile_come_with_their_bytes),
    TEST(a_consumer_about_to_sleep_sees_the_close),
    TEST(a_consumer_about_to_sleep_sees_the_record),
    TEST(a_producer_about_to_sleep_sees_the_room),
    TEST(a_producer_about_to_sleep_sees_the_last_consumer_leave),
    TEST(a_distance_is_kept_if_more_comes),
    TEST(an_observer_that_is_lapped_meanwhile_says_so),
    TEST(an_observer_finds_a_place_while_all_marks_are_written_anew),
    TEST(an_image_is_read_beside_its_producer),
    TEST(an_image_finds_where_to_begin_while_that_moves),
    TEST(an_image_begins_somewhere_while_all_moves_all_the_time),
    TEST(a_ledger_that_never_rests_is_left_out),
    TEST(who_begins_with_what_is_unread_sees_a_place_that_was_one),
    TEST(how_far_it_was_is_known_at_each_moment_of_going_back),
    TEST(a_joining_consumer_respects_a_place_that_is_left_meanwhile),
    TEST(a_durable_consumer_in_the_cell_of_the_dead_is_waited_for),
    TEST(a_file_that_is_removed_meanwhile_was_there_or_was_not),
    TEST(a_file_that_is_removed_while_it_is_made_is_made_anew),
    TEST(a_producer_does_not_come_to_a_ring_that_goes),
    TEST(a_consumer_does_not_come_to_a_ring_that_goes),
    TEST(who_opens_a_ring_does_not_lose_it_to_who_prunes),
    TEST(who_waits_for_a_producer_is_not_told_of_the_death_before),
    TEST(who_opens_a_ring_waits_for_who_may_remove_it),
};
TEST_MAIN(roles, tests)
