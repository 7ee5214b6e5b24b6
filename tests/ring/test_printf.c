/* SPDX-License-Identifier: MIT */
/* Formatted text arrives as printf() would write it, whatever its length, and in a ring that is full
 * it counts as the text and nothing else. */
#include "actor.h"

enum { CAPACITY = 65536, LIMIT = CAPACITY / 2 - 8 };

static char text[CAPACITY]; /* dots */

static const char *dots(size_t length)
{
    memset(text, '.', sizeof text - 1);
    return text + sizeof text - 1 - length;
}

static mapring_producer *open_producer(const char *name, enum mapring_when_full when_full)
{
    const struct mapring_options options = {.capacity_bytes = CAPACITY, .when_full = when_full};
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &options));
    return producer;
}

static mapring_consumer *open_consumer(const char *name)
{
    mapring_consumer *consumer;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    return consumer;
}

static void check_next(mapring_consumer *consumer, const char *expected)
{
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check_number(strlen(expected), record.bytes);
    check(memcmp(expected, record.payload, record.bytes) == 0);
    check_result(MAPRING_OK, mapring_consumer_release(consumer));
}

static void check_nothing(mapring_consumer *consumer)
{
    struct mapring_record record;
    check_result(MAPRING_NOTHING, mapring_consumer_next(consumer, &record, 0));
}

