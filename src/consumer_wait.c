/* SPDX-License-Identifier: MIT */
/* A consumer that finds nothing waits for more, and may then wait for a little more still. */
#include "consumer.h"

static bool has_record(const struct consumer_watch *watch)
{
    return load_ordered(ring_word(watch->ring, watch->position)) != 0;
}

static bool has_enough(const struct consumer_watch *watch)
{
    uint64_t tail = load_ordered(&watch->ring->header->tail);
    return ahead(tail, watch->position + watch->wake_bytes) >= 0;
}

uint32_t consumer_call(const struct consumer_watch *watch, uint64_t bytes)
{
    const struct ring *ring = watch->ring;
    uint32_t bit = UINT32_C(1) << watch->cell;
    store_relaxed(&ring->cells->cell[watch->cell].wake_position, watch->position + bytes);
    uint32_t expected = fetch_or32(&ring->cells->wait_set, bit) | bit; /* W3 */
    if (load_ordered(&ring->header->producer_flags) & WRITER_MEMBARRIER)
        platform_membarrier();
    return expected;
}

void consumer_call_off(const struct consumer_watch *watch)
{
    fetch_and32(&watch->ring->cells->wait_set, ~(UINT32_C(1) << watch->cell));
}

/* True when somebody has called it, and not the time limit. */
static bool consumer_sleep(const struct consumer_watch *watch, uint64_t bytes,
                           bool (*is_there)(const struct consumer_watch *watch), int64_t limit)
{
    const struct ring *ring = watch->ring;
    uint32_t expected = consumer_call(watch, bytes);
    if (!is_there(watch) && producer_says(ring) != WRITER_CLOSED) /* W4, W5 */
        platform_sleep(ring->object, watch->cell, &ring->cells->wait_set, expected, limit);
    uint32_t bit = UINT32_C(1) << watch->cell;
    return !(fetch_and32(&ring->cells->wait_set, ~bit) & bit);
}

void consumer_gather(const struct consumer_watch *watch)
{
    if (watch->wake_delay_ns == 0)
        return;
    int64_t deadline = deadline_after(watch->wake_delay_ns);
    while (!has_enough(watch) && producer_says(watch->ring) == WRITER_OPEN &&
           !ring_is_removed(watch->ring)) {
        int64_t limit = sleep_limit(deadline, SYSTEM_NONE);
        if (limit == 0)
            return;
        if (consumer_sleep(watch, watch->wake_bytes, has_enough, limit))
            return; /* the producer says that it is enough */
    }
}

/* Who gathers records is in no hurry, and does not spin. */
static int look(mapring_consumer *consumer)
{
    if (consumer->watch.wake_delay_ns == 0)
        return reader_look_for_a_while(&consumer->reader, &consumer->distance.looks);
    return producer_end(&consumer->reader.ring, consumer->reader.hot.cursor.position, true);
}

/* With a watch of its own: that of an event loop may be in use. */
int consumer_wait(mapring_consumer *consumer, int64_t timeout_ns)
{
    consumer_publish(consumer);
    if (timeout_ns == 0)
        return reader_look_once(&consumer->reader);
    consumer_keep_distance(consumer);
    struct consumer_watch watch = consumer->watch;
    watch.position = consumer->reader.hot.cursor.position;
    int64_t deadline = deadline_after(timeout_ns);
    int result;
    while ((result = look(consumer)) == MAPRING_NOTHING) {
        uint32_t peer = load_relaxed(&watch.ring->header->producer_system);
        int64_t limit = sleep_limit(deadline, peer);
        if (limit == 0)
            return MAPRING_TIMED_OUT;
        int64_t since = platform_now_ns();
        consumer_sleep(&watch, 0, has_record, limit);
        spin_ends_asleep(&consumer->reader.spin, since);
    }
    if (result == MAPRING_OK) {
        consumer_gather(&watch);
        consumer_consider_distance(consumer);
    }
    return result;
}
