/* SPDX-License-Identifier: MIT */
/* The ledger: what mapring_stat() reports is what happened, under all policies, with random sizes,
 * readers that stall, and processes that are killed. */
#include "actor.h"

#include <inttypes.h>

enum { SMALL = 65536, ROUNDS = 80 };

/* What has really happened. */
struct truth {
    const char *name;
    const char *policy;
    struct process *writer;
    uint64_t sent, sent_bytes, dropped, dropped_bytes;
    unsigned kills;
};

struct reader {
    struct process *actor;
    const char *how; /* the arguments with which it opens */
    uint64_t read, lost;
};

static void open_writer(struct truth *truth)
{
    truth->writer = start_actor();
    expect(truth->writer, MAPRING_OK, "producer %s either 0 0 %s", truth->name, truth->policy);
}

static void send(struct truth *truth, uint64_t seed)
{
    uint64_t random = mix(seed);
    unsigned bytes = (unsigned)(random % (random % 5 == 0 ? 5000 : 300));
    tell(truth->writer, "flood %u %u 0", (unsigned)(random >> 20) % 60, bytes);
    struct reply reply = answer(truth->writer);
    check(reply.result == MAPRING_OK || reply.result == MAPRING_NO_ROOM);
    truth->sent += reply.count;
    truth->sent_bytes += reply.count * bytes;
    truth->dropped += reply.lost;
    truth->dropped_bytes += reply.lost * bytes;
}

static void check_producer(const struct truth *truth, const struct mapring_stat *stat)
{
    check_number(truth->sent, stat->records);
    check_number(truth->sent_bytes, stat->payload_bytes);
    check_number(truth->dropped, stat->dropped_records);
    check_number(truth->dropped_bytes, stat->dropped_payload_bytes);
    check(stat->sequence >= stat->records && stat->sequence <= truth->sent + truth->dropped);
    check(stat->balanced);
}

static void check_reader(const struct reader *reader, unsigned cell,
                         const struct mapring_stat *stat)
{
    const struct mapring_consumer_stat *consumer = NULL;
    for (unsigned i = 0; i < stat->consumers; i++)
        if (stat->consumer[i].cell == cell)
            consumer = &stat->consumer[i];
    check(consumer != NULL);
    check(consumer->balanced);
    check_number(reader->read, consumer->read_records);
    check_number(reader->lost, consumer->lost_records);
    check_number(stat->sequence - consumer->first_sequence - reader->read - reader->lost,
                 consumer->pending_records);
}

static void read_some(struct reader *reader, uint64_t seed)
{
    uint64_t limit = mix(seed) % 4 == 0 ? 100000 : mix(seed) % 50;
    tell(reader->actor, "follow %" PRIu64 " 0 across", limit);
    struct reply reply = answer(reader->actor);
    check(reply.result == MAPRING_OK || reply.result == MAPRING_NOTHING);
    check(reply.intact);
    reader->read += reply.count;
    reader->lost += reply.lost;
}

static void restart(struct reader *reader, struct truth *truth)
{
    process_kill(reader->actor);
    truth->kills++;
    reader->actor = start_actor();
    expect(reader->actor, MAPRING_OK, "consumer %s oldest %s", truth->name, reader->how);
}

/* Readers publish each release, so that their ledgers are known when they are killed. One of them
 * reads, stalls and is killed, and so is the producer. */
