/* SPDX-License-Identifier: MIT */
/* Letting an attached consumer go: the producer no longer waits for it, the consumer is told, and
 * what it reads meanwhile is never taken for a good record. */
#include "actor.h"
#include "mapring/merge.h"
#include "ring/cell.h"
#include "ring/open.h"

#include <inttypes.h>

enum { SMALL = 65536, BYTES = 1000, MORE_THAN_FITS = 100, LAG = 20000, ROUNDS = 100 };

static const struct mapring_options small = {.capacity_bytes = SMALL};
static const struct mapring_options with_limit = {.capacity_bytes = SMALL,
                                                  .max_lag_attached_bytes = LAG};
static const struct mapring_consumer_options from_oldest = {.from = MAPRING_OLDEST};

/* A producer and a consumer in this process. */
struct pair {
    const char *name;
    mapring_producer *producer;
    mapring_consumer *consumer;
    uint64_t sequence; /* of the next record to send */
};

static void open_pair(struct pair *pair, const struct mapring_options *options,
                      const struct mapring_consumer_options *consumer)
{
    *pair = (struct pair){.name = new_ring(options)};
    check_result(MAPRING_OK, mapring_producer_open(&pair->producer, pair->name, NULL));
    check_result(MAPRING_OK, mapring_consumer_open(&pair->consumer, pair->name, consumer));
}

static void close_pair(struct pair *pair)
{
    mapring_consumer_close(pair->consumer);
    mapring_producer_close(pair->producer);
}

/* Returns the first result that is not MAPRING_OK. */
static int send_some(struct pair *pair, unsigned count, int64_t timeout_ns)
{
    unsigned char payload[BYTES];
    for (unsigned i = 0; i < count; i++) {
        record_fill(payload, sizeof payload, pair->sequence);
        int result = mapring_producer_send(pair->producer, payload, sizeof payload, timeout_ns);
        if (result != MAPRING_OK)
            return result;
        pair->sequence++;
    }
    return MAPRING_OK;
}

static int evict(const char *name, unsigned cell)
{
    return mapring_consumer_evict(name, MAPRING_LOCAL, cell);
}

static struct mapring_record take(mapring_consumer *consumer)
{
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check(record_is_intact(record.payload, record.bytes, record.sequence));
    return record;
}

static void check_told(int result, const char *why)
{
    check_result(MAPRING_ERROR_EVICTED, result);
    check(strstr(mapring_last_error()->text, why));
}

/* ---- The producer and the consumer ---- */

static void the_producer_goes_on_and_a_stopped_consumer_is_told_when_it_does(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "send 3 %d", BYTES);
    expect(reader, MAPRING_OK, "next");
    process_pause(reader);
    tell(writer, "send %d %d forever", 2 * MORE_THAN_FITS, BYTES);
    await_sleeping_producer(name);
    check_result(MAPRING_OK, evict(name, 0));
    check_result(MAPRING_OK, answer(writer).result);
    check_number(MAPRING_CONSUMER_EVICTED, stat_of(name).consumer[0].state);
    process_resume(reader);
    struct reply reply = expect(reader, MAPRING_ERROR_EVICTED, "release");
    char expected[200];
    snprintf(expected, sizeof expected, "consumer 0 of ring '%s' was let go by process ", name);
    check(strncmp(reply.text, expected, strlen(expected)) == 0);
    expect(reader, MAPRING_ERROR_EVICTED, "next");
    expect(reader, MAPRING_OK, "close");
    check_number(0, stat_of(name).consumers);
    check_number(1, stat_of(name).evicted_count);
}

static void a_record_that_is_read_in_place_is_not_good_any_more(void **state)
{
    (void)state;
    struct pair pair;
    open_pair(&pair, &small, &from_oldest);
    check_result(MAPRING_OK, send_some(&pair, 2, 0));
    struct mapring_record record = take(pair.consumer);
    check(mapring_consumer_is_valid(pair.consumer));
    check_result(MAPRING_OK, evict(pair.name, 0));
    check(record_is_intact(record.payload, record.bytes, record.sequence));
    check(!mapring_consumer_is_valid(pair.consumer));
    check_result(MAPRING_OK, send_some(&pair, MORE_THAN_FITS, 0));
    check(!record_is_intact(record.payload, record.bytes, record.sequence));
    check_told(mapring_consumer_release(pair.consumer), "which was asked to");
    check(!mapring_consumer_is_valid(pair.consumer));
    check(!mapring_consumer_is_valid(NULL));
    close_pair(&pair);
}

