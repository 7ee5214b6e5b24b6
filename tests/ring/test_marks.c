/* SPDX-License-Identifier: MIT */
/* Marks: what a consumer was told before one can be released, while the rest stays held. */
#include "actor.h"

enum { SMALL = 65536, BYTES = 1000, SEVERAL = 10 };

static const struct mapring_consumer_options durable = {.name = "reader", .durable = true};

/* A producer and a durable consumer in this process. */
struct pair {
    const char *name;
    mapring_producer *producer;
    mapring_consumer *consumer;
};

static void send_several(struct pair *pair)
{
    static const char payload[BYTES];
    for (unsigned i = 0; i < SEVERAL; i++)
        check_result(MAPRING_OK, mapring_producer_send(pair->producer, payload, sizeof payload, 0));
}

static struct pair open_pair(const struct mapring_options *options)
{
    struct pair pair = {.name = new_ring(options)};
    check_result(MAPRING_OK, mapring_producer_open(&pair.producer, pair.name, NULL));
    check_result(MAPRING_OK, mapring_consumer_open(&pair.consumer, pair.name, &durable));
    send_several(&pair);
    return pair;
}

static void close_pair(struct pair *pair)
{
    mapring_consumer_close(pair->consumer);
    mapring_producer_close(pair->producer);
}

static void take(mapring_consumer *consumer, uint64_t sequence)
{
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check_number(sequence, record.sequence);
}

static struct mapring_mark mark_of(mapring_consumer *consumer)
{
    struct mapring_mark mark;
    check_result(MAPRING_OK, mapring_consumer_mark(consumer, &mark));
    return mark;
}

static void come_back(struct pair *pair)
{
    mapring_consumer_close(pair->consumer);
    check_result(MAPRING_OK, mapring_consumer_open(&pair->consumer, pair->name, &durable));
}

static void check_released(const struct pair *pair, uint64_t records)
{
    struct mapring_stat stat = stat_of(pair->name);
    check_number(records, stat.consumer[0].sequence);
    check_number(records, stat.consumer[0].read_records);
    check_number(records * BYTES, stat.consumer[0].read_payload_bytes);
}

static void what_was_told_behind_a_mark_comes_again(void **state)
{
    (void)state;
    struct pair pair = open_pair(NULL);
    take(pair.consumer, 0);
    take(pair.consumer, 1);
    struct mapring_mark mark = mark_of(pair.consumer);
    check_number(2, mark.sequence);
    take(pair.consumer, 2);
    check_result(MAPRING_OK, mapring_consumer_release_to(pair.consumer, &mark));
    check_released(&pair, 2);
    come_back(&pair);
    take(pair.consumer, 2);
    close_pair(&pair);
}

static void marks_release_in_any_order_and_only_once(void **state)
{
    (void)state;
    struct pair pair = open_pair(NULL);
    struct mapring_mark marks[SEVERAL];
    for (unsigned i = 0; i < SEVERAL; i++) {
        take(pair.consumer, i);
        marks[i] = mark_of(pair.consumer);
    }
    check_result(MAPRING_OK, mapring_consumer_release_to(pair.consumer, &marks[4]));
    check_released(&pair, 5);
    check_result(MAPRING_OK, mapring_consumer_release_to(pair.consumer, &marks[2]));
    check_result(MAPRING_OK, mapring_consumer_release_to(pair.consumer, &marks[4]));
    check_released(&pair, 5);
    check_result(MAPRING_OK, mapring_consumer_release_to(pair.consumer, &marks[SEVERAL - 1]));
    check_released(&pair, SEVERAL);
    close_pair(&pair);
}

static void a_mark_that_this_consumer_has_not_come_to_is_refused(void **state)
{
    (void)state;
    struct pair pair = open_pair(NULL);
    take(pair.consumer, 0);
    take(pair.consumer, 1);
    struct mapring_mark mark = mark_of(pair.consumer), later = mark;
    later.sequence++;
    check_result(MAPRING_ERROR_ARGUMENT, mapring_consumer_release_to(pair.consumer, &later));
    come_back(&pair);
    check_result(MAPRING_ERROR_ARGUMENT, mapring_consumer_release_to(pair.consumer, &mark));
    check_released(&pair, 0);
    check_result(MAPRING_ERROR_ARGUMENT, mapring_consumer_mark(pair.consumer, NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_consumer_release_to(pair.consumer, NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_consumer_mark(NULL, &mark));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_consumer_release_to(NULL, &mark));
    close_pair(&pair);
}

static void a_release_to_a_mark_makes_room(void **state)
{
    (void)state;
    const struct mapring_options small = {.capacity_bytes = SMALL};
    static const char payload[BYTES];
    struct pair pair = open_pair(&small);
    uint64_t sequence = 0;
    while (mapring_producer_send(pair.producer, payload, sizeof payload, 0) == MAPRING_OK) {
    }
    while (sequence < SEVERAL)
        take(pair.consumer, sequence++);
    struct mapring_mark mark = mark_of(pair.consumer);
    take(pair.consumer, sequence);
    check_result(MAPRING_NO_ROOM, mapring_producer_send(pair.producer, payload, sizeof payload, 0));
    check_result(MAPRING_OK, mapring_consumer_release_to(pair.consumer, &mark));
    check_result(MAPRING_OK, mapring_producer_send(pair.producer, payload, sizeof payload, 0));
    close_pair(&pair);
}

static void a_consumer_that_was_let_go_is_told_when_it_releases_to_a_mark(void **state)
{
    (void)state;
    struct pair pair = open_pair(NULL);
    take(pair.consumer, 0);
    struct mapring_mark mark = mark_of(pair.consumer);
    check_result(MAPRING_OK, mapring_consumer_evict(pair.name, MAPRING_LOCAL,
                                                    stat_of(pair.name).consumer[0].cell));
    check_result(MAPRING_ERROR_EVICTED, mapring_consumer_release_to(pair.consumer, &mark));
    close_pair(&pair);
}

static const struct CMUnitTest tests[] = {
    TEST(what_was_told_behind_a_mark_comes_again),
    TEST(marks_release_in_any_order_and_only_once),
    TEST(a_mark_that_this_consumer_has_not_come_to_is_refused),
    TEST(a_release_to_a_mark_makes_room),
    TEST(a_consumer_that_was_let_go_is_told_when_it_releases_to_a_mark),
};

int main(int argc, char **argv)
{
    return test_main(argc, argv, NULL, 0, tests, COUNT_OF(tests));
}
