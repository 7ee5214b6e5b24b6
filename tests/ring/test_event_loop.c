/* SPDX-License-Identifier: MIT */
/* Consumers and producers in event loops: a handle becomes ready once each time that it is
 * armed. */
#include "actor.h"
#include "ring/open.h"

#include <inttypes.h>

enum { SMALL = 65536, ROUNDS = 200 };

static const struct mapring_options small = {.capacity_bytes = SMALL};

/* A consumer of a new ring in this process, its handle, and its producer. */
struct loop {
    const char *name;
    struct process *writer;
    mapring_consumer *consumer;
    mapring_handle handle;
    uint64_t next;
};

static void open_loop(struct loop *loop, const struct mapring_consumer_options *options)
{
    *loop = (struct loop){.name = new_ring(&small)};
    loop->writer = start_producer(loop->name);
    check_result(MAPRING_OK, mapring_consumer_open(&loop->consumer, loop->name, options));
    check_result(MAPRING_OK, mapring_consumer_wait_handle(loop->consumer, &loop->handle));
}

static bool is_ready(mapring_handle handle, int64_t timeout_ns)
{
    return os_wait_for_any(&handle, 1, timeout_ns) == 0;
}

/* Reads everything that is there, as the protocol requires. */
static int read_all(struct loop *loop)
{
    struct mapring_record record;
    int result;
    while ((result = mapring_consumer_next(loop->consumer, &record, 0)) == MAPRING_OK) {
        check_number(loop->next++, record.sequence);
        check(record_is_intact(record.payload, record.bytes, record.sequence));
        check_result(MAPRING_OK, mapring_consumer_release(loop->consumer));
    }
    return result;
}

static void check_is_in_wait_set(const char *name, uint32_t expected)
{
    struct mapring_hot hot;
    struct ring ring;
    check_result(MAPRING_OK, ring_attach(&ring, &hot, name, MAPRING_LOCAL, false, ACCESS_READ));
    check_number(expected, load_ordered(&ring.cells->wait_set));
    ring_close(&ring);
}

static void a_handle_becomes_ready_when_a_record_comes(void **state)
{
    (void)state;
    struct loop loop;
    open_loop(&loop, NULL);
    check(!is_ready(loop.handle, 0));
    for (uint64_t i = 0; i < ROUNDS; i++) {
        check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
        check(i > 3 || !is_ready(loop.handle, 20 * MILLISECONDS));
        expect(loop.writer, MAPRING_OK, i % 2 ? "send 1 100" : "batch 3 100");
        check(is_ready(loop.handle, TIME_LIMIT));
        check_result(MAPRING_NOTHING, read_all(&loop));
        check_number((i + 1) * 2 + (i % 2 == 0), loop.next);
    }
    mapring_consumer_close(loop.consumer);
}

static void arming_answers_that_something_is_there(void **state)
{
    (void)state;
    struct loop loop;
    open_loop(&loop, NULL);
    expect(loop.writer, MAPRING_OK, "send 2 100");
    check_result(MAPRING_OK, mapring_consumer_arm(loop.consumer));
    check(!is_ready(loop.handle, 0));
    check_result(MAPRING_NOTHING, read_all(&loop));
    check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
    check(!is_ready(loop.handle, 20 * MILLISECONDS));
    mapring_consumer_close(loop.consumer);
}

static void a_handle_may_be_armed_twice(void **state)
{
    (void)state;
    struct loop loop;
    open_loop(&loop, NULL);
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 3; i++)
            check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
        expect(loop.writer, MAPRING_OK, "send 1 100");
        check(is_ready(loop.handle, TIME_LIMIT));
        /* and again, without reading */
        check_result(MAPRING_OK, mapring_consumer_arm(loop.consumer));
        check_result(MAPRING_NOTHING, read_all(&loop));
    }
    mapring_consumer_close(loop.consumer);
}