static void drive(const char *policy, uint64_t seed)
{
    struct truth truth = {
        .name = new_ring(&(struct mapring_options){
            .capacity_bytes = SMALL,
            .when_full = strcmp(policy, "drop") == 0 ? MAPRING_DROP : MAPRING_BLOCK}),
        .policy = policy};
    struct reader readers[2] = {{.how = "one durable"}, {.how = "two durable 20000"}};
    open_writer(&truth);
    for (int i = 0; i < 2; i++) {
        readers[i].actor = start_actor();
        expect(readers[i].actor, MAPRING_OK, "consumer %s oldest %s", truth.name, readers[i].how);
    }
    for (uint64_t round = 0; round < rounds_here(ROUNDS); round++) {
        uint64_t random = mix(seed * 1000 + round);
        send(&truth, random);
        if (random % 11 == 0) {
            process_kill(truth.writer);
            truth.kills++;
            open_writer(&truth);
        }
        bool away = random % 7 == 0;
        if (away) {
            process_kill(readers[1].actor);
            truth.kills++;
            for (int i = 0; i < 8; i++) {
                send(&truth, random + i + 1);
                read_some(&readers[0], 0); /* so that only "two" holds up the producer */
            }
            struct mapring_stat stat = stat_of(truth.name);
            check_producer(&truth, &stat);
            check_reader(&readers[1], 1, &stat);
            readers[1].actor = start_actor();
            expect(readers[1].actor, MAPRING_OK, "consumer %s oldest %s", truth.name,
                   readers[1].how);
        }
        for (unsigned i = 0; i < 2; i++) {
            if (random >> (8 + i) & 1)
                read_some(&readers[i], random + i);
            if (mix(random + i) % 9 == 0)
                restart(&readers[i], &truth);
        }
        struct mapring_stat stat = stat_of(truth.name);
        check_producer(&truth, &stat);
        check_reader(&readers[0], 0, &stat);
        check_reader(&readers[1], 1, &stat);
    }
    expect(truth.writer, MAPRING_OK, "close");
    for (unsigned i = 0; i < 2; i++) {
        struct reply reply =
            expect(readers[i].actor, MAPRING_TIMED_OUT, "follow 100000 300 across");
        readers[i].read += reply.count;
        readers[i].lost += reply.lost;
        check_number(truth.sent + truth.dropped, readers[i].read + readers[i].lost);
    }
    struct mapring_stat stat = stat_of(truth.name);
    check_producer(&truth, &stat);
    check_number(truth.sent + truth.dropped, stat.sequence);
    print_message("%s: sent %" PRIu64 ", dropped %" PRIu64 "; one read %" PRIu64 ", lost %" PRIu64
                  "; two read %" PRIu64 ", lost %" PRIu64 "; %u killed\n",
                  policy, truth.sent, truth.dropped, readers[0].read, readers[0].lost,
                  readers[1].read, readers[1].lost, truth.kills);
}

static void a_ring_that_blocks_balances(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 4; seed++)
        drive("block", seed);
}

static void a_ring_that_drops_balances(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 4; seed++)
        drive("drop", seed);
}

static void a_ring_that_overwrites_balances(void **state)
{
    (void)state;
    const char *name = new_ring(
        &(struct mapring_options){.capacity_bytes = SMALL, .when_full = MAPRING_OVERWRITE});
    struct truth truth = {.name = name, .policy = "overwrite"};
    open_writer(&truth);
    struct process *observers[2] = {start_actor(), start_actor()};
    uint64_t read[2] = {0}, lost[2] = {0};
    for (int i = 0; i < 2; i++)
        expect(observers[i], MAPRING_OK, "observer %s", name);
    for (uint64_t round = 0; round < rounds_here(3 * ROUNDS); round++) {
        uint64_t random = mix(round);
        send(&truth, random);
        if (random % 11 == 0) {
            process_kill(truth.writer);
            truth.kills++;
            open_writer(&truth);
        }
        for (int i = 0; i < 2; i++) {
            if (mix(random + (uint64_t)i) % 20)
                continue;
            tell(observers[i], "follow 100000 0 across");
            struct reply reply = answer(observers[i]);
            check(reply.intact && reply.result > MAPRING_OK);
            read[i] += reply.count;
            lost[i] += reply.lost;
            check_number(truth.sent, read[i] + lost[i]);
        }
        struct mapring_stat stat = stat_of(name);
        check_producer(&truth, &stat);
        check_number(0, stat.dropped_records);
    }
    expect(truth.writer, MAPRING_OK, "close");
    for (int i = 0; i < 2; i++) {
        struct reply reply = expect(observers[i], MAPRING_TIMED_OUT, "follow 100000 300 across");
        read[i] += reply.count;
        lost[i] += reply.lost;
        check_number(truth.sent, read[i] + lost[i]);
        print_message("overwrite: sent %" PRIu64 ", read %" PRIu64 ", lost %" PRIu64 "\n",
                      truth.sent, read[i], lost[i]);
    }
}

