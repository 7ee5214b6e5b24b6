/* SPDX-License-Identifier: MIT */
/* Coalesced wake-ups: how many system calls a producer makes for a sleeping consumer. The linker
 * puts this file's platform_wake() in front of the library's (--wrap), so that calls can be
 * counted. */
#include "actor.h"

#include <inttypes.h>

#include "platform.h"
#include "ring/cell.h"
#include "ring/open.h"

enum { SMALL = 65536, RECORDS = 1000, BYTES = 56, SPAN = 64, INTERVAL_US = 100 };

static const struct mapring_options small = {.capacity_bytes = SMALL};

/* ---- Counting ---- */

static uint64_t wakes; /* consumers woken, in this process */

void __real_platform_wake(struct platform_object *object, uint64_t channels, shared_u32 *word);
void __wrap_platform_wake(struct platform_object *object, uint64_t channels, shared_u32 *word);

void __wrap_platform_wake(struct platform_object *object, uint64_t channels, shared_u32 *word)
{
    for (unsigned i = 0; i < CHANNEL_ROOM; i++)
        wakes += channels >> i & 1;
    __real_platform_wake(object, channels, word);
}

static void send_one(mapring_producer *producer)
{
    check_result(MAPRING_OK, mapring_producer_send(producer,
                                                   "0123456789012345678901234567890123456789"
                                                   "0123456789012345",
                                                   BYTES, 10 * SECONDS));
}

/* Until the consumer has asked to be woken, so that a slow machine counts what a fast one does, and
 * then for an interval, in which it falls asleep. */
static void await_request(const struct ring *ring, bool quiet)
{
    check_soon(load_ordered(&ring->cells->wait_set) == 1 && (quiet || cell_is_asleep(ring, 0)));
    int64_t due = now_ns() + INTERVAL_US * 1000;
    while (now_ns() < due)
        os_yield();
}

/* producer NAME HOW: sends RECORDS records, each while the consumer waits, and says how many
 * wake-ups and microseconds that took. HOW: plain, quiet (with a wake-up at the end), forced (with
 * one after each). */
static int role_producer(int argc, char **argv)
{
    mapring_producer *producer;
    struct ring ring;
    struct mapring_hot hot;
    check_number(2, argc);
    check_result(MAPRING_OK, mapring_producer_open(&producer, argv[0], NULL));
    check_result(MAPRING_OK, ring_attach(&ring, &hot, argv[0], MAPRING_LOCAL, false, ACCESS_READ));
    bool quiet = strcmp(argv[1], "plain") != 0, forced = strcmp(argv[1], "forced") == 0;
    check_result(MAPRING_OK, mapring_producer_quiet(producer, quiet));
    role_say("ready");
    role_hear("go");
    wakes = 0;
    int64_t start = now_ns();
    for (int i = 0; i < RECORDS; i++) {
        await_request(&ring, quiet);
        send_one(producer);
        if (forced)
            check_result(MAPRING_OK, mapring_producer_wake(producer));
    }
    if (quiet)
        check_result(MAPRING_OK, mapring_producer_wake(producer));
    role_say("%" PRIu64, wakes);
    role_say("%" PRIu64, (uint64_t)(now_ns() - start) / 1000);
    role_hear("close");
    mapring_producer_close(producer);
    ring_close(&ring);
    return 0;
}

/* consumer NAME WAKE_BYTES WAKE_DELAY_US: counts how often it had to wait. */
static int role_consumer(int argc, char **argv)
{
    check_number(3, argc);
    const struct mapring_consumer_options options = {.wake_bytes = strtoull(argv[1], NULL, 10),
                                                     .wake_delay_ns =
                                                         strtoll(argv[2], NULL, 10) * 1000};
    mapring_consumer *consumer;
    struct mapring_record record;
    uint64_t waits = 0, read = 0;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, argv[0], &options));
    role_say("ready");
    while (read < RECORDS) {
        int result = mapring_consumer_next(consumer, &record, 0);
        if (result == MAPRING_NOTHING) {
            waits++;
            result = mapring_consumer_next(consumer, &record, TIME_LIMIT);
        }
        check_result(MAPRING_OK, result);
        check_number(read++, record.sequence);
        check_result(MAPRING_OK, mapring_consumer_release(consumer));
    }
    role_say("%" PRIu64, waits);
    role_hear("close");
    mapring_consumer_close(consumer);
    return 0;
}