/* Whatever it finds at its place. */
static void every_call_says_so(void **state)
{
    (void)state;
    for (unsigned sent = 0; sent <= 3 * MORE_THAN_FITS; sent += MORE_THAN_FITS) {
        struct pair pair;
        struct mapring_record record, records[2];
        unsigned char buffer[BYTES];
        mapring_handle handle;
        size_t count;
        open_pair(&pair, &small, &from_oldest);
        mapring_consumer *consumer = pair.consumer;
        check_result(MAPRING_OK, mapring_consumer_wait_handle(consumer, &handle));
        check_result(MAPRING_OK, evict(pair.name, 0));
        check_result(MAPRING_OK, send_some(&pair, sent, 0));
        check_told(mapring_consumer_receive(consumer, buffer, BYTES, &record, 0), "was let go");
        check_told(mapring_consumer_next(consumer, &record, MAPRING_FOREVER), "was let go");
        check_told(mapring_consumer_next_batch(consumer, records, 2, &count, 0), "was let go");
        check_told(mapring_consumer_release(consumer), "was let go");
        check_told(mapring_consumer_seek(consumer, MAPRING_OLDEST, 0), "was let go");
        check_told(mapring_consumer_wait_producer(consumer, 0), "was let go");
        check_told(mapring_consumer_wait_handle(consumer, &handle), "was let go");
        check_told(mapring_consumer_arm(consumer), "was let go");
        check_result(MAPRING_ERROR_ARGUMENT, mapring_consumer_next(consumer, NULL, 0));
        close_pair(&pair);
    }
}

static void one_that_waits_is_woken(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *reader = start_consumer(name, "oldest");
    tell(reader, "wait_producer forever");
    await_sleeping_consumer(name, 0);
    check_result(MAPRING_OK, evict(name, 0));
    check_result(MAPRING_ERROR_EVICTED, answer(reader).result);
    expect(reader, MAPRING_OK, "close");
    struct process *writer = start_producer(name);
    expect(reader, MAPRING_OK, "consumer %s oldest", name);
    tell(reader, "next forever");
    await_sleeping_consumer(name, 0);
    check_result(MAPRING_OK, evict(name, 0));
    check_result(MAPRING_ERROR_EVICTED, answer(reader).result);
    expect(reader, MAPRING_OK, "close");
    expect(reader, MAPRING_OK, "consumer %s oldest n no 0 %d 100000000", name, SMALL);
    tell(reader, "next forever");
    await_sleeping_consumer(name, 0);
    expect(writer, MAPRING_OK, "send 1 100");
    check_result(MAPRING_OK, evict(name, 0));
    check_result(MAPRING_ERROR_EVICTED, answer(reader).result);
}

static void its_wait_handle_becomes_ready(void **state)
{
    (void)state;
    struct pair pair;
    mapring_handle handle;
    open_pair(&pair, &small, &from_oldest);
    check_result(MAPRING_OK, mapring_consumer_wait_handle(pair.consumer, &handle));
    check_result(MAPRING_NOTHING, mapring_consumer_arm(pair.consumer));
    check_result(MAPRING_OK, evict(pair.name, 0));
    check_number(0, os_wait_for_any(&handle, 1, TIME_LIMIT));
    check_told(mapring_consumer_arm(pair.consumer), "was let go");
    close_pair(&pair);
}

/* ---- What was read, and what is lost ---- */

