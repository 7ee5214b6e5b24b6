/* SPDX-License-Identifier: MIT */
/* Waiting of a consumer: for a record, and then for a few more if it was opened so; or for a
 * producer. */
#include "consumer/sleep.h"

#include "consumer/consumer.h"
#include "consumer/distance.h"
#include "consumer/eviction.h"
#include "consumer/release.h"
#include "error.h"
#include "event/notifier.h"
#include "layout.h"
#include "platform.h"
#include "reader/reader.h"
#include "ring/cell.h"
#include "ring/deadline.h"
#include "ring/ring.h"
#include "ring/spin.h"

/* What ends a sleep. The end of a run that has been reported does not: the consumer then waits for
 * the next one. */
static bool has_record(const struct consumer_watch *watch)
{
    uint32_t run = producer_run(watch->ring);
    return load_ordered(record_word(watch->ring->hot, watch->position)) != 0 ||
           (run_state(run) >= WRITER_CLOSED && run_is_later(run_epoch(run), watch->told));
}

static bool has_enough(const struct consumer_watch *watch)
{
    uint64_t tail = load_ordered(&watch->ring->header->tail);
    /* not covered: its own consumer calls it off at this moment */
    return ahead(tail, watch->position + watch->wake_bytes) >= 0 ||
           run_state(producer_run(watch->ring)) != WRITER_OPEN ||
           (watch->notifier && !notifier_is_armed(watch->notifier));
}

static bool has_another_producer(const struct consumer_watch *watch)
{
    return producer_run(watch->ring) != watch->run;
}

/* Whether the request still stands. */
static bool wants_wake(const struct consumer_watch *watch)
{
    return load_ordered(&watch->ring->cells->wait_set) >> watch->cell & 1;
}

void consumer_request_wake(struct consumer_watch *watch, uint64_t bytes)
{
    const struct ring *ring = watch->ring;
    uint32_t bit = UINT32_C(1) << watch->cell;
    uint64_t before_enough = watch->position + (bytes > 0 ? bytes - 1 : 0);
    exchange64(&ring->cells->cell[watch->cell].wake_position, before_enough); /* W7 */
    if (wants_wake(watch))
        return;
    fetch_or32(&ring->cells->wait_set, bit); /* W3, G */
    watch->settles_ns = 0;
    if (load_ordered(&ring->header->producer_flags) & WRITER_MEMBARRIER)
        platform_membarrier();
    else
        watch->settles_ns = platform_now_ns() + SHORT_SLEEP_NS;
}

int64_t consumer_sleep_limit(struct consumer_watch *watch, int64_t limit)
{
    if (watch->settles_ns == 0)
        return limit;
    int64_t left = watch->settles_ns - platform_now_ns();
    if (left <= 0)
        watch->settles_ns = 0;
    return left > 0 && left < limit ? left : limit;
}

void consumer_cancel_wake(const struct consumer_watch *watch)
{
    if (wants_wake(watch))
        fetch_and32(&watch->ring->cells->wait_set, ~(UINT32_C(1) << watch->cell));
}

typedef bool is_there_function(const struct consumer_watch *watch);

static void look_on(const struct consumer_watch *watch, is_there_function *is_there)
{
    int64_t until = platform_now_ns() + LOOK_ON_NS;
    /* not covered: something comes within these two microseconds */
    while (!is_there(watch) && platform_now_ns() < until)
        spin_pause();
}

/* The bit stays set from one sleep to the next, unless who woke it, or the consumer, cleared it. The
 * limit is asked for before the look: what settles in between is seen only the next time. True if
 * the bit was cleared, false if the time limit passed or what it waits for is there. */
static bool consumer_sleep(struct consumer_watch *watch, uint64_t bytes,
                           is_there_function *is_there, int64_t limit)
{
    const struct ring *ring = watch->ring;
    uint32_t wakes = load_ordered(&ring->cells->wakes); /* W3 */
    consumer_request_wake(watch, bytes);
    if (watch->settles_ns != 0)
        look_on(watch, is_there);
    while (limit > 0 && wants_wake(watch)) {
        int64_t part = consumer_sleep_limit(watch, limit);
        /* not covered: the consumer is let go just then */
        if (is_there(watch) || is_evicted(ring, watch->cell)) /* W4, W5, G */
            break;
        platform_sleep(ring->object, watch->cell, &ring->cells->wakes, wakes, part);
        wakes = load_ordered(&ring->cells->wakes);
        limit -= part;
    }
    return !wants_wake(watch);
}

static uint32_t peer_system(const struct ring *ring)
{
    return load_relaxed(&ring->header->producer_system);
}

/* Ends as soon as somebody wakes it: the producer does so when enough has come. */
void consumer_gather(struct consumer_watch *watch, int64_t until)
{
    const struct ring *ring = watch->ring;
    bool done = false;
    if (watch->wake_delay_ns == 0)
        return;
    consumer_cancel_wake(watch); /* requested for the first record */
    while (!done && !has_enough(watch)) {
        int64_t limit = sleep_limit(until, peer_system(ring));
        if (limit == 0)
            break;
        /* not covered: it is let go while it waits for more */
        done = consumer_sleep(watch, watch->wake_bytes, has_enough, limit) ||
               is_evicted(ring, watch->cell) || !producer_lives(ring, producer_run(ring)) ||
               ring_is_removed(ring);
    }
    consumer_cancel_wake(watch);
}

