/* SPDX-License-Identifier: MIT */
/* A consumer that finds nothing: whether its producer has ended, and waiting for more. */
#include "consumer.h"

/* A caller that only tries pays for the look whether the producer lives once in so many times. */
enum { LOOKS_PER_PROBE = 16 };

static bool has_record(const mapring_consumer *consumer)
{
    return ring_look(&consumer->ring, consumer->cursor.position) != 0;
}

/* E: what was committed before the producer's end is seen by a look after it. */
static int producer_end(mapring_consumer *consumer, bool probe)
{
    struct ring *ring = &consumer->ring;
    uint32_t state = load_acquire(&ring->header->producer_state);
    if (state == WRITER_OPEN && probe && !platform_role_held(ring->object, ROLE_PRODUCER)) {
        state = load_acquire(&ring->header->producer_state);
        if (has_record(consumer))
            return MAPRING_OK;
        return state == WRITER_CLOSED ? MAPRING_PRODUCER_CLOSED : MAPRING_PRODUCER_DIED;
    }
    if (has_record(consumer))
        return MAPRING_OK;
    return state == WRITER_CLOSED ? MAPRING_PRODUCER_CLOSED : MAPRING_NOTHING;
}

static int look_once(mapring_consumer *consumer)
{
    return producer_end(consumer, ++consumer->empty_looks % LOOKS_PER_PROBE == 0);
}

static int look_for_a_while(mapring_consumer *consumer)
{
    for (unsigned i = spin_limit(); i > 0; i--) {
        if (has_record(consumer))
            return MAPRING_OK;
        spin_pause();
    }
    return producer_end(consumer, true);
}

/* W: the bit is out before the last look, in the producer's eyes too. */
static void consumer_sleep(mapring_consumer *consumer, int64_t limit)
{
    struct ring *ring = &consumer->ring;
    shared_u32 *wait_set = &ring->cells->wait_set;
    uint32_t bit = UINT32_C(1) << consumer->cell;
    uint32_t expected = fetch_or32(wait_set, bit) | bit;
    if (load_ordered(&ring->header->producer_flags) & WRITER_MEMBARRIER)
        platform_membarrier();
    if (load_ordered(ring_word(ring, consumer->cursor.position)) == 0 &&
        producer_end(consumer, false) == MAPRING_NOTHING)
        platform_sleep(ring->object, consumer->cell, wait_set, expected, limit);
    fetch_and32(wait_set, ~bit);
}

int consumer_wait(mapring_consumer *consumer, int64_t timeout_ns)
{
    consumer_publish(consumer);
    if (timeout_ns == 0)
        return look_once(consumer);
    int64_t deadline = deadline_after(timeout_ns);
    int result;
    while ((result = look_for_a_while(consumer)) == MAPRING_NOTHING) {
        uint32_t peer = load_relaxed(&consumer->ring.header->producer_system);
        int64_t limit = sleep_limit(deadline, peer);
        if (limit == 0)
            return MAPRING_TIMED_OUT;
        consumer_sleep(consumer, limit);
    }
    return result;
}
