/* SPDX-License-Identifier: MIT */
/* Durable consumers keep their place, whatever happens to them; ephemeral ones keep nothing. */
#include "actor.h"

#include <inttypes.h>

enum { SMALL = 65536, RACES = 60, RACERS = 4, KILLS = 60 };

static const struct mapring_options small = {.capacity_bytes = SMALL};

/* Starts an actor that is the durable consumer "d". */
static struct process *start_durable(const char *name)
{
    struct process *actor = start_actor();
    expect(actor, MAPRING_OK, "consumer %s oldest d durable", name);
    return actor;
}

static struct mapring_consumer_stat consumer_number(const char *name, unsigned number)
{
    struct mapring_stat stat = stat_of(name);
    check(number < stat.consumers);
    check(stat.balanced && stat.consumer[number].balanced);
    return stat.consumer[number];
}

static struct mapring_consumer_stat only_consumer(const char *name)
{
    check_number(1, stat_of(name).consumers);
    return consumer_number(name, 0);
}

static void expect_lost(struct process *actor, uint64_t first, uint64_t records)
{
    struct reply reply = expect(actor, MAPRING_LOST, "next 5000");
    check_number(first, reply.lost_from);
    check_number(records, reply.lost);
}

/* ---- The place is kept ---- */

static void a_durable_consumer_goes_on_after_its_close(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_durable(name);
    expect(writer, MAPRING_OK, "send 20 100");
    expect_records(reader, 0, 7);
    expect(reader, MAPRING_OK, "close");
    struct mapring_consumer_stat stat = only_consumer(name);
    check_number(MAPRING_CONSUMER_AWAY, stat.state);
    check(stat.durable && !stat.alive);
    check_text("d", stat.name);
    check_number(7, stat.read_records);
    check_number(13, stat.pending_records);
    expect(writer, MAPRING_OK, "send 5 100");
    expect(reader, MAPRING_OK, "consumer %s newest d durable",
           name); /* `from` counts only the first time */
    check_number(MAPRING_CONSUMER_ATTACHED, only_consumer(name).state);
    expect_records(reader, 7, 18);
    expect(reader, MAPRING_NOTHING, "next");
    check_number(25, only_consumer(name).read_records);
}

static void what_was_received_and_not_released_comes_again_after_a_kill(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_durable(name);
    expect(writer, MAPRING_OK, "send 20 100");
    expect_records(reader, 0, 7);
    expect(reader, MAPRING_OK, "next");
    expect(reader, MAPRING_OK, "next");
    process_kill(reader);
    reader = start_durable(name);
    expect_records(reader, 7, 3);
    process_kill(reader);
    reader = start_durable(name);
    expect_records(reader, 10, 10);
    expect(reader, MAPRING_NOTHING, "next");
}

static void what_was_released_does_not_come_again_after_a_kill(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    expect(writer, MAPRING_OK, "send 30 50");
    for (uint64_t next = 0; next < 20; next += 2) {
        struct process *reader = start_durable(name);
        check_number(next, expect(reader, MAPRING_OK, "next").sequence);
        expect(reader, MAPRING_OK, "next");
        expect(reader, MAPRING_OK, "release");
        process_kill(reader);
        check_number(next + 2, only_consumer(name).sequence);
    }
    expect_records(start_durable(name), 20, 10);
}

static void a_place_survives_the_producer_too(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_durable(name);
    expect(writer, MAPRING_OK, "send 10 100");
    expect_records(reader, 0, 4);
    process_kill(reader);
    process_kill(writer);
    writer = start_producer(name);
    expect(writer, MAPRING_OK, "send 10 100");
    reader = start_durable(name);
    expect_records(reader, 4, 16);
}

static void an_absent_durable_consumer_gates(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_durable(name);
    expect(reader, MAPRING_OK, "close");
    uint64_t sent = expect(writer, MAPRING_NO_ROOM, "send 1000 1000").count;
    expect(writer, MAPRING_TIMED_OUT, "send 1 1000 250");
    expect(reader, MAPRING_OK, "consumer %s oldest d durable", name);
    expect_records(reader, 0, sent);
    expect(writer, MAPRING_OK, "send 1 1000 5000");
    process_kill(reader);
    expect(writer, MAPRING_NO_ROOM, "send 1000 1000");
}

