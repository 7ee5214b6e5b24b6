/* SPDX-License-Identifier: MIT */
/* Waiting: a single try, up to a timeout, or for ever; woken at once, and without using CPU
 * time. */
#include "actor.h"

#include <inttypes.h>

#include "ring/ring.h"
#include "ring/spin.h"

enum { SMALL = 65536, ROUNDS = 11, SLEEPERS = 8 };

/* A lost wake-up costs the rest of a sleep of 100 ms. */
#define WOKEN_IN (50 * MILLISECONDS)

static const struct mapring_options small = {.capacity_bytes = SMALL};

static int compare(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void check_woken(int64_t times[ROUNDS])
{
    qsort(times, ROUNDS, sizeof *times, compare);
    print_message("woken in %" PRId64 " us (median)\n", times[ROUNDS / 2] / 1000);
    check(times[ROUNDS / 2] < WOKEN_IN);
}

static void trying_does_not_wait(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    check(expect(reader, MAPRING_NOTHING, "next").took_ns < SECONDS);
    check(expect(writer, MAPRING_NO_ROOM, "send 1000 1000").took_ns < SECONDS);
    check(expect(writer, MAPRING_TIMED_OUT, "drain").took_ns < SECONDS);
}

static void check_limit(struct reply reply, int64_t limit_ns)
{
    check(reply.took_ns >= limit_ns);
    check(reply.took_ns < limit_ns + 2 * SECONDS);
}

static void a_time_limit_is_kept(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    static const int limits[] = {1, 20, 150, 350};
    for (size_t i = 0; i < COUNT_OF(limits); i++)
        check_limit(expect(reader, MAPRING_TIMED_OUT, "next %d", limits[i]),
                    limits[i] * MILLISECONDS);
    expect(writer, MAPRING_NO_ROOM, "send 1000 1000");
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        check_limit(expect(writer, MAPRING_TIMED_OUT, "send 1 1000 %d", limits[i]),
                    limits[i] * MILLISECONDS);
        check_limit(expect(writer, MAPRING_TIMED_OUT, "drain %d", limits[i]),
                    limits[i] * MILLISECONDS);
        check_limit(expect(writer, MAPRING_TIMED_OUT, "wait 2 %d", limits[i]),
                    limits[i] * MILLISECONDS);
    }
}

static void a_time_limit_is_kept_while_records_gather(void **state)
{
    (void)state;
    static const char *const calls[] = {"next 300", "receive 300"};
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        const char *name = new_ring(&small);
        struct process *writer = start_producer(name), *reader = start_actor();
        expect(reader, MAPRING_OK, "consumer %s oldest gathers no 0 30000 %" PRId64, name,
               TIME_LIMIT / MILLISECONDS);
        check_limit(expect(reader, MAPRING_TIMED_OUT, "%s", calls[i]), 300 * MILLISECONDS);
        tell(reader, "%s", calls[i]);
        await_sleeping_consumer(name, 0);
        expect(writer, MAPRING_OK, "send 1 100");
        struct reply reply = answer(reader);
        check_result(MAPRING_OK, reply.result);
        check_limit(reply, 300 * MILLISECONDS);
    }
}

static void who_gathers_learns_of_the_death(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest gathers no 0 30000 %" PRId64, name,
           TIME_LIMIT / MILLISECONDS);
    tell(reader, "next forever");
    await_sleeping_consumer(name, 0);
    expect(writer, MAPRING_OK, "send 1 100");
    await_sleeping_consumer(name, 0);
    int64_t start = now_ns();
    process_kill(writer);
    check_result(MAPRING_OK, answer(reader).result);
    check(now_ns() - start < SECONDS);
    expect(reader, MAPRING_PRODUCER_DIED, "next forever");
}

/* A reader that polls asks the system only now and then, but a rare poll must find out at once. */
static void who_polls_seldom_learns_of_the_death_at_once(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest"),
                   *observer = start_actor();
    expect(observer, MAPRING_OK, "observer %s", name);
    for (int i = 0; i < 5; i++) {
        expect(reader, MAPRING_NOTHING, "next");
        expect(observer, MAPRING_NOTHING, "look");
    }
    int64_t polled = now_ns();
    process_kill(writer);
    check_soon(stat_of(name).producer_state == MAPRING_PRODUCER_HAS_DIED);
    check_soon(now_ns() - polled > 100 * MILLISECONDS);
    expect(reader, MAPRING_PRODUCER_DIED, "next");
    expect(observer, MAPRING_PRODUCER_DIED, "look");
    expect(reader, MAPRING_NOTHING, "next");
    expect(observer, MAPRING_NOTHING, "look");
}

