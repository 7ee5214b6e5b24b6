/* SPDX-License-Identifier: MIT */
/* A drain says that everything is read only if it is, whoever came and went meanwhile. */
#include "actor.h"
#include "ring/open.h"

enum { SMALL = 65536, LAG = 20000, RECORDS = 10 };

static const struct mapring_options small = {.capacity_bytes = SMALL};

/* The ring's own count of the consumers that left records unread. */
static uint32_t departed(const char *name)
{
    struct ring ring;
    struct mapring_hot hot;
    check_result(MAPRING_OK, ring_attach(&ring, &hot, name, MAPRING_LOCAL, false, ACCESS_READ));
    uint32_t count = load_ordered(&ring.cells->left_unread);
    ring_close(&ring);
    return count;
}

/* Ring 0 is named. The positions of rings 1 and 2 pass 2^64 after five records or three laps. */
static const char *ring_number(int number)
{
    if (number == 0)
        return new_ring(&small);
    const char *path = new_ring_file(&small);
    header_begin_at(path, 0 - (uint64_t)(number == 1 ? 5 * 112 : 3 * SMALL), UINT32_MAX - 3);
    return path;
}
#define EACH_RING(name) (int ring_ = 0; ring_ < 3 && (name = ring_number(ring_)); ring_++)

static struct process *start_durable(const char *name, unsigned max_lag)
{
    struct process *actor = start_actor();
    expect(actor, MAPRING_OK, "consumer %s oldest d durable %u", name, max_lag);
    return actor;
}

static void go(struct process *actor, bool killed)
{
    if (killed)
        process_kill(actor);
    else
        expect(actor, MAPRING_OK, "close");
}

static void who_goes_before_the_first_drain_is_told_too(void **state)
{
    (void)state;
    const char *name;
    for (int how = 0; how < 4; how++)
        for
            EACH_RING(name)
            {
                struct process *writer = start_producer(name);
                struct process *reader =
                    how < 2 ? start_consumer(name, "oldest") : start_durable(name, 0);
                expect(writer, MAPRING_OK, "send %d 100", RECORDS);
                expect(reader, MAPRING_OK, "read 4");
                go(reader, how % 2);
                expect(writer, MAPRING_CONSUMER_GONE, "drain forever");
                expect(writer, MAPRING_OK, "close");
            }
}

static void it_is_told_once_and_then_the_next_consumer_is_waited_for(void **state)
{
    (void)state;
    const char *name;
    for
        EACH_RING(name)
        {
            struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
            expect(writer, MAPRING_OK, "send %d 100", RECORDS);
            expect(reader, MAPRING_OK, "close");
            check_number(1, departed(name));
            expect(writer, MAPRING_CONSUMER_GONE, "drain");
            expect(writer, MAPRING_TIMED_OUT, "drain");
            expect(reader, MAPRING_OK, "consumer %s oldest", name);
            expect(writer, MAPRING_TIMED_OUT, "drain 20");
            tell(writer, "drain forever");
            await_sleeping_producer(name);
            expect(reader, MAPRING_OK, "read %d", RECORDS);
            expect(reader, MAPRING_NOTHING, "next");
            check_result(MAPRING_OK, answer(writer).result);
            expect(reader, MAPRING_OK, "close");
            expect(writer, MAPRING_OK, "drain");
            check_number(1, departed(name));
            expect(writer, MAPRING_OK, "close");
        }
}

static void one_that_replaces_the_dead_counts_them(void **state)
{
    (void)state;
    const char *name;
    for
        EACH_RING(name)
        {
            struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
            expect(writer, MAPRING_OK, "send %d 100", RECORDS);
            process_kill(reader);
            reader = start_consumer(name, "oldest");
            check_number(1, stat_of(name).consumers);
            check_number(1, departed(name));
            expect(reader, MAPRING_OK, "read %d", RECORDS);
            expect(reader, MAPRING_NOTHING, "next");
            expect(writer, MAPRING_CONSUMER_GONE, "drain");
            expect(writer, MAPRING_OK, "drain");
            expect(writer, MAPRING_OK, "close");
        }
}