static void an_ephemeral_consumer_leaves_nothing(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest same", name);
    expect(writer, MAPRING_NO_ROOM, "send 1000 1000");
    process_kill(reader);
    expect(writer, MAPRING_OK, "send 100 1000");
    check_number(0, stat_of(name).consumers);
    reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest same", name);
    check(expect(reader, MAPRING_OK, "read 1").sequence > 0);
}

static void ephemeral_consumers_may_share_a_name(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *one = start_actor(), *two = start_actor(), *durable = start_durable(name);
    expect(one, MAPRING_OK, "consumer %s oldest d", name);
    expect(two, MAPRING_OK, "consumer %s oldest d", name);
    check_number(3, stat_of(name).consumers);
    expect(durable, MAPRING_OK, "close");
    check_number(3, stat_of(name).consumers);
}

/* ---- One of each name ---- */

static void a_name_that_is_attached_is_taken(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *reader = start_durable(name), *second = start_actor();
    struct reply reply =
        expect(second, MAPRING_ERROR_CONSUMER_TAKEN, "consumer %s oldest d durable", name);
    char process[32];
    snprintf(process, sizeof process, "%" PRIu64, process_id(reader));
    check(strstr(reply.text, process) != NULL);
    expect(second, MAPRING_OK, "consumer %s oldest e durable", name);
    check_number(2, stat_of(name).consumers);
    process_kill(reader);
    expect(second, MAPRING_OK, "close");
    expect(second, MAPRING_OK, "consumer %s oldest d durable", name);
    check_number(2, stat_of(name).consumers);
}

static void of_several_at_once_one_gets_the_name(void **state)
{
    (void)state;
    struct process *racers[RACERS];
    for (int i = 0; i < RACERS; i++)
        racers[i] = start_actor();
    for (uint64_t race = 0; race < rounds_here(RACES); race++) {
        const char *name = new_ring(&small);
        for (int i = 0; i < RACERS; i++)
            tell(racers[i], "consumer %s oldest d durable", name);
        int won = 0;
        for (int i = 0; i < RACERS; i++) {
            int result = answer(racers[i]).result;
            check(result == MAPRING_OK || result == MAPRING_ERROR_CONSUMER_TAKEN);
            won += result == MAPRING_OK;
        }
        check_number(1, won);
        check_number(1, stat_of(name).consumers);
        for (int i = 0; i < RACERS; i++)
            expect(racers[i], MAPRING_OK, "close");
    }
}

/* Others come and go meanwhile, and try one free cell after another. */
static void a_durable_consumer_comes_back_in_a_crowd(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *durable = start_durable(name), *others[RACERS];
    for (int i = 0; i < RACERS; i++)
        others[i] = start_actor();
    for (uint64_t race = 0; race < rounds_here(5 * RACES); race++) {
        expect(durable, MAPRING_OK, "close");
        for (int i = 0; i < RACERS; i++)
            tell(others[i], "consumer %s", name);
        expect(durable, MAPRING_OK, "consumer %s oldest d durable", name);
        for (int i = 0; i < RACERS; i++) {
            check_result(MAPRING_OK, answer(others[i]).result);
            expect(others[i], MAPRING_OK, "close");
        }
    }
    check_number(1, stat_of(name).consumers);
}

static void all_cells_may_be_durable(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_actor();
    for (int i = 0; i < MAPRING_CONSUMER_LIMIT; i++) {
        expect(reader, MAPRING_OK, "consumer %s oldest d%d durable", name, i);
        expect(reader, MAPRING_OK, "close");
    }
    expect(reader, MAPRING_ERROR_CONSUMERS_FULL, "consumer %s oldest d32 durable", name);
    expect(reader, MAPRING_ERROR_CONSUMERS_FULL, "consumer %s", name);
    check_number(MAPRING_CONSUMER_LIMIT, stat_of(name).consumers);
    expect(writer, MAPRING_OK, "send 5 10");
    for (int i = 0; i < MAPRING_CONSUMER_LIMIT; i++) {
        expect(reader, MAPRING_OK, "consumer %s oldest d%d durable", name, i);
        expect_records(reader, 0, 5);
        expect(reader, MAPRING_OK, "close");
    }
    check_result(MAPRING_OK, mapring_consumer_remove(name, MAPRING_LOCAL, "d17"));
    expect(reader, MAPRING_OK, "consumer %s", name);
}