static void what_it_released_is_read_and_the_rest_is_lost(void **state)
{
    (void)state;
    struct pair pair;
    open_pair(&pair, &small, &from_oldest);
    check_result(MAPRING_OK, send_some(&pair, 10, 0));
    for (int i = 0; i < 3; i++) {
        take(pair.consumer);
        check_result(MAPRING_OK, mapring_consumer_release(pair.consumer));
    }
    take(pair.consumer);
    check_result(MAPRING_OK, evict(pair.name, 0));
    struct mapring_record record;
    check_result(MAPRING_ERROR_EVICTED,
                 mapring_consumer_next_batch(pair.consumer, &record, 1, &(size_t){0}, 0));
    struct mapring_stat stat = stat_of(pair.name);
    check(stat.balanced);
    check_number(3, stat.consumer[0].read_records);
    check_number(7, stat.consumer[0].lost_records);
    check_number(0, stat.consumer[0].pending_records);
    check_result(MAPRING_CONSUMER_GONE, mapring_producer_drain(pair.producer, 0));
    check_result(MAPRING_TIMED_OUT, mapring_producer_drain(pair.producer, 0));
    mapring_consumer_close(pair.consumer);
    check_result(MAPRING_OK, mapring_consumer_open(&pair.consumer, pair.name, NULL));
    check_number(3, take(pair.consumer).sequence);
    close_pair(&pair);
}

static void one_that_has_read_all_may_be_let_go(void **state)
{
    (void)state;
    struct pair pair;
    open_pair(&pair, &small, &from_oldest);
    check_result(MAPRING_OK, send_some(&pair, 1, 0));
    take(pair.consumer);
    check_result(MAPRING_OK, mapring_consumer_release(pair.consumer));
    struct mapring_record record;
    check_result(MAPRING_NOTHING, mapring_consumer_next(pair.consumer, &record, 0));
    check_result(MAPRING_OK, evict(pair.name, 0));
    check_result(MAPRING_OK, mapring_producer_drain(pair.producer, 0));
    check_result(MAPRING_OK, send_some(&pair, 1, 0));
    check_result(MAPRING_TIMED_OUT, mapring_producer_drain(pair.producer, 0));
    close_pair(&pair);
}

static void a_durable_one_continues_when_it_comes_back(void **state)
{
    (void)state;
    const struct mapring_consumer_options durable = {
        .from = MAPRING_OLDEST, .name = "d", .durable = true};
    struct pair pair;
    struct mapring_record record;
    for (int overwritten = 0; overwritten < 2; overwritten++) {
        open_pair(&pair, &small, &durable);
        check_result(MAPRING_OK, send_some(&pair, 10, 0));
        take(pair.consumer);
        check_result(MAPRING_OK, mapring_consumer_release(pair.consumer));
        check_result(MAPRING_OK, evict(pair.name, 0));
        mapring_consumer *second;
        check_result(MAPRING_ERROR_CONSUMER_TAKEN,
                     mapring_consumer_open(&second, pair.name, &durable));
        check_result(MAPRING_OK, send_some(&pair, overwritten ? MORE_THAN_FITS : 0, 0));
        check_number(MAPRING_CONSUMER_EVICTED, stat_of(pair.name).consumer[0].state);
        mapring_consumer_close(pair.consumer);
        check_number(MAPRING_CONSUMER_LAPSED, stat_of(pair.name).consumer[0].state);
        check_number(pair.sequence - 1, stat_of(pair.name).consumer[0].pending_records);
        check_result(MAPRING_OK, mapring_consumer_open(&pair.consumer, pair.name, &durable));
        if (overwritten) {
            check_result(MAPRING_LOST, mapring_consumer_next(pair.consumer, &record, 0));
            check_number(1, record.sequence);
            check_number(1 + record.lost_records, take(pair.consumer).sequence);
        } else {
            check_number(1, take(pair.consumer).sequence);
        }
        check(stat_of(pair.name).balanced);
        close_pair(&pair);
    }
}

/* ---- Cells ---- */

static void the_cell_stays_with_it_until_it_ends(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *stuck = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "send 3 %d", BYTES);
    expect(stuck, MAPRING_OK, "next");
    process_pause(stuck);
    check_result(MAPRING_OK, evict(name, 0));
    struct process *reader = start_consumer(name, "oldest");
    check_number(1, stat_of(name).consumer[1].cell);
    process_resume(stuck);
    expect(stuck, MAPRING_ERROR_EVICTED, "release");
    expect(stuck, MAPRING_OK, "close");
    expect_records(reader, 0, 3);
    expect(stuck, MAPRING_OK, "consumer %s oldest", name);
    check_number(0, stat_of(name).consumer[0].cell);
    check_result(MAPRING_OK, evict(name, 0));
    process_kill(stuck);
    check(!stat_of(name).consumer[0].alive);
    struct process *third = start_consumer(name, "oldest");
    check_number(2, stat_of(name).consumers);
    check_number(MAPRING_CONSUMER_ATTACHED, stat_of(name).consumer[0].state);
    expect(writer, MAPRING_OK, "send 1 %d", BYTES);
    expect(third, MAPRING_OK, "read 1");
}