static void who_has_read_all_by_then_may_go(void **state)
{
    (void)state;
    const char *name;
    for
        EACH_RING(name)
        {
            struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
            expect(writer, MAPRING_OK, "drain");
            expect(writer, MAPRING_OK, "send %d 100", RECORDS);
            expect(reader, MAPRING_OK, "read %d", RECORDS); /* and it does not look for more */
            expect(reader, MAPRING_OK, "close");
            check_number(0, departed(name));
            check_number(0, stat_of(name).unread_records);
            expect(writer, MAPRING_OK, "drain");
            expect(writer, MAPRING_OK, "send 1 100");
            check_number(1, stat_of(name).unread_records);
            expect(writer, MAPRING_TIMED_OUT, "drain 20"); /* nobody has read this record */
            expect(reader, MAPRING_OK, "consumer %s newest", name);
            expect(writer, MAPRING_OK, "drain");
            expect(writer, MAPRING_OK, "close");
        }
}

static void what_was_read_a_lap_ago_is_not_all(void **state)
{
    (void)state;
    const char *name;
    for
        EACH_RING(name)
        {
            struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
            expect(writer, MAPRING_OK, "send 1 1000");
            expect(reader, MAPRING_OK, "read 1");
            expect(reader, MAPRING_OK, "close");
            for (int i = 0; i < 4; i++) {
                expect(writer, MAPRING_OK, "send 30 1000");
                expect(writer, MAPRING_TIMED_OUT, "drain");
            }
            check_number(120, stat_of(name).unread_records);
            expect(writer, MAPRING_OK, "close");
        }
}

static void who_goes_after_a_seek_has_read_what_it_left_out(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "send %d 100", RECORDS);
    expect(reader, MAPRING_OK, "seek newest");
    expect(reader, MAPRING_OK, "close");
    expect(writer, MAPRING_OK, "drain");
}

static void held_records_are_unread(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    expect(writer, MAPRING_OK, "send 1 100");
    expect(reader, MAPRING_OK, "next");
    expect(reader, MAPRING_OK, "close");
    expect(writer, MAPRING_CONSUMER_GONE, "drain");
}

static void who_went_before_the_producer_came_is_not_told(void **state)
{
    (void)state;
    for (int killed = 0; killed < 2; killed++) {
        const char *name = new_ring(&small);
        struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
        expect(writer, MAPRING_OK, "send %d 100", RECORDS);
        expect(writer, MAPRING_OK, "close");
        go(reader, killed);
        expect(writer, MAPRING_OK, "producer %s", name);
        check_number(1, departed(name));
        check_number(RECORDS, stat_of(name).unread_records);
        expect(writer, MAPRING_TIMED_OUT, "drain 20");
        reader = start_consumer(name, "oldest");
        expect(reader, MAPRING_NOTHING, "read 99");
        expect(writer, MAPRING_OK, "drain");
        expect(writer, MAPRING_OK, "close");
    }
}

static void a_durable_consumer_that_is_away_has_not_read_all(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_durable(name, 0),
                   *other = start_consumer(name, "oldest");
    go(reader, true);
    expect(writer, MAPRING_OK, "drain");
    expect(writer, MAPRING_OK, "send %d 100", RECORDS);
    expect(writer, MAPRING_TIMED_OUT, "drain"); /* it waits for the other one first */
    expect_records(other, 0, RECORDS);
    expect(other, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_CONSUMER_GONE, "drain");
    expect(writer, MAPRING_CONSUMER_GONE, "drain");
    reader = start_durable(name, 0);
    expect(writer, MAPRING_TIMED_OUT, "drain");
    expect_records(reader, 0, RECORDS);
    go(reader, false);
    expect(writer, MAPRING_OK, "drain");
}