static void the_shortest_and_the_longest_time_limits_are_limits(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    mapring_consumer *consumer;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    check_result(MAPRING_TIMED_OUT, mapring_consumer_next(consumer, &record, 1));
    tell(writer, "send 1 8 forever");
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, INT64_MAX));
    check_result(MAPRING_OK, answer(writer).result);
    mapring_consumer_close(consumer);
}

static void a_sleeping_reader_is_woken_by_a_record(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    int64_t times[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        tell(reader, "read 1 forever");
        await_sleeping_consumer(name, 0);
        int64_t start = now_ns();
        tell(writer, i % 2 ? "send 1 100" : "batch 1 100");
        check_result(MAPRING_OK, answer(reader).result);
        times[i] = now_ns() - start;
        check_result(MAPRING_OK, answer(writer).result);
    }
    check_woken(times);
}

static void a_sleeping_reader_is_woken_by_the_close(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_actor(), *reader = start_consumer(name, "oldest");
    int64_t times[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        expect(writer, MAPRING_OK, "producer %s", name);
        tell(reader, "next forever");
        await_sleeping_consumer(name, 0);
        int64_t start = now_ns();
        tell(writer, "close");
        check_result(MAPRING_PRODUCER_CLOSED, answer(reader).result);
        times[i] = now_ns() - start;
        check_result(MAPRING_OK, answer(writer).result);
    }
    check_woken(times);
}

static void all_sleeping_readers_are_woken_by_one_record(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *readers[SLEEPERS];
    int64_t times[ROUNDS];
    for (int i = 0; i < SLEEPERS; i++)
        readers[i] = start_consumer(name, "oldest");
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < SLEEPERS; i++)
            tell(readers[i], "read 1 forever");
        for (unsigned i = 0; i < SLEEPERS; i++)
            await_sleeping_consumer(name, i);
        int64_t start = now_ns();
        tell(writer, "send 1 100");
        for (int i = 0; i < SLEEPERS; i++)
            check_result(MAPRING_OK, answer(readers[i]).result);
        times[round] = now_ns() - start;
        check_result(MAPRING_OK, answer(writer).result);
    }
    check_woken(times);
}

static void a_sleeping_producer_is_woken_by_a_release(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    int64_t times[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        expect(writer, MAPRING_NO_ROOM, "send 1000 1000");
        tell(writer, "send 1 1000 forever");
        await_sleeping_producer(name);
        int64_t start = now_ns();
        tell(reader, "read 20 forever");
        check_result(MAPRING_OK, answer(writer).result);
        times[i] = now_ns() - start;
        check_result(MAPRING_OK, answer(reader).result);
    }
    check_woken(times);
}

static void a_draining_producer_is_woken_by_the_last_release(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    int64_t times[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        expect(writer, MAPRING_OK, "send 3 100");
        tell(writer, "drain forever");
        await_sleeping_producer(name);
        int64_t start = now_ns();
        tell(reader, "read 4 5000");
        check_result(MAPRING_OK, answer(writer).result);
        times[i] = now_ns() - start;
        expect(writer, MAPRING_OK, "send 1 100");
        check_result(MAPRING_OK, answer(reader).result);
    }
    check_woken(times);
}

static void a_waiting_producer_is_woken_by_a_joining_consumer(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_actor();
    int64_t times[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        tell(writer, "wait 1 forever");
        await_sleeping_producer(name);
        int64_t start = now_ns();
        tell(reader, "consumer %s", name);
        check_result(MAPRING_OK, answer(writer).result);
        times[i] = now_ns() - start;
        check_result(MAPRING_OK, answer(reader).result);
        expect(reader, MAPRING_OK, "close");
    }
    check_woken(times);
}