/* As if the process that lets the first one go had been stopped just before. */
static void the_next_one_in_the_cell_is_not_let_go_in_its_place(void **state)
{
    (void)state;
    struct pair pair;
    struct ring ring = {0};
    struct mapring_hot hot;
    open_pair(&pair, &small, &from_oldest);
    check_result(MAPRING_OK,
                 ring_attach(&ring, &hot, pair.name, MAPRING_LOCAL, false, ACCESS_CONSUME));
    uint32_t first = load_ordered(&ring.cells->cell[0].state);
    mapring_consumer_close(pair.consumer);
    check(!cell_evict(&ring, 0, first, EVICT_ASKED));
    check_result(MAPRING_OK, mapring_consumer_open(&pair.consumer, pair.name, NULL));
    check(!cell_evict(&ring, 0, first, EVICT_ASKED));
    check_result(MAPRING_OK, send_some(&pair, 1, 0));
    take(pair.consumer);
    check_result(MAPRING_OK, mapring_consumer_release(pair.consumer));
    check_number(0, stat_of(pair.name).evicted_count);
    ring_close(&ring);
    close_pair(&pair);
}

static void only_an_attached_consumer_can_be_let_go(void **state)
{
    (void)state;
    struct pair pair;
    const struct mapring_consumer_options durable = {.name = "d", .durable = true};
    check_result(MAPRING_ERROR_NOT_THERE, evict(new_ring_name(), 0));
    open_pair(&pair, &small, &durable);
    check_result(MAPRING_ERROR_ARGUMENT, evict(pair.name, 32));
    check_result(MAPRING_ERROR_NOT_THERE, evict(pair.name, 1));
    check_result(MAPRING_OK, evict(pair.name, 0));
    check_told(evict(pair.name, 0), "was let go before");
    mapring_consumer_close(pair.consumer);
    check_result(MAPRING_ERROR_NOT_THERE, evict(pair.name, 0));
    pair.consumer = NULL;
    close_pair(&pair);
}

/* ---- max_lag_attached ---- */

static void a_full_ring_lets_one_go_that_is_too_far_behind(void **state)
{
    (void)state;
    struct pair pair;
    struct mapring_record record;
    for (int waits = 0; waits < 2; waits++) {
        open_pair(&pair, &with_limit, &from_oldest);
        check_number(LAG, stat_of(pair.name).max_lag_attached_bytes);
        check_result(MAPRING_OK, send_some(&pair, MORE_THAN_FITS, waits ? MAPRING_FOREVER : 0));
        check_number(1, stat_of(pair.name).evicted_count);
        check_told(mapring_consumer_next(pair.consumer, &record, 0), "max_lag_attached");
        check_result(MAPRING_CONSUMER_GONE, mapring_producer_drain(pair.producer, 0));
        close_pair(&pair);
    }
}

static void one_that_is_not_in_the_way_stays(void **state)
{
    (void)state;
    struct pair pair;
    mapring_consumer *other;
    open_pair(&pair, &with_limit, &from_oldest);
    check_result(MAPRING_OK, send_some(&pair, 30, 0));
    check_result(MAPRING_OK, mapring_consumer_open(&other, pair.name, NULL));
    for (int i = 0; i < 20; i++) {
        take(other);
        check_result(MAPRING_OK, mapring_consumer_release(other));
    }
    check_result(MAPRING_OK, send_some(&pair, 40, 0));
    check_number(1, stat_of(pair.name).evicted_count);
    check_number(20, take(other).sequence);
    check_result(MAPRING_OK, mapring_consumer_release(other));
    mapring_consumer_close(other);
    close_pair(&pair);
}