/* The earlier of two deadlines. As an unsigned number, MAPRING_FOREVER is the largest. */
static int64_t earlier(int64_t a, int64_t b)
{
    return (uint64_t)a < (uint64_t)b ? a : b;
}

static int once(mapring_consumer *consumer)
{
    return reader_look_once(&consumer->reader);
}

/* A consumer that gathers records is in no hurry, so it does not spin. */
static int for_a_while(mapring_consumer *consumer)
{
    if (consumer->watch.wake_delay_ns == 0)
        return reader_look_for_a_while(&consumer->reader, &consumer->distance.looks);
    return once(consumer);
}

static int for_the_last_time(mapring_consumer *consumer)
{
    return reader_look_last(&consumer->reader);
}

static int look(mapring_consumer *consumer, int (*how)(mapring_consumer *consumer))
{
    bool gives_back = consumer_gives_back_notes(consumer);
    int result = how(consumer);
    if (gives_back)
        consumer_give_back(consumer);
    return consumer_judge(consumer, result);
}

static void watch_cursor(const mapring_consumer *consumer, struct consumer_watch *watch)
{
    watch->position = consumer->reader.hot.cursor.position;
    watch->told = consumer->reader.told;
}

/* A copy, since the thread of an event loop may be using consumer->watch. */
static struct consumer_watch watch_of(const mapring_consumer *consumer)
{
    struct consumer_watch watch = consumer->watch;
    watch_cursor(consumer, &watch);
    watch.notifier = NULL;
    return watch;
}

/* Sleeps once, and looks again. */
static int sleep_until_record(mapring_consumer *consumer, struct consumer_watch *watch,
                              int64_t deadline)
{
    int64_t limit = sleep_limit(deadline, peer_system(watch->ring));
    if (limit == 0)
        return look(consumer, for_the_last_time);
    watch_cursor(consumer, watch);
    int64_t since = platform_now_ns();
    consumer_sleep(watch, 0, has_record, limit);
    spin_ends_asleep(&consumer->reader.spin, since);
    return look(consumer, for_a_while);
}

/* A consumer that expects to sleep again leaves its request to the producer. */
static int await_record(mapring_consumer *consumer, int64_t deadline)
{
    int result = look(consumer, for_a_while);
    struct consumer_watch watch = watch_of(consumer);
    while (result == MAPRING_NOTHING)
        result = sleep_until_record(consumer, &watch, deadline);
    consumer->watch.settles_ns = watch.settles_ns;
    if (result != MAPRING_OK || consumer->reader.spin.vain == 0)
        consumer_cancel_wake(&watch);
    return result;
}

int consumer_wait(mapring_consumer *consumer, int64_t timeout_ns)
{
    consumer_publish(consumer);
    if (timeout_ns == 0)
        return look(consumer, once);
    int result = check_timeout(&consumer->reader.ring, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    consumer_keep_distance(consumer);
    bool armed = notifier_pause(consumer->notifier);
    int64_t deadline = deadline_after(timeout_ns);
    result = await_record(consumer, deadline);
    if (result == MAPRING_OK) {
        struct consumer_watch watch = watch_of(consumer);
        consumer_gather(&watch, earlier(deadline, deadline_after(watch.wake_delay_ns)));
        consumer_consider_distance(consumer);
    }
    if (armed)
        notifier_arm(consumer->notifier);
    return result;
}

/* Returns MAPRING_NOTHING when it is worth looking again. */
static int sleep_until_producer(struct consumer_watch *watch, int64_t deadline)
{
    watch->run = producer_run(watch->ring);
    if (producer_lives(watch->ring, watch->run))
        return MAPRING_OK;
    if (ring_is_removed(watch->ring))
        return MAPRING_REMOVED;
    int64_t limit = sleep_limit(deadline, peer_system(watch->ring));
    if (limit == 0)
        return MAPRING_TIMED_OUT;
    consumer_sleep(watch, 0, has_another_producer, limit);
    return MAPRING_NOTHING;
}

static int await_producer(mapring_consumer *consumer, int64_t deadline)
{
    struct consumer_watch watch = watch_of(consumer);
    int result;
    do
        result = consumer_judge(consumer, sleep_until_producer(&watch, deadline));
    while (result == MAPRING_NOTHING);
    consumer_cancel_wake(&watch);
    return result;
}

int mapring_consumer_wait_producer(mapring_consumer *consumer, int64_t timeout_ns)
{
    int result = consumer_check(consumer, consumer);
    if (result == MAPRING_OK)
        result = check_timeout(&consumer->reader.ring, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    bool armed = notifier_pause(consumer->notifier);
    result = outcome(await_producer(consumer, deadline_after(timeout_ns)));
    if (armed)
        notifier_arm(consumer->notifier);
    return result;
}
