/* SPDX-License-Identifier: MIT */
/* Different threads of one process use different handles, also of the same ring. */
#include "actor.h"

enum { SMALL = 65536, RECORDS = 20000, READERS = 3, STRANGERS = 4, ROUNDS = 500 };

static const struct mapring_options small = {.capacity_bytes = SMALL};

/* Threads return results instead of checking them, because only the main thread may fail a
 * check. */
struct work {
    const char *name;
    int number;
};

static int produce(void *context)
{
    struct work *work = context;
    mapring_producer *producer;
    int result = mapring_producer_open(&producer, work->name, NULL);
    if (result == MAPRING_OK)
        result = mapring_producer_wait_consumers(producer, READERS, TIME_LIMIT);
    for (uint64_t i = 0; i < RECORDS && result == MAPRING_OK; i++) {
        void *payload;
        size_t bytes = (size_t)i % 200;
        result = mapring_producer_reserve(producer, bytes, &payload, TIME_LIMIT);
        if (result != MAPRING_OK)
            break;
        record_fill(payload, bytes, i);
        result = mapring_producer_commit(producer, bytes);
    }
    mapring_producer_close(producer);
    return result;
}

static int consume(void *context)
{
    struct work *work = context;
    mapring_consumer *consumer;
    struct mapring_record record;
    int result = mapring_consumer_open(&consumer, work->name, NULL);
    uint64_t expected = 0;
    while (result == MAPRING_OK) {
        result = mapring_consumer_next(consumer, &record, TIME_LIMIT);
        if (result != MAPRING_OK)
            break;
        if (record.sequence != expected++ || record.bytes != record.sequence % 200 ||
            !record_is_intact(record.payload, record.bytes, record.sequence))
            result = -1000;
        else
            result = mapring_consumer_release(consumer);
    }
    mapring_consumer_close(consumer);
    return expected == RECORDS ? result : -1001;
}

static void producer_and_consumers_may_be_threads(void **state)
{
    (void)state;
    struct work work = {new_ring(&small), 0};
    struct os_thread *readers[READERS];
    for (int i = 0; i < READERS; i++)
        readers[i] = os_thread_start(consume, &work);
    struct os_thread *writer = os_thread_start(produce, &work);
    check_result(MAPRING_OK, os_thread_join(writer));
    for (int i = 0; i < READERS; i++)
        check_result(MAPRING_PRODUCER_CLOSED, os_thread_join(readers[i]));
}

/* Each thread fails in its own way, again and again, and must find its own failure. */
static int fail_often(void *context)
{
    static const int wanted[STRANGERS] = {MAPRING_ERROR_NAME, MAPRING_ERROR_GEOMETRY,
                                          MAPRING_ERROR_NOT_THERE, MAPRING_ERROR_ARGUMENT};
    struct work *work = context;
    const struct mapring_options bad = {.capacity_bytes = 1}, attach = {.how = MAPRING_ATTACH};
    if (mapring_last_error()->code != 0)
        return 1; /* from another thread */
    for (int i = 0; i < ROUNDS; i++) {
        mapring_ring *ring;
        int result = 0;
        switch (work->number) {
        case 0: result = mapring_open(&ring, "no name", NULL); break;
        case 1: result = mapring_open(&ring, work->name, &bad); break;
        case 2: result = mapring_open(&ring, work->name, &attach); break;
        default: result = mapring_open(NULL, work->name, NULL); break;
        }
        if (result != wanted[work->number] || mapring_last_error()->code != result ||
            strcmp(mapring_last_error()->name, work->number ? work->name : "no name") != 0)
            return 2;
    }
    return 0;
}

static void the_last_failure_is_each_threads_own(void **state)
{
    (void)state;
    struct work work[STRANGERS];
    struct os_thread *threads[STRANGERS];
    for (int i = 0; i < STRANGERS; i++) {
        work[i] = (struct work){new_ring_name(), i};
        threads[i] = os_thread_start(fail_often, &work[i]);
    }
    for (int i = 0; i < STRANGERS; i++)
        check_number(0, os_thread_join(threads[i]));
}

static int open_and_close(void *context)
{
    struct work *work = context;
    for (int i = 0; i < 50; i++) {
        mapring_ring *ring;
        mapring_consumer *consumer;
        int result = mapring_open(&ring, work->name, NULL);
        if (result != MAPRING_OK)
            return result;
        result = mapring_consumer_open(&consumer, work->name, NULL);
        mapring_close(ring);
        if (result != MAPRING_OK)
            return result;
        mapring_consumer_close(consumer);
    }
    return MAPRING_OK;
}

static void threads_may_open_and_close_at_the_same_time(void **state)
{
    (void)state;
    struct work work = {new_ring(&small), 0};
    struct os_thread *threads[STRANGERS];
    for (int i = 0; i < STRANGERS; i++)
        threads[i] = os_thread_start(open_and_close, &work);
    for (int i = 0; i < STRANGERS; i++)
        check_result(MAPRING_OK, os_thread_join(threads[i]));
}

struct competitor {
    const char *name;
    mapring_producer *producer; /* kept open until all have tried */
};

static int compete(void *context)
{
    struct competitor *me = context;
    return mapring_producer_open(&me->producer, me->name, NULL);
}

static void only_one_thread_becomes_the_producer(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct competitor competitors[STRANGERS];
    struct os_thread *threads[STRANGERS];
    int open = 0;
    for (int i = 0; i < STRANGERS; i++) {
        competitors[i] = (struct competitor){name, NULL};
        threads[i] = os_thread_start(compete, &competitors[i]);
    }
    for (int i = 0; i < STRANGERS; i++) {
        int result = os_thread_join(threads[i]);
        check(result == MAPRING_OK || result == MAPRING_ERROR_PRODUCER_TAKEN);
        open += result == MAPRING_OK;
    }
    check_number(1, open);
    for (int i = 0; i < STRANGERS; i++)
        mapring_producer_close(competitors[i].producer);
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(producer_and_consumers_may_be_threads),
    TEST(the_last_failure_is_each_threads_own),
    TEST(threads_may_open_and_close_at_the_same_time),
    TEST(only_one_thread_becomes_the_producer),
};
TEST_MAIN(roles, tests)