static void readiness_is_of_one_arming(void **state)
{
    (void)state;
    struct loop loop;
    open_loop(&loop, NULL);
    check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
    expect(loop.writer, MAPRING_OK, "send 1 100");
    check(is_ready(loop.handle, TIME_LIMIT));
    check_result(MAPRING_NOTHING, read_all(&loop));
    check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
    check(!is_ready(loop.handle, 50 * MILLISECONDS));
    expect(loop.writer, MAPRING_OK, "send 1 100");
    check(is_ready(loop.handle, TIME_LIMIT));
    mapring_consumer_close(loop.consumer);
}

static void the_same_handle_is_given_again(void **state)
{
    (void)state;
    struct loop loop;
    mapring_handle again;
    open_loop(&loop, NULL);
    check_result(MAPRING_OK, mapring_consumer_wait_handle(loop.consumer, &again));
    check(again == loop.handle);
    mapring_consumer_close(loop.consumer);
}

static void a_handle_becomes_ready_when_the_producer_closes(void **state)
{
    (void)state;
    struct loop loop;
    open_loop(&loop, NULL);
    check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
    expect(loop.writer, MAPRING_OK, "close");
    check(is_ready(loop.handle, SECONDS));
    check_result(MAPRING_PRODUCER_CLOSED, read_all(&loop));
    check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
    mapring_consumer_close(loop.consumer);
}

/* The promise is 200 ms; the bound leaves room for a busy machine. */
static void a_handle_becomes_ready_when_the_producer_is_killed(void **state)
{
    (void)state;
    struct loop loop;
    open_loop(&loop, NULL);
    expect(loop.writer, MAPRING_OK, "send 1 100");
    check_result(MAPRING_NOTHING, read_all(&loop));
    check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
    int64_t start = now_ns();
    process_kill(loop.writer);
    check(is_ready(loop.handle, TIME_LIMIT));
    int64_t took = now_ns() - start;
    print_message("ready %" PRId64 " ms after the producer was killed\n", took / MILLISECONDS);
    check(took < SECONDS);
    check_result(MAPRING_OK, mapring_consumer_arm(loop.consumer));
    check_result(MAPRING_PRODUCER_DIED, read_all(&loop));
    check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
    loop.writer = start_producer(loop.name);
    check(is_ready(loop.handle, TIME_LIMIT));
    check_result(MAPRING_NOTHING, read_all(&loop));
    check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
    expect(loop.writer, MAPRING_OK, "send 1 100");
    check(is_ready(loop.handle, TIME_LIMIT));
    check_result(MAPRING_NOTHING, read_all(&loop));
    mapring_consumer_close(loop.consumer);
}

static void an_armed_consumer_may_be_closed(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) {
        struct loop loop;
        open_loop(&loop, NULL);
        if (i % 3 > 0)
            check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
        if (i % 3 > 1)
            tell(loop.writer, "send 10 100");
        int64_t start = now_ns();
        mapring_consumer_close(loop.consumer);
        check(now_ns() - start < 10 * SECONDS);
        check_number(0, stat_of(loop.name).consumers);
        process_kill(loop.writer);
    }
}

static void a_handle_is_needed_before_arming(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    mapring_consumer *consumer;
    mapring_producer *producer;
    mapring_handle handle;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_consumer_arm(consumer));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_consumer_arm(NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_consumer_wait_handle(consumer, NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_consumer_wait_handle(NULL, &handle));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_arm(producer, 1));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_arm(NULL, 1));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_wait_handle(producer, NULL));
    check_result(MAPRING_OK, mapring_producer_wait_handle(producer, &handle));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_arm(producer, SMALL));
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

/* ---- A thread that sets the handle, and is slow to say so ---- */

static shared_u32 holds; /* delays the library's thread once it has set the handle */
static _Thread_local bool is_ours;

void __real_platform_signal_set(mapring_handle handle);
void __wrap_platform_signal_set(mapring_handle handle);
void __real_platform_pause_ns(int64_t ns);
void __wrap_platform_pause_ns(int64_t ns);

void __wrap_platform_signal_set(mapring_handle handle)
{
    __real_platform_signal_set(handle);
    while (!is_ours && load_acquire(&holds))
        os_yield();
}