static void who_lapses_or_is_forgotten_is_counted(void **state)
{
    (void)state;
    for (int lapses = 0; lapses < 2; lapses++) {
        const char *name = new_ring(&small);
        struct process *writer = start_producer(name), *reader = start_durable(name, LAG);
        go(reader, true);
        if (lapses) {
            expect(writer, MAPRING_OK, "send 500 1000");
        } else {
            expect(writer, MAPRING_OK, "send 1 100");
            check_result(MAPRING_OK, mapring_consumer_remove(name, MAPRING_LOCAL, "d"));
        }
        check_number(1, departed(name));
        if (lapses) { /* it has been counted already */
            check_result(MAPRING_OK, mapring_consumer_remove(name, MAPRING_LOCAL, "d"));
            check_number(1, departed(name));
        }
        expect(writer, MAPRING_CONSUMER_GONE, "drain");
    }
}

/* Pending drops are reported when the producer closes, behind the last record. */
static void drops_that_were_not_told_are_no_records(void **state)
{
    (void)state;
    const char *name =
        new_ring(&(struct mapring_options){.capacity_bytes = SMALL, .when_full = MAPRING_DROP});
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    uint64_t sent = expect(writer, MAPRING_DROPPED, "send 1000 1000").count;
    expect_records(reader, 0, sent);
    expect(reader, MAPRING_NOTHING, "next");
    expect(writer, MAPRING_OK, "close");
    expect(reader, MAPRING_OK, "close");
    check_number(0, departed(name));
    expect(writer, MAPRING_OK, "producer %s", name);
    expect(writer, MAPRING_OK, "drain");
}

/* The cell shows what its latest consumer has read. How far the earlier one got is kept
 * elsewhere. */
static void who_has_read_all_is_remembered_when_its_cell_is_used_again(void **state)
{
    (void)state;
    const char *name;
    for
        EACH_RING(name)
        {
            struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
            expect(writer, MAPRING_OK, "send %d 100", RECORDS);
            expect(reader, MAPRING_OK, "read %d", RECORDS);
            expect(reader, MAPRING_OK, "close");
            expect(reader, MAPRING_OK, "consumer %s oldest", name);
            expect(reader, MAPRING_OK, "close");
            expect(writer, MAPRING_OK, "close");
            expect(writer, MAPRING_OK, "producer %s", name);
            expect(writer, MAPRING_OK, "drain");
            expect(writer, MAPRING_OK, "send 1 100");
            expect(writer, MAPRING_TIMED_OUT, "drain");
            expect(writer, MAPRING_OK, "close");
        }
}

static void what_was_read_stays_read_when_its_consumer_goes_back(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    struct process *writer = start_actor(), *reader = start_actor();
    expect(writer, MAPRING_OK, "producer %s", name);
    expect(writer, MAPRING_OK, "send 3 8");
    expect(reader, MAPRING_OK, "consumer %s oldest", name);
    check_number(3, stat_of(name).unread_records);
    expect(reader, MAPRING_OK, "read 3");
    expect(reader, MAPRING_NOTHING, "next");
    check_number(0, stat_of(name).unread_records);
    expect(reader, MAPRING_OK, "seek oldest");
    check_number(3, stat_of(name).consumer[0].pending_records);
    check_number(0, stat_of(name).unread_records);
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(who_goes_before_the_first_drain_is_told_too),
    TEST(it_is_told_once_and_then_the_next_consumer_is_waited_for),
    TEST(one_that_replaces_the_dead_counts_them),
    TEST(who_has_read_all_by_then_may_go),
    TEST(what_was_read_a_lap_ago_is_not_all),
    TEST(who_goes_after_a_seek_has_read_what_it_left_out),
    TEST(held_records_are_unread),
    TEST(who_went_before_the_producer_came_is_not_told),
    TEST(a_durable_consumer_that_is_away_has_not_read_all),
    TEST(who_lapses_or_is_forgotten_is_counted),
    TEST(drops_that_were_not_told_are_no_records),
    TEST(who_has_read_all_is_remembered_when_its_cell_is_used_again),
    TEST(what_was_read_stays_read_when_its_consumer_goes_back),
};
TEST_MAIN(roles, tests)