static void a_removed_consumer_gates_no_more(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_durable(name);
    check_result(MAPRING_ERROR_CONSUMER_TAKEN, mapring_consumer_remove(name, MAPRING_LOCAL, "d"));
    check_result(MAPRING_ERROR_NOT_THERE, mapring_consumer_remove(name, MAPRING_LOCAL, "e"));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_consumer_remove(name, MAPRING_LOCAL, NULL));
    check_result(MAPRING_ERROR_NOT_THERE,
                 mapring_consumer_remove(new_ring_name(), MAPRING_LOCAL, "d"));
    expect(writer, MAPRING_NO_ROOM, "send 1000 1000");
    process_kill(reader);
    expect(writer, MAPRING_TIMED_OUT, "send 1 1000 20");
    tell(writer, "send 1 1000 forever");
    await_sleeping_producer(name);
    check_result(MAPRING_OK, mapring_consumer_remove(name, MAPRING_LOCAL, "d"));
    check_result(MAPRING_OK, answer(writer).result);
    check_result(MAPRING_ERROR_NOT_THERE, mapring_consumer_remove(name, MAPRING_LOCAL, "d"));
    check_number(0, stat_of(name).consumers);
}

static void options_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    mapring_consumer *consumer;
    const struct mapring_consumer_options wrong[] = {
        {.durable = true},   {.durable = true, .name = ""}, {.max_lag_bytes = 5, .name = "x"},
        {.wake_bytes = 100}, {.wake_delay_ns = -5},         {.from = (enum mapring_from)9},
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        check_result(MAPRING_ERROR_ARGUMENT, mapring_consumer_open(&consumer, name, &wrong[i]));
    check_number(0, stat_of(name).consumers);
}

/* ---- Maximum lag ---- */

enum { LAG = 20000 };

static struct process *start_lagging(const char *name)
{
    struct process *actor = start_actor();
    expect(actor, MAPRING_OK, "consumer %s oldest d durable %d", name, LAG);
    return actor;
}

static void within_its_largest_lag_an_absent_consumer_gates(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *other = start_consumer(name, "oldest"),
                   *reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest d durable %d", name, SMALL);
    check_number(SMALL, consumer_number(name, 1).max_lag_bytes);
    process_kill(reader);
    uint64_t sent = expect(writer, MAPRING_NO_ROOM, "send 1000 1000").count;
    expect_records(other, 0, sent);
    expect(other, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_NO_ROOM, "send 1 1000");
    reader = start_durable(name);
    expect_records(reader, 0, sent);
}

static void an_attached_consumer_gates_however_far_behind(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_lagging(name);
    uint64_t sent = expect(writer, MAPRING_NO_ROOM, "send 1000 1000").count;
    expect(writer, MAPRING_TIMED_OUT, "send 1 1000 250");
    expect_records(reader, 0, sent);
}

/* Makes a ring of which "d" has read `read` records before it lapsed; returns the number of records
 * sent. */
static uint64_t ring_with_lapsed(const char **name, struct process **writer, uint64_t read)
{
    *name = new_ring(&small);
    *writer = start_producer(*name);
    struct process *reader = start_lagging(*name);
    expect(*writer, MAPRING_OK, "send %" PRIu64 " 1000", read);
    if (read)
        expect_records(reader, 0, read);
    process_kill(reader);
    expect(*writer, MAPRING_OK, "send 500 1000");
    struct mapring_consumer_stat stat = only_consumer(*name);
    check_number(MAPRING_CONSUMER_LAPSED, stat.state);
    check(!stat.alive && stat.durable);
    check_number(read, stat.sequence);
    check_number(500, stat.pending_records);
    return read + 500;
}

/* First comes the loss and then all the rest, and the ledger shows both. */
static void expect_rest(struct process *reader, const char *name, uint64_t from, uint64_t sent)
{
    struct reply loss = expect(reader, MAPRING_LOST, "next");
    check_number(from, loss.lost_from);
    check(loss.lost > 400 && loss.lost < sent - from);
    struct reply reply = expect(reader, MAPRING_NOTHING, "follow 10000");
    check_number(sent - from, loss.lost + reply.count);
    check_number(sent - 1, reply.sequence);
    struct mapring_consumer_stat stat = only_consumer(name);
    check_number(loss.lost, stat.lost_records);
    check_number(from + reply.count, stat.read_records);
    check_number(0, stat.pending_records);
}