/* A caller that pauses has waited for that thread long enough, and now lets it continue. */
void __wrap_platform_pause_ns(int64_t ns)
{
    if (is_ours)
        store_release(&holds, 0);
    __real_platform_pause_ns(ns);
}

static void arming_anew_waits_for_the_end_of_telling(void **state)
{
    (void)state;
    struct loop loop;
    open_loop(&loop, NULL);
    is_ours = true;
    check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
    store_release(&holds, 1);
    expect(loop.writer, MAPRING_OK, "send 1 10");
    check(is_ready(loop.handle, TIME_LIMIT));
    check_number(1, load_acquire(&holds));
    check_result(MAPRING_OK, mapring_consumer_arm(loop.consumer));
    check_number(0, load_acquire(&holds));
    check(!is_ready(loop.handle, 0));
    mapring_consumer_close(loop.consumer);
    is_ours = false;
}

static void one_loop_serves_two_rings(void **state)
{
    (void)state;
    struct loop loops[2];
    mapring_handle handles[2];
    for (int i = 0; i < 2; i++) {
        open_loop(&loops[i], NULL);
        handles[i] = loops[i].handle;
        check_result(MAPRING_NOTHING, mapring_consumer_arm(loops[i].consumer));
    }
    for (int i = 0; i < 40; i++) {
        int which = i / 3 % 2;
        expect(loops[which].writer, MAPRING_OK, "send 2 100");
        check_number(which, os_wait_for_any(handles, 2, TIME_LIMIT));
        check_result(MAPRING_NOTHING, read_all(&loops[which]));
        check_result(MAPRING_NOTHING, mapring_consumer_arm(loops[which].consumer));
    }
    for (int i = 0; i < 2; i++)
        tell(loops[i].writer, "send 3000 500 forever");
    while (loops[0].next < 3000 || loops[1].next < 3000) {
        int which = os_wait_for_any(handles, 2, TIME_LIMIT);
        check(which >= 0);
        do
            check_result(MAPRING_NOTHING, read_all(&loops[which]));
        while (mapring_consumer_arm(loops[which].consumer) == MAPRING_OK);
    }
    for (int i = 0; i < 2; i++)
        mapring_consumer_close(loops[i].consumer);
}

/* While a consumer is busy, it is not in the wait set, from the first record on that it is not woken
 * for. */
static void a_busy_consumer_costs_the_producer_nothing(void **state)
{
    (void)state;
    struct loop loop;
    open_loop(&loop, NULL);
    check_is_in_wait_set(loop.name, 0);
    check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
    await_sleeping_consumer(loop.name, 0);
    expect(loop.writer, MAPRING_OK, "send 1 100");
    check(is_ready(loop.handle, TIME_LIMIT));
    for (int i = 0; i < 20; i++) {
        expect(loop.writer, MAPRING_OK, "send 10 100");
        check_is_in_wait_set(loop.name, 0);
        check_result(MAPRING_NOTHING, read_all(&loop));
        check_is_in_wait_set(loop.name, 0);
    }
    mapring_consumer_close(loop.consumer);
    check_is_in_wait_set(loop.name, 0);
}

static void a_handle_waits_for_more_bytes_if_told_to(void **state)
{
    (void)state;
    struct loop loop;
    const struct mapring_consumer_options patient = {.wake_bytes = 5000,
                                                     .wake_delay_ns = 10 * SECONDS};
    open_loop(&loop, &patient);
    check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
    expect(loop.writer, MAPRING_OK, "send 10 100");
    check(!is_ready(loop.handle, 50 * MILLISECONDS));
    expect(loop.writer, MAPRING_OK, "send 50 100");
    check(is_ready(loop.handle, 5 * SECONDS));
    check_result(MAPRING_NOTHING, read_all(&loop));
    check_number(60, loop.next);
    mapring_consumer_close(loop.consumer);
}

/* ---- Other calls while the handle is armed ---- */

/* A lost wake-up costs the rest of a sleep of 100 ms. */
#define LATE (50 * MILLISECONDS)

