/* SPDX-License-Identifier: MIT */
/* Many records of random sizes pass through a small ring with several readers, while processes are
 * killed anywhere. Every reader gets every committed record once, in order and intact. */
#include "actor.h"

#include <inttypes.h>

#include "consumer/consumer.h"
#include "producer/producer.h"

enum { SMALL = 65536, READERS = 3, QUIET_RECORDS = 200000, WILD_RECORDS = 60000, KILL_EACH = 3000 };

/* Mostly small; now and then a large one, or one of the largest possible size. */
static size_t size_of(uint64_t sequence)
{
    uint64_t random = mix(sequence);
    if (random % 1000 == 0)
        return SMALL / 2 - 8;
    return (size_t)(random >> 16) & (random % 50 == 0 ? 8191 : 127);
}

static int send_some(mapring_producer *producer, uint64_t *sequence)
{
    struct mapring_buffer records[16];
    unsigned char data[16][128];
    size_t count = 0;
    while (count < COUNT_OF(records) && size_of(*sequence + count) < sizeof data[0]) {
        size_t bytes = size_of(*sequence + count);
        record_fill(data[count], bytes, *sequence + count);
        records[count] = (struct mapring_buffer){data[count], bytes};
        count++;
    }
    if (count > 1 && mix(*sequence) % 7 == 0) {
        *sequence += count;
        return mapring_producer_send_batch(producer, records, count, TIME_LIMIT);
    }
    void *payload;
    size_t bytes = size_of(*sequence);
    int result = mapring_producer_reserve(producer, bytes, &payload, TIME_LIMIT);
    if (result != MAPRING_OK)
        return result;
    record_fill(payload, bytes, *sequence);
    ++*sequence;
    return mapring_producer_commit(producer, bytes);
}

/* writer NAME COUNT: continues where the ring is, until it holds COUNT records or a few more. */
static int role_writer(int argc, char **argv)
{
    mapring_producer *producer;
    check_number(2, argc);
    uint64_t end = strtoull(argv[1], NULL, 10);
    check_result(MAPRING_OK, mapring_producer_open(&producer, argv[0], NULL));
    uint64_t sequence = producer->hot.sequence;
    role_say("ready");
    while (sequence < end)
        check_result(MAPRING_OK, send_some(producer, &sequence));
    mapring_producer_close(producer);
    return 0;
}

static void check_record(const struct mapring_record *record, uint64_t expected)
{
    check_number(expected, record->sequence);
    check_number(size_of(expected), record->bytes);
    check(record_is_intact(record->payload, record->bytes, expected));
}

/* reader NAME COUNT: reads on, whatever happens to the producers, up to record COUNT. A reader that
 * joins later begins where it can. */
static int role_reader(int argc, char **argv)
{
    mapring_consumer *consumer;
    struct mapring_record records[32];
    check_number(2, argc);
    uint64_t end = strtoull(argv[1], NULL, 10);
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, argv[0], NULL));
    uint64_t expected = consumer->reader.hot.cursor.sequence;
    role_say("ready");
    while (expected < end) {
        size_t count, limit = 1 + mix(expected) % COUNT_OF(records);
        int result = mapring_consumer_next_batch(consumer, records, limit, &count, TIME_LIMIT);
        if (result == MAPRING_PRODUCER_DIED)
            continue;
        if (result == MAPRING_PRODUCER_CLOSED)
            break;
        check_result(MAPRING_OK, result);
        for (size_t i = 0; i < count; i++)
            check_record(&records[i], expected++);
        check_result(MAPRING_OK, mapring_consumer_release(consumer));
    }
    mapring_consumer_close(consumer);
    check(expected >= end || end == UINT32_MAX);
    return 0;
}

static struct process *start_ready(const char *role, const char *name, unsigned records)
{
    char count[16];
    snprintf(count, sizeof count, "%u", records);
    struct process *process = start_role(role, name, count, NULL);
    process_hear(process, "ready");
    return process;
}

static const struct mapring_options small = {.capacity_bytes = SMALL};

static void hundreds_of_thousands_of_records_pass(void **state)
{
    (void)state;
    for (uint32_t slot = 8; slot <= 256; slot *= 32) {
        const char *name =
            new_ring(&(struct mapring_options){.capacity_bytes = SMALL, .slot_bytes = slot});
        struct process *readers[READERS];
        for (int i = 0; i < READERS; i++)
            readers[i] = start_ready("reader", name, QUIET_RECORDS);
        struct process *writer = start_ready("writer", name, QUIET_RECORDS);
        for (int i = 0; i < READERS; i++)
            process_finish(readers[i]);
        process_finish(writer);
    }
}

/* The test reads along, and kills after a certain number of records, wherever the victim is
 * then. */
static void nothing_is_lost_while_producers_and_consumers_are_killed(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *readers[READERS], *victim, *writer;
    mapring_consumer *consumer;
    struct mapring_record record;
    uint64_t expected = 0;
    int kills = 0;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    for (int i = 0; i < READERS; i++)
        readers[i] = start_ready("reader", name, WILD_RECORDS);
    victim = start_ready("reader", name, UINT32_MAX);
    writer = start_ready("writer", name, WILD_RECORDS);
    while (expected < WILD_RECORDS) {
        int result = mapring_consumer_next(consumer, &record, TIME_LIMIT);
        if (result == MAPRING_PRODUCER_DIED) {
            writer = start_ready("writer", name, WILD_RECORDS);
            continue;
        }
        check_result(MAPRING_OK, result);
        check_record(&record, expected++);
        check_result(MAPRING_OK, mapring_consumer_release(consumer));
        if (writer && mix(expected) % KILL_EACH == 0 && expected + 5000 < WILD_RECORDS) {
            process_kill(writer);
            writer = NULL; /* its records have to be read first */
            kills++;
        }
        if (expected % (2 * KILL_EACH) == 0) {
            process_kill(victim);
            victim = start_ready("reader", name, UINT32_MAX);
        }
    }
    print_message("%d producers were killed\n", kills);
    for (int i = 0; i < READERS; i++)
        process_finish(readers[i]);
    process_finish(writer);
    mapring_consumer_close(consumer);
}

static const struct role roles[] = {ACTOR_ROLE, {"writer", role_writer}, {"reader", role_reader}};
static const struct CMUnitTest tests[] = {
    TEST(hundreds_of_thousands_of_records_pass),
    TEST(nothing_is_lost_while_producers_and_consumers_are_killed),
};
TEST_MAIN(roles, tests)