static void an_armed_producer_need_not_wait_for_it(void **state)
{
    (void)state;
    struct pair pair;
    mapring_handle handle;
    open_pair(&pair, &with_limit, &from_oldest);
    check_result(MAPRING_OK, send_some(&pair, 60, 0));
    check_result(MAPRING_OK, mapring_producer_wait_handle(pair.producer, &handle));
    check_result(MAPRING_OK, mapring_producer_arm(pair.producer, SMALL / 4));
    check_number(1, stat_of(pair.name).evicted_count);
    check_result(MAPRING_OK, send_some(&pair, MORE_THAN_FITS, 0));
    close_pair(&pair);
}

/* Only records that are large leave a full ring with a consumer that is not far behind. */
static void one_that_is_near_is_waited_for(void **state)
{
    (void)state;
    const struct mapring_options most = {.capacity_bytes = SMALL, .max_lag_attached_bytes = SMALL};
    struct pair pair;
    mapring_handle handle;
    open_pair(&pair, &most, &from_oldest);
    check_result(MAPRING_NO_ROOM, send_some(&pair, MORE_THAN_FITS, 0));
    check_result(MAPRING_TIMED_OUT, send_some(&pair, 1, MILLISECONDS));
    check_result(MAPRING_OK, mapring_producer_wait_handle(pair.producer, &handle));
    check_result(MAPRING_NOTHING, mapring_producer_arm(pair.producer, BYTES));
    take(pair.consumer);
    check_result(MAPRING_OK, mapring_consumer_release(pair.consumer));
    close_pair(&pair);
}

static void one_that_is_away_keeps_its_place(void **state)
{
    (void)state;
    const struct mapring_consumer_options durable = {
        .from = MAPRING_OLDEST, .name = "d", .durable = true};
    struct pair pair;
    open_pair(&pair, &with_limit, &durable);
    mapring_consumer_close(pair.consumer);
    check_result(MAPRING_NO_ROOM, send_some(&pair, MORE_THAN_FITS, 0));
    check_result(MAPRING_OK, mapring_consumer_open(&pair.consumer, pair.name, &durable));
    check_number(0, take(pair.consumer).sequence);
    check_result(MAPRING_OK, send_some(&pair, 1, 0));
    check_told(mapring_consumer_release(pair.consumer), "max_lag_attached");
    close_pair(&pair);
}

static void the_limit_belongs_to_the_ring(void **state)
{
    (void)state;
    mapring_ring *ring;
    struct mapring_options options = with_limit;
    const char *name = new_ring(&with_limit);
    check_result(MAPRING_OK, mapring_open(&ring, name, &options));
    mapring_close(ring);
    options.max_lag_attached_bytes = LAG + 1;
    check_result(MAPRING_ERROR_GEOMETRY_DIFFERS, mapring_open(&ring, name, &options));
    options.when_full = MAPRING_BLOCK;
    check_result(MAPRING_ERROR_GEOMETRY_DIFFERS, mapring_open(&ring, name, &options));
    options.when_full = MAPRING_DROP;
    check_result(MAPRING_ERROR_ARGUMENT, mapring_open(&ring, new_ring_name(), &options));
}

/* ---- Merges ---- */

static void a_merge_releases_nothing_and_leaves_the_ring_out(void **state)
{
    (void)state;
    struct pair pair;
    struct mapring_record record;
    struct mapring_origin origin;
    mapring_merge *merge;
    open_pair(&pair, &small, &from_oldest);
    mapring_consumer_close(pair.consumer);
    pair.consumer = NULL;
    const char *other = new_ring(&small);
    struct process *writer = start_producer(other);
    check_result(MAPRING_OK, mapring_merge_open(&merge, NULL));
    check_result(MAPRING_OK, mapring_merge_add(merge, pair.name));
    check_result(MAPRING_OK, mapring_merge_add(merge, other));
    check_result(MAPRING_OK, send_some(&pair, 2, 0));
    expect(writer, MAPRING_OK, "send 1 %d", BYTES);
    for (int i = 0; i < 3; i++)
        check_result(MAPRING_OK, mapring_merge_next(merge, &record, &origin, 0));
    check(mapring_merge_is_valid(merge));
    check(!mapring_merge_is_valid(NULL));
    check_result(MAPRING_OK, evict(pair.name, 0));
    check(!mapring_merge_is_valid(merge));
    check_result(MAPRING_ERROR_EVICTED, mapring_merge_release(merge));
    int result = mapring_merge_next(merge, &record, &origin, TIME_LIMIT);
    check_result(MAPRING_ERROR_EVICTED, result);
    check_text(pair.name, origin.ring);
    check_result(MAPRING_NOTHING, mapring_merge_next(merge, &record, &origin, 0));
    check_result(MAPRING_OK, mapring_merge_release(merge));
    check_number(1, stat_of(pair.name).evicted_count);
    mapring_merge_close(merge);
    check_number(0, stat_of(other).unread_records);
    close_pair(&pair);
}