static bool is_late(mapring_handle handle, int64_t since)
{
    check(is_ready(handle, TIME_LIMIT));
    return now_ns() - since > LATE;
}

static void an_armed_handle_stays_so_through_waits(void **state)
{
    (void)state;
    enum { CALLS = 11 };
    struct loop loop;
    struct mapring_record record;
    int late = 0;
    open_loop(&loop, NULL);
    for (int i = 0; i < CALLS; i++) {
        check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
        check_result(MAPRING_TIMED_OUT,
                     mapring_consumer_next(loop.consumer, &record, MILLISECONDS));
        check_result(MAPRING_OK, mapring_consumer_wait_producer(loop.consumer, TIME_LIMIT));
        check_result(MAPRING_NOTHING, mapring_consumer_next(loop.consumer, &record, 0));
        check(!is_ready(loop.handle, 0));
        await_sleeping_consumer(loop.name, 0);
        int64_t start = now_ns();
        tell(loop.writer, "send 1 100");
        late += is_late(loop.handle, start);
        check_result(MAPRING_OK, answer(loop.writer).result);
        check_result(MAPRING_NOTHING, read_all(&loop));
    }
    check(late <= CALLS / 2);
    mapring_consumer_close(loop.consumer);
}

static void a_wait_that_gets_the_record_leaves_the_handle_ready(void **state)
{
    (void)state;
    struct loop loop;
    struct mapring_record record;
    open_loop(&loop, NULL);
    check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
    tell(loop.writer, "send 1 100");
    check_result(MAPRING_OK, mapring_consumer_next(loop.consumer, &record, TIME_LIMIT));
    check_result(MAPRING_OK, mapring_consumer_release(loop.consumer));
    check_result(MAPRING_OK, answer(loop.writer).result);
    check(is_ready(loop.handle, TIME_LIMIT));
    check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
    check(!is_ready(loop.handle, 0));
    mapring_consumer_close(loop.consumer);
}

static void a_wake_up_without_a_record_makes_no_handle_ready(void **state)
{
    (void)state;
    enum { CALLS = 11 };
    struct loop loop;
    int late = 0;
    open_loop(&loop, NULL);
    for (int i = 0; i < CALLS; i++) {
        check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
        for (int wakes = 0; wakes < 3; wakes++) {
            await_sleeping_consumer(loop.name, 0);
            expect(loop.writer, MAPRING_OK, "wake");
        }
        check(!is_ready(loop.handle, 5 * MILLISECONDS));
        await_sleeping_consumer(loop.name, 0);
        int64_t start = now_ns();
        tell(loop.writer, "send 1 100");
        late += is_late(loop.handle, start);
        check_result(MAPRING_OK, answer(loop.writer).result);
        check_result(MAPRING_NOTHING, read_all(&loop));
    }
    check(late <= CALLS / 2);
    mapring_consumer_close(loop.consumer);
}

static void arming_that_finds_something_leaves_the_handle_unready(void **state)
{
    (void)state;
    struct loop loop;
    open_loop(&loop, NULL);
    for (int i = 0; i < 20; i++) {
        check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
        expect(loop.writer, MAPRING_OK, "send 1 100");
        check_result(MAPRING_OK, mapring_consumer_arm(loop.consumer));
        check(!is_ready(loop.handle, MILLISECONDS));
        check_result(MAPRING_NOTHING, read_all(&loop));
    }
    check_is_in_wait_set(loop.name, 0);
    mapring_consumer_close(loop.consumer);
}

static void arming_anew_waits_for_what_comes_next(void **state)
{
    (void)state;
    struct loop loop;
    open_loop(&loop, NULL);
    for (int i = 0; i < 20; i++) {
        check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
        expect(loop.writer, MAPRING_OK, "send 1 100");
        check_result(MAPRING_NOTHING, read_all(&loop));
        check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
        check(!is_ready(loop.handle, MILLISECONDS));
    }
    mapring_consumer_close(loop.consumer);
}