static uint64_t number_from(struct process *process)
{
    const char *line = process_line(process);
    check(line != NULL);
    return strtoull(line, NULL, 10);
}

struct counts {
    uint64_t wakes; /* consumers that the producer woke */
    /* how often the consumer waited, each time for everything that came meanwhile */
    uint64_t waits;
    uint64_t took_us; /* to send it all */
};

static struct counts count(const char *how, const char *bytes, const char *delay_us)
{
    const char *name = new_ring(&small);
    struct process *producer = start_role("producer", name, how, NULL);
    process_hear(producer, "ready");
    struct process *consumer = start_role("consumer", name, bytes, delay_us, NULL);
    process_hear(consumer, "ready");
    await_sleeping_consumer(name, 0);
    process_say(producer, "go");
    struct counts counts = {.wakes = number_from(producer), .took_us = number_from(producer)};
    process_say(producer, "close"); /* which ends the last wait */
    counts.waits = number_from(consumer);
    process_say(consumer, "close");
    process_finish(producer);
    process_finish(consumer);
    print_message("%-7s %7s bytes or %10s us: %5" PRIu64 " wake-ups, %5" PRIu64 " waits\n", how,
                  bytes, delay_us, counts.wakes, counts.waits);
    return counts;
}

/* Rarely a consumer is woken early: it wakes by itself just when a record comes, and asks for more
 * before the producer has answered. */
enum { EARLY = 8 };
#define LATE_US  "1000000000" /* later than any of this */
#define DELAY_US 2000

/* How often a consumer can wait for `bytes`: of what it waits for last, something is missing. */
static uint64_t waits_for(uint64_t bytes)
{
    return RECORDS * SPAN / bytes + 1 + EARLY;
}

/* The interval is longer than a consumer spins; otherwise it would hardly ever sleep. */
static void coalescing_saves_system_calls(void **state)
{
    (void)state;
    print_message("%d records of %d bytes, each to a consumer that waits:\n", RECORDS, BYTES);
    struct counts each = count("plain", "0", "0");
    struct counts little = count("plain", "640", LATE_US);
    struct counts much = count("plain", "8192", LATE_US);
    struct counts timed = count("plain", "1000000", "2000");
    struct counts quiet = count("quiet", "0", "0");
    count("forced", "0", "0");
    check(each.wakes > RECORDS / 2);
    /* Each wait takes two wake-ups, one for the first record and one for enough of them. */
    check(little.waits <= waits_for(640) && little.wakes <= 2 * waits_for(640));
    check(much.waits <= waits_for(8192) && much.wakes <= 2 * waits_for(8192) && much.wakes > 0);
    /* Here each wait takes one, and no less than the delay. */
    check(timed.waits <= timed.took_us / DELAY_US + 1 + EARLY);
    check(timed.wakes <= timed.waits + EARLY && timed.wakes > 0);
    check(quiet.wakes <= 1);
}

/* ---- Behaviour ---- */

static void enough_bytes_wake_at_once(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest x - 0 6400 20000", name);
    for (uint64_t i = 0; i < 3; i++) {
        tell(reader, "next 30000");
        await_sleeping_consumer(name, 0);
        expect(writer, MAPRING_OK, "send 99 %d", BYTES);
        int64_t start = now_ns();
        expect(writer, MAPRING_OK, "send 1 %d", BYTES);
        struct reply reply = answer(reader);
        check_result(MAPRING_OK, reply.result);
        check(now_ns() - start < 5 * SECONDS);
        expect(reader, MAPRING_OK, "release");
        expect_records(reader, 100 * i + 1, 99);
    }
}

static void too_few_bytes_wait_for_the_delay(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest x - 0 6400 300", name);
    tell(reader, "next 30000");
    await_sleeping_consumer(name, 0);
    int64_t start = now_ns();
    expect(writer, MAPRING_OK, "send 1 %d", BYTES);
    check_result(MAPRING_OK, answer(reader).result);
    int64_t took = now_ns() - start;
    check(took >= 290 * MILLISECONDS && took < 5 * SECONDS);
}

static void the_end_is_not_waited_for(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest x - 0 6400 20000", name);
    tell(reader, "next 30000");
    await_sleeping_consumer(name, 0);
    int64_t start = now_ns();
    expect(writer, MAPRING_OK, "send 1 %d", BYTES);
    expect(writer, MAPRING_OK, "close");
    check_result(MAPRING_OK, answer(reader).result);
    check(now_ns() - start < 5 * SECONDS);
}