static void beyond_it_the_consumer_lapses_and_is_told_what_it_lost(void **state)
{
    (void)state;
    for (uint64_t read = 0; read < 8; read += 7) {
        const char *name;
        struct process *writer;
        uint64_t sent = ring_with_lapsed(&name, &writer, read);
        struct process *reader = start_lagging(name);
        expect_rest(reader, name, read, sent);
        expect(writer, MAPRING_OK, "send 3 10");
        expect_records(reader, sent, 3);
        process_kill(reader);
        reader = start_lagging(name);
        expect(writer, MAPRING_OK, "send 3 10");
        expect_records(reader, sent + 3, 3);
    }
}

static void a_loss_that_was_not_taken_is_told_again(void **state)
{
    (void)state;
    for (int how = 0; how < 2; how++) {
        const char *name;
        struct process *writer;
        uint64_t sent = ring_with_lapsed(&name, &writer, 5);
        for (int i = 0; i < 3; i++) {
            struct process *reader = start_lagging(name);
            check_number(500, only_consumer(name).pending_records);
            if (how == 1)
                process_kill(reader);
            else
                expect(reader, MAPRING_OK, "close");
        }
        expect_rest(start_lagging(name), name, 5, sent);
    }
}

static void a_loss_that_was_taken_is_not_told_again(void **state)
{
    (void)state;
    const char *name;
    struct process *writer;
    uint64_t sent = ring_with_lapsed(&name, &writer, 5);
    struct process *reader = start_lagging(name);
    uint64_t lost = expect(reader, MAPRING_LOST, "next").lost;
    struct mapring_consumer_stat stat = only_consumer(name);
    check_number(lost, stat.lost_records);
    check_number(500 - lost, stat.pending_records);
    process_kill(reader);
    reader = start_lagging(name);
    expect_records(reader, 5 + lost, sent - 5 - lost);
}

static void one_that_returns_gates_again(void **state)
{
    (void)state;
    const char *name;
    struct process *writer;
    ring_with_lapsed(&name, &writer, 0);
    struct process *reader = start_durable(name); /* now without a maximum lag */
    expect(reader, MAPRING_LOST, "next");
    expect(reader, MAPRING_OK, "close");
    expect(writer, MAPRING_NO_ROOM, "send 1000 1000");
    expect(writer, MAPRING_TIMED_OUT, "send 1 1000 150");
}

static void a_lapsed_consumer_keeps_its_name_and_can_be_removed(void **state)
{
    (void)state;
    const char *name;
    struct process *writer;
    ring_with_lapsed(&name, &writer, 0);
    check_result(MAPRING_OK, mapring_consumer_remove(name, MAPRING_LOCAL, "d"));
    check_number(0, stat_of(name).consumers);
    struct process *reader = start_durable(name);
    struct reply reply = expect(reader, MAPRING_NOTHING, "follow 1000");
    check(reply.lost == 0 && reply.count > 0);
}

/* ---- Start and seek ---- */

static void a_start_at_a_record_that_is_kept(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    expect(writer, MAPRING_OK, "send 60 1000");
    static const unsigned starts[] = {0, 1, 5, 30, 59};
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        struct process *reader = start_actor();
        expect(reader, MAPRING_OK, "consumer %s %u", name, starts[i]);
        expect_records(reader, starts[i], 60 - starts[i]);
        expect(reader, MAPRING_NOTHING, "next");
        process_kill(reader);
    }
}

static void a_start_at_the_next_record_waits_for_it(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_actor();
    expect(writer, MAPRING_OK, "send 10 100");
    expect(reader, MAPRING_OK, "consumer %s 10", name);
    expect(reader, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_OK, "send 2 100");
    expect_records(reader, 10, 2);
}

/* Fills a ring several times; returns the oldest record that is kept. */
static uint64_t overrun(const char **name, struct process **writer)
{
    *name = new_ring(&small);
    *writer = start_producer(*name);
    process_kill(start_consumer(*name, "oldest"));
    expect(*writer, MAPRING_OK, "send 500 1000");
    struct process *reader = start_consumer(*name, "oldest");
    uint64_t oldest = expect(reader, MAPRING_OK, "next").sequence;
    expect(reader, MAPRING_OK, "close");
    check(oldest > 400);
    return oldest;
}