static void a_handle_that_gathers_may_be_closed(void **state)
{
    (void)state;
    const struct mapring_consumer_options patient = {.wake_bytes = SMALL / 2,
                                                     .wake_delay_ns = TIME_LIMIT};
    for (int i = 0; i < 50; i++) {
        struct loop loop;
        open_loop(&loop, &patient);
        check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
        tell(loop.writer, "send 1 100");
        if (i % 2)
            check_result(MAPRING_OK, answer(loop.writer).result);
        int64_t start = now_ns();
        mapring_consumer_close(loop.consumer);
        check(now_ns() - start < 2 * SECONDS);
        process_kill(loop.writer);
    }
}

static void waits_do_not_prolong_the_gathering_of_a_handle(void **state)
{
    (void)state;
    struct loop loop;
    struct mapring_record record;
    const struct mapring_consumer_options patient = {.wake_bytes = SMALL / 2,
                                                     .wake_delay_ns = 200 * MILLISECONDS};
    open_loop(&loop, &patient);
    check_result(MAPRING_NOTHING, mapring_consumer_arm(loop.consumer));
    expect(loop.writer, MAPRING_OK, "send 1 100");
    check_result(MAPRING_OK, mapring_consumer_next(loop.consumer, &record, 0));
    int64_t start = now_ns();
    while (!is_ready(loop.handle, 0)) {
        check(now_ns() - start < 5 * SECONDS);
        check_result(MAPRING_TIMED_OUT,
                     mapring_consumer_next(loop.consumer, &record, MILLISECONDS));
    }
    mapring_consumer_close(loop.consumer);
}

/* ---- A producer that waits for room ---- */

static uint64_t fill(mapring_producer *producer)
{
    char payload[1000];
    uint64_t sent = 0;
    for (;; sent++) {
        record_fill(payload, sizeof payload, sent);
        int result = mapring_producer_send(producer, payload, sizeof payload, 0);
        if (result == MAPRING_NO_ROOM)
            return sent;
        check_result(MAPRING_OK, result);
    }
}

static void a_producers_handle_becomes_ready_when_there_is_room(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    mapring_producer *producer;
    mapring_handle handle;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_OK, mapring_producer_wait_handle(producer, &handle));
    struct process *reader = start_consumer(name, "oldest");
    check_result(MAPRING_OK, mapring_producer_arm(producer, 1000));
    uint64_t sent = fill(producer);
    for (int i = 0; i < 2; i++)
        check_result(MAPRING_NOTHING, mapring_producer_arm(producer, 1000));
    check(!is_ready(handle, 50 * MILLISECONDS));
    expect_records(reader, 0, sent);
    expect(reader, MAPRING_NOTHING, "next");
    check(is_ready(handle, TIME_LIMIT));
    check_result(MAPRING_OK, mapring_producer_arm(producer, SMALL / 2 - 8));
    check(!is_ready(handle, 0));
    check_result(MAPRING_OK, mapring_producer_send(producer, "x", 1, 0));
    mapring_producer_close(producer);
}

static void a_producers_handle_becomes_ready_when_its_consumer_is_killed(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    mapring_producer *producer;
    mapring_handle handle;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_OK, mapring_producer_wait_handle(producer, &handle));
    struct process *reader = start_consumer(name, "oldest");
    fill(producer);
    check_result(MAPRING_NOTHING, mapring_producer_arm(producer, 1000));
    int64_t start = now_ns();
    process_kill(reader);
    check(is_ready(handle, TIME_LIMIT));
    check(now_ns() - start < SECONDS);
    check_result(MAPRING_OK, mapring_producer_send(producer, "x", 1, 0));
    mapring_producer_close(producer);
}

static void an_armed_producer_may_be_closed(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        const char *name = new_ring(&small);
        mapring_producer *producer;
        mapring_handle handle;
        check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
        check_result(MAPRING_OK, mapring_producer_wait_handle(producer, &handle));
        fill(producer);
        check_result(MAPRING_NOTHING, mapring_producer_arm(producer, 1000));
        mapring_producer_close(producer);
    }
}