static void a_full_ring_is_not_waited_for(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name), *reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest x - 0 1000000 10000", name);
    tell(reader, "next 30000");
    await_sleeping_consumer(name, 0);
    int64_t start = now_ns();
    tell(writer, "send 100 1000 20000");
    check_result(MAPRING_OK, answer(reader).result);
    print_message("a reader that waits for more than fits: %" PRId64 " ms\n",
                  (now_ns() - start) / MILLISECONDS);
    check(now_ns() - start < 5 * SECONDS);
}

/* ---- A producer that decides by itself ---- */

static void a_quiet_producer_is_heard_when_it_wakes(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_OK, mapring_producer_quiet(producer, true));
    struct process *reader = start_consumer(name, "oldest");
    wakes = 0;
    for (int i = 0; i < 20; i++) {
        tell(reader, "follow 1 30000");
        await_sleeping_consumer(name, 0);
        send_one(producer);
        check_result(MAPRING_OK, mapring_producer_wake(producer));
        check_result(MAPRING_OK, answer(reader).result);
    }
    check(wakes <= 20 && wakes > 0);
    mapring_producer_close(producer);
}

static void without_it_a_reader_looks_by_itself(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_OK, mapring_producer_quiet(producer, true));
    struct process *reader = start_consumer(name, "oldest");
    wakes = 0;
    tell(reader, "follow 1 30000");
    await_sleeping_consumer(name, 0);
    int64_t start = now_ns();
    send_one(producer);
    check_result(MAPRING_OK, answer(reader).result);
    check(now_ns() - start < SECONDS);
    check_number(0, wakes);
    check_result(MAPRING_OK, mapring_producer_quiet(producer, false));
    tell(reader, "follow 1 30000");
    await_sleeping_consumer(name, 0);
    send_one(producer);
    check_result(MAPRING_OK, answer(reader).result);
    mapring_producer_close(producer);
}

static void a_forced_wake_up_reaches_who_waits_for_more(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    struct process *reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest x - 0 6400 2000", name);
    tell(reader, "next 30000");
    await_sleeping_consumer(name, 0);
    int64_t start = now_ns();
    send_one(producer);
    struct mapring_hot hot;
    struct ring ring; /* open until the reader sleeps again, for more */
    check_result(MAPRING_OK, ring_attach(&ring, &hot, name, MAPRING_LOCAL, false, ACCESS_READ));
    check_soon(load_ordered(&ring.cells->cell[0].wake_position) == 6399 &&
               load_ordered(&ring.cells->wait_set) == 1);
    ring_close(&ring);
    check_result(MAPRING_OK, mapring_producer_wake(producer));
    check_result(MAPRING_OK, answer(reader).result);
    print_message("forced: %" PRId64 " ms\n", (now_ns() - start) / MILLISECONDS);
    check(now_ns() - start < SECONDS);
    mapring_producer_close(producer);
}

static uint32_t wait_set_of(const char *name)
{
    struct ring ring;
    struct mapring_hot hot;
    check_result(MAPRING_OK, ring_attach(&ring, &hot, name, MAPRING_LOCAL, false, ACCESS_READ));
    uint32_t wait_set = load_ordered(&ring.cells->wait_set);
    ring_close(&ring);
    return wait_set;
}

static uint64_t wanted_by(const char *name)
{
    struct ring ring;
    struct mapring_hot hot;
    check_result(MAPRING_OK, ring_attach(&ring, &hot, name, MAPRING_LOCAL, false, ACCESS_READ));
    uint64_t wanted = load_relaxed(&ring.cells->cell[0].wake_position);
    ring_close(&ring);
    return wanted;
}

/* Sends one record to a consumer that sleeps. Whether the consumer need not ask again. */
static bool request_outlives(mapring_producer *producer, const char *name)
{
    await_sleeping_consumer(name, 0);
    send_one(producer);
    return wait_set_of(name) == 1;
}

/* A consumer that found the record before it slept takes its request back, so this tries until it
 * did sleep. */
static void who_sleeps_between_records_asks_once(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    struct process *reader = start_consumer(name, "oldest");
    tell(reader, "read 1000000 forever");
    check_soon(request_outlives(producer, name));
    check_soon(request_outlives(producer, name));
    mapring_producer_close(producer);
    process_kill(reader);
}