static void a_producer_is_woken_by_the_leaving_of_the_slowest(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_actor();
    int64_t times[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        expect(reader, MAPRING_OK, "consumer %s", name);
        expect(writer, MAPRING_NO_ROOM, "send 1000 1000");
        tell(writer, "send 1 1000 forever");
        await_sleeping_producer(name);
        int64_t start = now_ns();
        tell(reader, "close");
        check_result(MAPRING_OK, answer(writer).result);
        times[i] = now_ns() - start;
        check_result(MAPRING_OK, answer(reader).result);
    }
    check_woken(times);
}

static void sleeping_takes_no_processor_time(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    struct reply reply = expect(reader, MAPRING_TIMED_OUT, "next 600");
    print_message("reader: %" PRId64 " us in %" PRId64 " ms\n", reply.cpu_ns / 1000,
                  reply.took_ns / MILLISECONDS);
    check(reply.cpu_ns < reply.took_ns / 10);
    expect(writer, MAPRING_NO_ROOM, "send 1000 1000");
    reply = expect(writer, MAPRING_TIMED_OUT, "send 1 1000 600");
    print_message("producer: %" PRId64 " us in %" PRId64 " ms\n", reply.cpu_ns / 1000,
                  reply.took_ns / MILLISECONDS);
    check(reply.cpu_ns < reply.took_ns / 10);
}

/* A long wait: looks as often as it may, and then sleeps for that time. Returns the number of
 * looks. */
static unsigned wait_in_vain(struct spin *spin, int64_t asleep_ns)
{
    unsigned looks = spin_limit(spin);
    spin_ends(spin, false);
    spin_ends_asleep(spin, now_ns() - asleep_ns);
    return looks;
}

static void who_always_waits_for_long_hardly_looks_before_it_sleeps(void **state)
{
    (void)state;
    enum { WAITS = 1000 };
    struct spin spin = {0};
    uint64_t most = spin_limit(&spin), all = 0;
    for (unsigned i = 0; i < WAITS; i++)
        all += wait_in_vain(&spin, SECONDS);
    uint64_t few = spin_limit(&(struct spin){.vain = 1000});
    check(platform_cpus() == 1 ? all == WAITS : few < most / 10);
    check(all < WAITS * few + WAITS * most / 80); /* at first, and in one wait of 128 */
}

/* However long the test is interrupted meanwhile. */
static const int64_t shortly = -SECONDS;

static struct spin after_long_waits(void)
{
    struct spin spin = {0};
    for (unsigned i = 0; i < 20; i++)
        wait_in_vain(&spin, SECONDS);
    return spin;
}

static void who_waits_shortly_again_looks_for_long_again(void **state)
{
    (void)state;
    enum { SOON = 6 };
    struct spin spin = after_long_waits();
    unsigned waits = 0, most = spin_limit(&(struct spin){0});
    while (spin_limit(&spin) < most) {
        check(++waits < SOON);
        spin_ends(&spin, true);
    }
    check(platform_cpus() == 1 || waits > 0);
    spin = after_long_waits();
    for (waits = 0; wait_in_vain(&spin, shortly) < most; waits++)
        check(waits < 2 * SOON);
}

/* Also if waking up takes that long. */
static void who_waits_shortly_while_asleep_notices_soon(void **state)
{
    (void)state;
    enum { SOON = 500 };
    struct spin spin = after_long_waits();
    unsigned waits = 0, most = spin_limit(&(struct spin){0});
    while (spin_limit(&spin) < most) {
        wait_in_vain(&spin, SECONDS);
        check(++waits < SOON);
    }
    for (unsigned i = 0; i < 10; i++) {
        check_number(most, spin_limit(&spin));
        spin_ends(&spin, true);
    }
}

static void one_short_wait_among_long_ones_changes_nothing(void **state)
{
    (void)state;
    struct spin spin = after_long_waits();
    unsigned few = spin_limit(&spin);
    spin_ends(&spin, true);
    check_number(few, spin_limit(&spin));
    spin = after_long_waits();
    wait_in_vain(&spin, shortly);
    check_number(few, spin_limit(&spin));
}