static void a_start_before_what_is_kept_tells_of_the_loss(void **state)
{
    (void)state;
    for (int durable = 0; durable < 2; durable++) {
        const char *name;
        struct process *writer, *reader = start_actor();
        uint64_t oldest = overrun(&name, &writer);
        expect(reader, MAPRING_OK, "consumer %s 17 name %s", name, durable ? "durable" : "");
        struct mapring_consumer_stat stat = only_consumer(name);
        check_number(17, stat.first_sequence);
        check_number(483, stat.pending_records);
        expect_lost(reader, 17, oldest - 17);
        expect_records(reader, oldest, 500 - oldest);
        expect(reader, MAPRING_NOTHING, "next");
        stat = only_consumer(name);
        check_number(oldest - 17, stat.lost_records);
        check_number(500 - oldest, stat.read_records);
    }
}

static void such_a_start_that_was_not_used_begins_again(void **state)
{
    (void)state;
    const char *name;
    struct process *writer, *reader = start_actor();
    uint64_t oldest = overrun(&name, &writer);
    expect(reader, MAPRING_OK, "consumer %s 17 d durable", name);
    process_kill(reader);
    reader = start_durable(name);
    expect_lost(reader, 17, oldest - 17);
    process_kill(reader);
    reader = start_durable(name);
    expect_records(reader, oldest, 500 - oldest);
}

static void a_start_in_a_gap_is_told_of_the_rest_of_it(void **state)
{
    (void)state;
    const struct mapring_options dropping = {.capacity_bytes = SMALL, .when_full = MAPRING_DROP};
    const char *name = new_ring(&dropping);
    struct process *writer = start_producer(name), *first = start_consumer(name, "oldest"),
                   *reader = start_actor();
    struct reply reply = expect(writer, MAPRING_OK, "flood 100 1000");
    uint64_t sent = reply.count;
    expect_records(first, 0, sent);
    expect(first, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_OK, "send 5 10");
    expect(reader, MAPRING_OK, "consumer %s %" PRIu64, name, sent + 2);
    reply = expect(reader, MAPRING_NOTHING, "follow 1000");
    check_number(104, reply.sequence);
    check_number(5, reply.count);
    check(consumer_number(name, 1).balanced);
}

static void seeking_goes_back_and_forth(void **state)
{
    (void)state;
    for (int durable = 0; durable < 2; durable++) {
        const char *name = new_ring(&small);
        struct process *writer = start_producer(name), *keeper = start_consumer(name, "oldest"),
                       *reader = start_actor();
        expect(writer, MAPRING_OK, "send 60 1000");
        expect(reader, MAPRING_OK, "consumer %s oldest d %s", name, durable ? "durable" : "");
        expect_records(reader, 0, 20);
        expect(reader, MAPRING_OK, "seek 50");
        expect_records(reader, 50, 2);
        check_number(50, consumer_number(name, 1).first_sequence);
        expect(reader, MAPRING_OK, "seek 3");
        expect_records(reader, 3, 4);
        expect(reader, MAPRING_OK, "seek newest");
        expect(reader, MAPRING_NOTHING, "next");
        expect(reader, MAPRING_OK, "seek oldest");
        expect_records(reader, 0, 60);
        expect(reader, MAPRING_OK, "seek 59");
        expect_records(reader, 59, 1);
        expect(reader, MAPRING_NOTHING, "next");
        check(consumer_number(name, 1).balanced);
        expect(keeper, MAPRING_OK, "close");
        expect(writer, MAPRING_OK, "send 30 1000"); /* its old place gates no longer */
        expect_records(reader, 60, 30);
    }
}

static void a_seek_survives_a_kill(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_durable(name);
    expect(writer, MAPRING_OK, "send 60 1000");
    expect_records(reader, 0, 20);
    expect(reader, MAPRING_OK, "seek 40");
    process_kill(reader);
    reader = start_durable(name);
    expect_records(reader, 40, 5);
    expect(reader, MAPRING_OK, "seek 30");
    process_kill(reader);
    reader = start_durable(name);
    expect_records(reader, 30, 30);
}