static void who_no_longer_sleeps_is_soon_left_alone(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    struct process *reader = start_consumer(name, "oldest");
    do
        tell(reader, "read 1 forever");
    while (!request_outlives(producer, name) && answer(reader).result == MAPRING_OK);
    send_one(producer);
    check_number(1, wait_set_of(name)); /* it may only be late */
    send_one(producer);
    check_number(0, wait_set_of(name));
    mapring_producer_close(producer);
    process_kill(reader);
}

/* Waiting for more bytes than fit means waiting for as many as fit, and nothing overflows. */
static void more_than_fits_is_as_much_as_fits(void **state)
{
    (void)state;
    static const char *const bytes[] = {"18446744073709551615", "9223372036854775807",
                                        "9223372036854775808", "65537"};
    for (size_t i = 0; i < COUNT_OF(bytes); i++) {
        const char *name = new_ring(&small);
        struct process *writer = start_producer(name), *reader = start_actor();
        expect(reader, MAPRING_OK, "consumer %s oldest d ephemeral 0 %s 100000", name, bytes[i]);
        tell(reader, "next forever");
        await_sleeping_consumer(name, 0);
        expect(writer, MAPRING_OK, "send 1 8");
        check_soon(wait_set_of(name) == 1 && wanted_by(name) == SMALL - 1);
        expect(writer, MAPRING_OK, "send 1000 8");
        check_number(1, wait_set_of(name));
        expect(writer, MAPRING_NO_ROOM, "send 10000 8");
        check_result(MAPRING_OK, answer(reader).result);
    }
}

/* ---- Killed in its sleep ---- */

enum { WAKE_BYTES = 60000, LITTLE = 2048 };

/* Waits for more bytes than these tests ever send. */
static struct process *start_gathering(const char *name, const char *kind, struct process *writer)
{
    struct process *reader = start_actor();
    expect(reader, MAPRING_OK, "consumer %s oldest d %s 0 %d 100000", name, kind, WAKE_BYTES);
    tell(reader, "next forever");
    await_sleeping_consumer(name, 0);
    expect(writer, MAPRING_OK, "send 1 8");
    check_soon(wait_set_of(name) == 1 && wanted_by(name) == WAKE_BYTES - 1);
    return reader;
}

static void the_dead_cost_no_look_at_each_commit(void **state)
{
    (void)state;
    static const char *const kinds[] = {"ephemeral", "durable"};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const char *name = new_ring(&small);
        struct process *writer = start_producer(name);
        process_kill(start_gathering(name, kinds[i], writer));
        check_number(1, wait_set_of(name));
        expect(writer, MAPRING_OK, "send %d 8", LITTLE);
        check_number(0, wait_set_of(name));
        check_number(i, stat_of(name).consumers);
        expect(writer, MAPRING_OK, "close");
    }
}

static void the_living_go_on_sleeping(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name),
                   *reader = start_gathering(name, "ephemeral", writer);
    expect(writer, MAPRING_OK, "send %d 8", LITTLE);
    check_number(WAKE_BYTES - 1, wanted_by(name));
    expect(writer, MAPRING_OK, "close");
    check_result(MAPRING_OK, answer(reader).result);
}

static void a_cell_is_freed_without_its_sleeper(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct process *writer = start_producer(name);
    process_kill(start_gathering(name, "ephemeral", writer));
    expect(writer, MAPRING_CONSUMER_GONE, "drain");
    check_number(0, wait_set_of(name));
}

static void null_arguments_are_refused(void **state)
{
    (void)state;
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_quiet(NULL, true));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_wake(NULL));
}

static const struct role roles[] = {
    ACTOR_ROLE, {"producer", role_producer}, {"consumer", role_consumer}};
static const struct CMUnitTest tests[] = {
    TEST(coalescing_saves_system_calls),
    TEST(who_sleeps_between_records_asks_once),
    TEST(who_no_longer_sleeps_is_soon_left_alone),
    TEST(enough_bytes_wake_at_once),
    TEST(too_few_bytes_wait_for_the_delay),
    TEST(the_end_is_not_waited_for),
    TEST(a_full_ring_is_not_waited_for),
    TEST(a_quiet_producer_is_heard_when_it_wakes),
    TEST(without_it_a_reader_looks_by_itself),
    TEST(a_forced_wake_up_reaches_who_waits_for_more),
    TEST(more_than_fits_is_as_much_as_fits),
    TEST(the_dead_cost_no_look_at_each_commit),
    TEST(the_living_go_on_sleeping),
    TEST(a_cell_is_freed_without_its_sleeper),
    TEST(null_arguments_are_refused),
};
TEST_MAIN(roles, tests)