/* ---- At any moment ---- */

static bool read_in_place(mapring_consumer *consumer, uint64_t *records)
{
    static unsigned char copy[BYTES];
    struct mapring_record record;
    int result = mapring_consumer_next(consumer, &record, MAPRING_FOREVER);
    if (result == MAPRING_OK) {
        memcpy(copy, record.payload, record.bytes < BYTES ? record.bytes : BYTES);
        result = mapring_consumer_release(consumer);
    }
    if (result == MAPRING_LOST)
        return true;
    if (result == MAPRING_ERROR_EVICTED)
        return false;
    check_result(MAPRING_OK, result);
    check(record_is_intact(copy, record.bytes, record.sequence));
    ++*records;
    return true;
}

/* Opens the ring again each time that it is let go. */
static int read_role(int argc, char **argv)
{
    uint64_t records = 0;
    (void)argc;
    for (int i = 0; i < ROUNDS; i++) {
        mapring_consumer *consumer;
        check_result(MAPRING_OK, mapring_consumer_open(&consumer, argv[0], NULL));
        while (read_in_place(consumer, &records))
            continue;
        mapring_consumer_close(consumer);
    }
    role_say("%d", records > 0);
    return 0;
}

static int flood_role(int argc, char **argv)
{
    unsigned char payload[BYTES];
    mapring_producer *producer;
    (void)argc;
    check_result(MAPRING_OK, mapring_producer_open(&producer, argv[0], NULL));
    int result = MAPRING_OK;
    for (uint64_t i = 0; result == MAPRING_OK; i++) {
        record_fill(payload, BYTES, i);
        result = mapring_producer_send(producer, payload, BYTES, MAPRING_FOREVER);
    }
    check_result(MAPRING_OK, result);
    return 0;
}

static void whatever_the_moment_no_torn_record_is_good(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *reader = start_role("read", name, NULL);
    struct process *flood = start_role("flood", name, NULL);
    for (uint64_t i = 0; i < ROUNDS;) {
        struct mapring_stat stat = stat_of(name);
        uint64_t pause = mix(i) % 64;
        for (uint64_t j = 0; j < pause; j++)
            os_yield();
        if (stat.consumers == 1 && evict(name, stat.consumer[0].cell) == MAPRING_OK)
            i++;
    }
    process_hear(reader, "1");
    process_finish(reader);
    process_kill(flood);
    check_number(ROUNDS, stat_of(name).evicted_count);
}

static const struct role roles[] = {ACTOR_ROLE, {"read", read_role}, {"flood", flood_role}};
static const struct CMUnitTest tests[] = {
    TEST(the_producer_goes_on_and_a_stopped_consumer_is_told_when_it_does),
    TEST(a_record_that_is_read_in_place_is_not_good_any_more),
    TEST(every_call_says_so),
    TEST(one_that_waits_is_woken),
    TEST(its_wait_handle_becomes_ready),
    TEST(what_it_released_is_read_and_the_rest_is_lost),
    TEST(one_that_has_read_all_may_be_let_go),
    TEST(a_durable_one_continues_when_it_comes_back),
    TEST(the_cell_stays_with_it_until_it_ends),
    TEST(the_next_one_in_the_cell_is_not_let_go_in_its_place),
    TEST(only_an_attached_consumer_can_be_let_go),
    TEST(a_full_ring_lets_one_go_that_is_too_far_behind),
    TEST(one_that_is_not_in_the_way_stays),
    TEST(an_armed_producer_need_not_wait_for_it),
    TEST(one_that_is_near_is_waited_for),
    TEST(one_that_is_away_keeps_its_place),
    TEST(the_limit_belongs_to_the_ring),
    TEST(a_merge_releases_nothing_and_leaves_the_ring_out),
    TEST(whatever_the_moment_no_torn_record_is_good),
};
TEST_MAIN(roles, tests)