static void seeking_while_records_are_held_is_refused(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "send 10 100");
    expect(reader, MAPRING_OK, "next");
    expect(reader, MAPRING_ERROR_HELD, "seek oldest");
    expect(reader, MAPRING_ERROR_HELD, "seek 5");
    expect(reader, MAPRING_OK, "release");
    expect(reader, MAPRING_OK, "seek 5");
    expect_records(reader, 5, 5);
    check_result(MAPRING_ERROR_ARGUMENT, mapring_consumer_seek(NULL, MAPRING_OLDEST, 0));
}

static void a_seek_elsewhere_than_anywhere_is_refused(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    mapring_consumer *consumer;
    struct mapring_record record;
    expect(writer, MAPRING_OK, "send 10 100");
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_consumer_seek(consumer, (enum mapring_from)9, 0));
    check_result(MAPRING_ERROR_ARGUMENT,
                 mapring_consumer_seek(consumer, (enum mapring_from) - 1, 0));
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check_number(0, record.sequence);
    mapring_consumer_close(consumer);
}

/* ---- Killed anywhere ---- */

/* Reads and releases one record after another until it is killed. */
static int role_victim(int argc, char **argv)
{
    const struct mapring_consumer_options durable = {.name = "d", .durable = true};
    mapring_consumer *consumer;
    struct mapring_record record;
    check_number(1, argc);
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, argv[0], &durable));
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, TIME_LIMIT));
    role_say("%" PRIu64, record.sequence);
    for (;;) {
        check(record_is_intact(record.payload, record.bytes, record.sequence));
        check_result(MAPRING_OK, mapring_consumer_release(consumer));
        check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, TIME_LIMIT));
    }
}

static void a_consumer_may_be_killed_at_any_place(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    process_kill(start_durable(name));
    tell(writer, "send 100000000 20 forever");
    uint64_t before = 0;
    for (uint64_t i = 0; i < rounds_here(KILLS); i++) {
        struct process *victim = start_role("victim", name, NULL);
        const char *line = process_line(victim);
        check(line != NULL);
        uint64_t sequence = strtoull(line, NULL, 10);
        check_number(before, sequence);
        check_soon(only_consumer(name).sequence > sequence + 100 * i);
        process_kill(victim);
        before = only_consumer(name).sequence;
    }
}

static const struct role roles[] = {ACTOR_ROLE, {"victim", role_victim}};
static const struct CMUnitTest tests[] = {
    TEST(a_durable_consumer_goes_on_after_its_close),
    TEST(what_was_received_and_not_released_comes_again_after_a_kill),
    TEST(what_was_released_does_not_come_again_after_a_kill),
    TEST(a_place_survives_the_producer_too),
    TEST(an_absent_durable_consumer_gates),
    TEST(an_ephemeral_consumer_leaves_nothing),
    TEST(ephemeral_consumers_may_share_a_name),
    TEST(a_name_that_is_attached_is_taken),
    TEST(of_several_at_once_one_gets_the_name),
    TEST(a_durable_consumer_comes_back_in_a_crowd),
    TEST(all_cells_may_be_durable),
    TEST(a_removed_consumer_gates_no_more),
    TEST(options_that_make_no_sense_are_refused),
    TEST(within_its_largest_lag_an_absent_consumer_gates),
    TEST(an_attached_consumer_gates_however_far_behind),
    TEST(beyond_it_the_consumer_lapses_and_is_told_what_it_lost),
    TEST(a_loss_that_was_not_taken_is_told_again),
    TEST(a_loss_that_was_taken_is_not_told_again),
    TEST(one_that_returns_gates_again),
    TEST(a_lapsed_consumer_keeps_its_name_and_can_be_removed),
    TEST(a_start_at_a_record_that_is_kept),
    TEST(a_start_at_the_next_record_waits_for_it),
    TEST(a_start_before_what_is_kept_tells_of_the_loss),
    TEST(such_a_start_that_was_not_used_begins_again),
    TEST(a_start_in_a_gap_is_told_of_the_rest_of_it),
    TEST(seeking_goes_back_and_forth),
    TEST(a_seek_survives_a_kill),
    TEST(seeking_while_records_are_held_is_refused),
    TEST(a_seek_elsewhere_than_anywhere_is_refused),
    TEST(a_consumer_may_be_killed_at_any_place),
};
TEST_MAIN(roles, tests)