static void values_arrive_as_text(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_producer *producer = open_producer(name, MAPRING_BLOCK);
    mapring_consumer *consumer = open_consumer(name);
    check_result(MAPRING_OK, mapring_producer_printf(producer, 0, "%s=%d, %zu of %llu, %.2f",
                                                     "load", -7, (size_t)3, 1ULL << 40, 0.5));
    check_next(consumer, "load=-7, 3 of 1099511627776, 0.50");
    check_nothing(consumer);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

static void text_of_every_length_arrives(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 7, 8, 254, 255, 256, 257, 300, 4096, LIMIT - 1};
    const char *name = new_ring_name();
    mapring_producer *producer = open_producer(name, MAPRING_BLOCK);
    mapring_consumer *consumer = open_consumer(name);
    for (size_t i = 0; i < 4 * COUNT_OF(lengths); i++) {
        const char *expected = dots(lengths[i % COUNT_OF(lengths)]);
        check_result(MAPRING_OK, mapring_producer_printf(producer, 0, "%s", expected));
        check_next(consumer, expected);
    }
    check_nothing(consumer);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

static void text_as_long_as_the_limit_is_refused(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_producer *producer = open_producer(name, MAPRING_BLOCK);
    mapring_consumer *consumer = open_consumer(name);
    check_number(LIMIT, mapring_producer_record_limit(producer));
    check_result(MAPRING_ERROR_RECORD_TOO_LARGE,
                 mapring_producer_printf(producer, 0, "%s", dots(LIMIT)));
    check(strstr(mapring_last_error()->text, "too large") != NULL);
    check_result(MAPRING_OK, mapring_producer_printf(producer, 0, "next"));
    check_next(consumer, "next");
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

/* Leaves room for a record of so many bytes, and for no larger one. */
static void fill_but(mapring_producer *producer, size_t bytes)
{
    size_t header = 8, slot = 16;
    size_t rest = (header + bytes + slot - 1) / slot * slot + slot;
    check_result(MAPRING_OK, mapring_producer_send(producer, text, LIMIT, 0));
    check_result(MAPRING_OK,
                 mapring_producer_send(producer, text, CAPACITY / 2 - rest - header, 0));
}

static void short_text_goes_where_usual_text_has_no_room(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_producer *producer = open_producer(name, MAPRING_BLOCK);
    mapring_consumer *consumer = open_consumer(name);
    fill_but(producer, 24);
    check_result(MAPRING_NO_ROOM, mapring_producer_printf(producer, 0, "%s", dots(24)));
    check_result(MAPRING_TIMED_OUT, mapring_producer_printf(producer, 1, "%s", dots(255)));
    check_result(MAPRING_OK, mapring_producer_printf(producer, 0, "%s", "here"));
    check_number(3, stat_of(name).records);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

static void what_is_dropped_counts_without_its_terminator(void **state)
{
    (void)state;
    const char *name =
        new_ring(&(struct mapring_options){.capacity_bytes = CAPACITY, .when_full = MAPRING_DROP});
    mapring_producer *producer = open_producer(name, MAPRING_UNSPECIFIED);
    mapring_consumer *consumer = open_consumer(name);
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_producer_send(producer, text, LIMIT, 0));
    for (unsigned i = 0; i < 2; i++)
        check_result(MAPRING_DROPPED, mapring_producer_printf(producer, 0, "%s", dots(LIMIT - 1)));
    check_result(MAPRING_OK, mapring_producer_printf(producer, 0, "%s", "small"));
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check_result(MAPRING_LOST, mapring_consumer_next(consumer, &record, 0));
    check_number(2, record.lost_records);
    check_number(2 * (LIMIT - 1), record.lost_bytes);
    check_result(MAPRING_OK, mapring_consumer_release(consumer));
    check_next(consumer, "small");
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
    check(stat_of(name).balanced);
}

static void in_rings_of_every_kind(void **state)
{
    (void)state;
    const struct mapring_options kinds[] = {
        {.capacity_bytes = CAPACITY, .when_full = MAPRING_OVERWRITE, .times = true},
        {.capacity_bytes = CAPACITY, .when_full = MAPRING_OVERWRITE, .slot_bytes = 64},
    };
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const char *name = new_ring(&kinds[i]);
        mapring_producer *producer = open_producer(name, MAPRING_UNSPECIFIED);
        mapring_observer *observer;
        struct mapring_record record;
        char buffer[512];
        for (unsigned n = 0; n < 1000; n++)
            check_result(MAPRING_OK,
                         mapring_producer_printf(producer, 0, "%u%s", n, dots(n % 300)));
        check_result(MAPRING_OK, mapring_producer_printf(producer, 0, "last"));
        const struct mapring_observer_options newest = {.from = MAPRING_NEWEST};
        check_result(MAPRING_OK, mapring_observer_open(&observer, name, &newest));
        check_result(MAPRING_OK, mapring_producer_printf(producer, 0, "%c", '!'));
        check_result(MAPRING_OK,
                     mapring_observer_receive(observer, buffer, sizeof buffer, &record, 0));
        check_number(1, record.bytes);
        check_number('!', buffer[0]);
        mapring_observer_close(observer);
        mapring_producer_close(producer);
    }
}

static void what_cannot_be_sent_says_why(void **state)
{
    (void)state;
    const char *name = new_ring_name(), *none = NULL;
    mapring_producer *producer = open_producer(name, MAPRING_BLOCK);
    void *place;
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_printf(NULL, 0, "%d", 1));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_printf(producer, 0, none, 1));
    check(strstr(mapring_last_error()->text, "null pointer") != NULL);
    check_result(MAPRING_OK, mapring_producer_reserve(producer, 8, &place, 0));
    check_result(MAPRING_ERROR_HELD, mapring_producer_printf(producer, 0, "%d", 1));
    check_result(MAPRING_OK, mapring_producer_abort(producer));
    mapring_producer_close(producer);
}

static const struct role roles[] = {ACTOR_ROLE};

static const struct CMUnitTest tests[] = {
    TEST(values_arrive_as_text),
    TEST(text_of_every_length_arrives),
    TEST(text_as_long_as_the_limit_is_refused),
    TEST(short_text_goes_where_usual_text_has_no_room),
    TEST(what_is_dropped_counts_without_its_terminator),
    TEST(in_rings_of_every_kind),
    TEST(what_cannot_be_sent_says_why),
};

TEST_MAIN(roles, tests)