/* Records come a little later than the looks end: first looking and then sleeping would cost both. */
static void who_looks_a_little_too_shortly_sleeps_at_once(void **state)
{
    (void)state;
    enum { GAP_US = 40, LOOKING_US = 30 };
    struct spin spin = {0};
    unsigned most = spin_limit(&spin), few = spin_limit(&(struct spin){.vain = 1000});
    for (unsigned i = 0; i < 100; i++) {
        bool is_long = spin_limit(&spin) == most;
        wait_in_vain(&spin, (GAP_US - (is_long ? LOOKING_US : 0)) * INT64_C(1000));
    }
    check_number(few, spin_limit(&spin));
}

/* Waits about as long as a reader looks before it sleeps, so that records come while it falls
 * asleep. */
static void dawdle(unsigned i)
{
    int64_t until = now_ns() + (int64_t)(i * 7919 % 100000);
    while (now_ns() < until)
        continue;
}

/* Ping-pong over two rings, with each side mostly asleep or about to be, so that a lost wake-up
 * shows. */
static void no_wake_up_is_lost_in_a_dialogue(void **state)
{
    (void)state;
    enum { DIALOGUE = 2000 };
    const char *there = new_ring(&small), *back = new_ring(&small);
    struct process *echo = start_role("echo", there, back, NULL);
    mapring_producer *producer;
    mapring_consumer *consumer;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_producer_open(&producer, there, NULL));
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, back, NULL));
    process_hear(echo, "ready");
    int late = 0;
    for (unsigned i = 0; i < DIALOGUE; i++) {
        dawdle(i);
        int64_t start = now_ns();
        check_result(MAPRING_OK, mapring_producer_send(producer, &i, sizeof i, MAPRING_FOREVER));
        check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, TIME_LIMIT));
        check(record.bytes == sizeof i && memcmp(record.payload, &i, sizeof i) == 0);
        check_result(MAPRING_OK, mapring_consumer_release(consumer));
        late += now_ns() - start > 90 * MILLISECONDS;
    }
    print_message("%d of %d answers were late\n", late, DIALOGUE);
    check(late < DIALOGUE / 100);
    mapring_producer_close(producer);
    mapring_consumer_close(consumer);
    process_finish(echo);
}

static int echo_main(int argc, char **argv)
{
    mapring_producer *producer;
    mapring_consumer *consumer;
    struct mapring_record record;
    int result;
    check_number(2, argc);
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, argv[0], NULL));
    check_result(MAPRING_OK, mapring_producer_open(&producer, argv[1], NULL));
    role_say("ready");
    while ((result = mapring_consumer_next(consumer, &record, MAPRING_FOREVER)) == MAPRING_OK) {
        check_result(MAPRING_OK, mapring_producer_send(producer, record.payload, record.bytes, 0));
        check_result(MAPRING_OK, mapring_consumer_release(consumer));
    }
    check_result(MAPRING_PRODUCER_CLOSED, result);
    mapring_producer_close(producer);
    mapring_consumer_close(consumer);
    return 0;
}

static const struct role roles[] = {ACTOR_ROLE, {"echo", echo_main}};
static const struct CMUnitTest tests[] = {
    TEST(trying_does_not_wait),
    TEST(a_time_limit_is_kept),
    TEST(a_time_limit_is_kept_while_records_gather),
    TEST(who_gathers_learns_of_the_death),
    TEST(who_polls_seldom_learns_of_the_death_at_once),
    TEST(the_shortest_and_the_longest_time_limits_are_limits),
    TEST(a_sleeping_reader_is_woken_by_a_record),
    TEST(a_sleeping_reader_is_woken_by_the_close),
    TEST(all_sleeping_readers_are_woken_by_one_record),
    TEST(a_sleeping_producer_is_woken_by_a_release),
    TEST(a_draining_producer_is_woken_by_the_last_release),
    TEST(a_waiting_producer_is_woken_by_a_joining_consumer),
    TEST(a_producer_is_woken_by_the_leaving_of_the_slowest),
    TEST(sleeping_takes_no_processor_time),
    TEST(who_always_waits_for_long_hardly_looks_before_it_sleeps),
    TEST(who_waits_shortly_again_looks_for_long_again),
    TEST(who_waits_shortly_while_asleep_notices_soon),
    TEST(one_short_wait_among_long_ones_changes_nothing),
    TEST(who_looks_a_little_too_shortly_sleeps_at_once),
    TEST(no_wake_up_is_lost_in_a_dialogue),
};
TEST_MAIN(roles, tests)