static void an_armed_producers_handle_stays_so_through_waits(void **state)
{
    (void)state;
    enum { CALLS = 11 };
    static char payload[1000];
    const char *name = new_ring(&small);
    mapring_producer *producer;
    mapring_handle handle;
    int late = 0;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_OK, mapring_producer_wait_handle(producer, &handle));
    struct process *reader = start_consumer(name, "oldest");
    uint64_t read = 0, sent = 0;
    for (int i = 0; i < CALLS; i++) {
        int result;
        while ((result = mapring_producer_send(producer, payload, sizeof payload, 0)) == MAPRING_OK)
            sent++;
        check_result(MAPRING_NO_ROOM, result);
        check_result(MAPRING_NOTHING, mapring_producer_arm(producer, sizeof payload));
        check_result(MAPRING_TIMED_OUT,
                     mapring_producer_send(producer, payload, sizeof payload, MILLISECONDS));
        check_result(MAPRING_TIMED_OUT, mapring_producer_drain(producer, MILLISECONDS));
        check_result(MAPRING_TIMED_OUT, mapring_producer_wait_consumers(producer, 2, MILLISECONDS));
        check(!is_ready(handle, 0));
        await_sleeping_producer(name);
        int64_t start = now_ns();
        tell(reader, "read %" PRIu64, sent - read);
        late += is_late(handle, start);
        check_result(MAPRING_OK, answer(reader).result);
        read = sent;
    }
    check(late <= CALLS / 2);
    mapring_producer_close(producer);
}

static void a_producers_arming_that_finds_room_leaves_the_handle_unready(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    mapring_producer *producer;
    mapring_consumer *consumer;
    mapring_handle handle;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_OK, mapring_producer_wait_handle(producer, &handle));
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    for (int i = 0; i < 20; i++) {
        fill(producer);
        check_result(MAPRING_NOTHING, mapring_producer_arm(producer, SMALL / 2 - 8));
        check_result(MAPRING_NOTHING, mapring_producer_arm(producer, 1000));
        while (mapring_consumer_next(consumer, &record, 0) == MAPRING_OK)
            check_result(MAPRING_OK, mapring_consumer_release(consumer));
        check_result(MAPRING_OK, mapring_producer_arm(producer, 1000));
        check(!is_ready(handle, MILLISECONDS));
    }
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(a_handle_becomes_ready_when_a_record_comes),
    TEST(arming_answers_that_something_is_there),
    TEST(a_handle_may_be_armed_twice),
    TEST(readiness_is_of_one_arming),
    TEST(the_same_handle_is_given_again),
    TEST(a_handle_becomes_ready_when_the_producer_closes),
    TEST(a_handle_becomes_ready_when_the_producer_is_killed),
    TEST(an_armed_consumer_may_be_closed),
    TEST(a_handle_is_needed_before_arming),
    TEST(one_loop_serves_two_rings),
    TEST(a_busy_consumer_costs_the_producer_nothing),
    TEST(a_handle_waits_for_more_bytes_if_told_to),
    TEST(an_armed_handle_stays_so_through_waits),
    TEST(a_wait_that_gets_the_record_leaves_the_handle_ready),
    TEST(a_wake_up_without_a_record_makes_no_handle_ready),
    TEST(arming_that_finds_something_leaves_the_handle_unready),
    TEST(arming_anew_waits_for_what_comes_next),
    TEST(a_handle_that_gathers_may_be_closed),
    TEST(waits_do_not_prolong_the_gathering_of_a_handle),
    TEST(an_armed_producers_handle_stays_so_through_waits),
    TEST(a_producers_arming_that_finds_room_leaves_the_handle_unready),
    TEST(a_producers_handle_becomes_ready_when_there_is_room),
    TEST(a_producers_handle_becomes_ready_when_its_consumer_is_killed),
    TEST(an_armed_producer_may_be_closed),
    TEST(arming_anew_waits_for_the_end_of_telling),
};
TEST_MAIN(roles, tests)