/* While all processes run, what is seen at any moment adds up. */
static void beside_running_processes_it_balances(void **state)
{
    (void)state;
    static const enum mapring_when_full policies[] = {MAPRING_BLOCK, MAPRING_DROP};
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        const char *name =
            new_ring(&(struct mapring_options){.capacity_bytes = SMALL, .when_full = policies[i]});
        struct process *writer = start_producer(name), *durable = start_actor(),
                       *reader = start_consumer(name, "oldest");
        expect(durable, MAPRING_OK, "consumer %s oldest d durable", name);
        tell(writer, "flood 200000 30 forever");
        tell(durable, "follow 200000 forever");
        tell(reader, "follow 200000 forever");
        struct mapring_stat stat;
        uint64_t looks = 0;
        do {
            stat = stat_of(name);
            check(stat.balanced);
            check_number(2, stat.consumers);
            looks++;
        } while (stat.records + stat.dropped_records < 200000);
        struct reply reply = answer(writer);
        check_result(MAPRING_OK, reply.result);
        expect(writer, MAPRING_OK, "close");
        print_message("%" PRIu64 " looks, dropped %" PRIu64 "\n", looks, stat.dropped_records);
        for (int each = 0; each < 2; each++) {
            reply = answer(each ? durable : reader);
            check_result(MAPRING_OK, reply.result);
            check(reply.intact && reply.count + reply.lost == 200000);
        }
    }
}

/* ---- What does not add up is reported ---- */

static void falsify(const char *path, size_t offset, uint64_t value)
{
    check(os_file_write_at(path, (int64_t)offset, &value, sizeof value));
}

static void a_falsified_ledger_does_not_balance(void **state)
{
    (void)state;
    static const size_t words[] = {
        offsetof(struct ring_ledger, sequence),
        offsetof(struct ring_ledger, first_sequence),
        offsetof(struct ring_ledger, read_records),
        offsetof(struct ring_ledger, lost_records),
    };
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        const char *path = new_path(".ring");
        struct process *writer = start_actor(), *reader = start_actor();
        expect(writer, MAPRING_OK, "producer %s create %d", path, SMALL);
        expect(reader, MAPRING_OK, "consumer %s oldest d durable", path);
        expect(writer, MAPRING_OK, "send 50 100");
        expect_records(reader, 0, 20);
        expect(reader, MAPRING_OK, "close");
        expect(writer, MAPRING_OK, "close");
        check(stat_of(path).balanced);
        for (size_t ledger = 0; ledger < 2; ledger++)
            falsify(path,
                    REGION_BYTES + offsetof(struct ring_cells, cell) +
                        offsetof(struct ring_cell, ledger) + ledger * sizeof(struct ring_ledger) +
                        words[i],
                    17);
        struct mapring_stat stat = stat_of(path);
        check(!stat.balanced && !stat.consumer[0].balanced);
    }
}

static void falsified_drops_do_not_balance(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    struct process *writer = start_actor();
    expect(writer, MAPRING_OK, "producer %s create %d 0 drop", path, SMALL);
    expect(writer, MAPRING_OK, "flood 100 1000");
    expect(writer, MAPRING_OK, "close");
    check(stat_of(path).balanced);
    for (size_t i = 0; i < 2; i++)
        falsify(path, offsetof(struct ring_header, dropped) + i * sizeof(struct ring_dropped), 1);
    check(!stat_of(path).balanced);
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(a_ring_that_blocks_balances),         TEST(a_ring_that_drops_balances),
    TEST(a_ring_that_overwrites_balances),     TEST(beside_running_processes_it_balances),
    TEST(a_falsified_ledger_does_not_balance), TEST(falsified_drops_do_not_balance),
};
TEST_MAIN(roles, tests)
