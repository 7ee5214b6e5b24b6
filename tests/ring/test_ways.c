/* SPDX-License-Identifier: MIT */
/* The ways in which a producer writes batches: all of them arrive intact, and it settles on the
 * fastest one. */
#include "actor.h"
#include "producer/producer.h"
#include "stream.h"

enum { STEP_BYTES = 4096, SLOW_NS = 4000, FAST_NS = 1000 };

static void take_step(struct ways *ways, uint64_t ns)
{
    ways->batch_bytes = STEP_BYTES;
    ways_step(ways, ways->begin + STEP_BYTES, ns, false);
}

/* Takes steps in which one way is faster than the others, and counts the ways used. */
static void take_steps(struct ways *ways, enum way fast, unsigned steps, unsigned used[WAYS])
{
    memset(used, 0, WAYS * sizeof *used);
    for (unsigned i = 0; i < steps; i++) {
        used[ways->now]++;
        take_step(ways, ways->now == fast ? FAST_NS : SLOW_NS);
    }
}

static void the_fastest_way_is_mostly_used(void **state)
{
    (void)state;
    for (enum way fast = WAY_DIRECT; fast < (CAN_STREAM ? WAYS : WAY_STREAMED); fast++) {
        struct ways ways = {.now = WAY_DIRECT};
        unsigned used[WAYS];
        take_steps(&ways, fast, 1000, used);
        check(used[fast] > 900);
        for (enum way way = WAY_DIRECT; way < (CAN_STREAM ? WAYS : WAY_STREAMED); way++)
            check(used[way] > 0);
    }
}

static void a_way_that_becomes_fastest_is_found(void **state)
{
    (void)state;
    if (!CAN_STREAM)
        skip();
    struct ways ways = {.now = WAY_DIRECT};
    unsigned used[WAYS];
    take_steps(&ways, WAY_DIRECT, 1000, used);
    take_steps(&ways, WAY_STREAMED, 1000, used); /* until it is tried, and believed */
    take_steps(&ways, WAY_STREAMED, 1000, used);
    check(used[WAY_STREAMED] > 900);
}

static void one_interruption_does_not_change_the_way(void **state)
{
    (void)state;
    struct ways ways = {.now = WAY_DIRECT};
    unsigned used[WAYS];
    take_steps(&ways, WAY_DIRECT, 1000, used);
    while (ways.now != WAY_DIRECT)
        take_step(&ways, SLOW_NS);
    take_step(&ways, 100 * SLOW_NS);
    take_steps(&ways, WAY_DIRECT, 100, used);
    check(used[WAY_DIRECT] > 90);
}

/* Such steps seem to be fast here. */
static void steps_that_say_nothing_are_ignored(void **state)
{
    (void)state;
    if (!CAN_STREAM)
        skip();
    struct ways ways = {.now = WAY_DIRECT};
    unsigned used[WAYS];
    take_steps(&ways, WAY_STREAMED, 1000, used);
    uint64_t cost = ways.cost[ways.now];
    for (unsigned i = 0; i < 300; i++) {
        ways.waited = i % 3 == 0;
        ways.batch_bytes = i % 3 == 1 ? STEP_BYTES / 2 : STEP_BYTES;
        ways_step(&ways, ways.begin + STEP_BYTES, 1, i % 3 == 2);
        check_number(WAY_STREAMED, ways.now);
    }
    check_number(cost, ways.cost[ways.now]);
}

/* Records of all sizes, in some three laps of the ring. */
static void send_batches(mapring_producer *producer, enum way way, unsigned batches)
{
    enum { RECORDS = 24, LARGEST = 20480 };
    static const size_t sizes[] = {0,   7,    56,   LARGEST, 100,  8184, 8,    8176, 8168, 256,
                                   257, 8000, 8160, 4000,    1024, 65,   8177, 3,    24,   300};
    static unsigned char payload[RECORDS][LARGEST];
    unsigned used = 0;
    producer->hot.fetched = producer->hot.position; /* as while one record follows the other */
    for (unsigned batch = 0; batch < batches; batch++) {
        struct mapring_buffer records[RECORDS];
        size_t count = 1 + batch % RECORDS;
        uint64_t sequence = producer->hot.sequence;
        for (size_t i = 0; i < count; i++) {
            records[i] = (struct mapring_buffer){payload[i], sizes[(batch + i) % COUNT_OF(sizes)]};
            record_fill(payload[i], records[i].bytes, sequence + i);
        }
        producer->ways.now = way;
        check_result(MAPRING_OK, mapring_producer_send_batch(producer, records, count, TIME_LIMIT));
        used += producer->ways.now == way; /* unless a step has begun */
    }
    check(used > batches / 2);
}

static void batches_arrive_intact_in_every_way(void **state)
{
    enum { BATCHES = 240, READ = 10 * (1 + 24) * 24 / 2 };
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = 4 << 20});
    struct process *reader = start_consumer(name, "oldest");
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    for (enum way way = WAY_DIRECT; way < WAYS; way++) {
        tell(reader, "read %d 20000", READ);
        send_batches(producer, way, BATCHES);
        struct reply reply = answer(reader);
        check_result(MAPRING_OK, reply.result);
        check(reply.intact);
        check_number((way + 1) * READ - 1, reply.sequence);
    }
    mapring_producer_close(producer);
}

/* A producer whose records are far between fetches no lines ahead. */
static void streaming_does_not_make_a_producer_fetch(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = 1 << 20});
    const struct mapring_buffer records[] = {{"one", 3}, {"two", 3}};
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    uint64_t fetched = producer->hot.fetched;
    check(fetched - producer->hot.position == FETCHES_NEVER);
    producer->ways.now = WAY_STREAMED;
    check_result(MAPRING_OK, mapring_producer_send_batch(producer, records, 2, TIME_LIMIT));
    check_number(fetched, producer->hot.fetched);
    mapring_producer_close(producer);
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(the_fastest_way_is_mostly_used),           TEST(a_way_that_becomes_fastest_is_found),
    TEST(one_interruption_does_not_change_the_way), TEST(steps_that_say_nothing_are_ignored),
    TEST(batches_arrive_intact_in_every_way),       TEST(streaming_does_not_make_a_producer_fetch),
};
TEST_MAIN(roles, tests)
