/* SPDX-License-Identifier: MIT */
/* A consumer in an event loop. The notifier's thread uses the consumer's ring and its watch, which
 * does not change while the thread is armed. */
#include "consumer/wait_handle.h"

#include "consumer/consumer.h"
#include "consumer/eviction.h"
#include "consumer/next.h"
#include "consumer/release.h"
#include "consumer/sleep.h"
#include "error.h"
#include "event/notifier.h"
#include "layout.h"
#include "platform.h"
#include "reader/reader.h"
#include "ring/cell.h"
#include "ring/deadline.h"
#include "ring/ring.h"

/* Returns MAPRING_NOTHING, or what is there or has been: a record that came may already have been
 * read, and its space reused. */
static int look(const struct consumer_watch *watch)
{
    uint32_t run;
    int result = producer_end(watch->ring, watch->position, watch->told, true, &run);
    bool came = load_acquire(&watch->ring->header->tail) != watch->tail ||
                run_epoch(run) != run_epoch(watch->run);
    return result == MAPRING_NOTHING && came ? MAPRING_OK : result;
}

/* Whoever wakes the consumer may clear its bit, even if nothing is there, so it is set again. */
static bool watch_consumer(void *context)
{
    struct consumer_watch *watch = context;
    const struct ring *ring = watch->ring;
    uint32_t wakes = load_ordered(&ring->cells->wakes);
    consumer_request_wake(watch, 0);
    uint32_t peer = load_relaxed(&ring->header->producer_system);
    int64_t limit = consumer_sleep_limit(watch, sleep_limit(MAPRING_FOREVER, peer));
    if (is_evicted(ring, watch->cell)) /* G */
        return true;
    int result = look(watch);
    if (result == MAPRING_NOTHING) {
        /* not covered: its own consumer calls it off at this moment */
        if (notifier_is_armed(watch->notifier))
            platform_sleep(ring->object, watch->cell, &ring->cells->wakes, wakes, limit);
        return false;
    }
    if (result == MAPRING_OK && watch->until == 0)
        watch->until = deadline_after(watch->wake_delay_ns);
    if (result == MAPRING_OK)
        consumer_gather(watch, watch->until);
    return true;
}

/* Who was woken leaves its request for the next time that the handle is armed. */
static void rest(void *context)
{
    struct consumer_watch *watch = context;
    if (!notifier_is_armed(watch->notifier) || watch->wake_delay_ns > 0)
        consumer_cancel_wake(watch);
}

static void kick(void *context)
{
    const struct consumer_watch *watch = context;
    consumer_cancel_wake(watch);
    cells_wake(watch->ring->cells, watch->ring->object, UINT32_C(1) << watch->cell);
}

int consumer_start_notifier(mapring_consumer *consumer, const mapring_handle *ready)
{
    if (consumer->notifier)
        return MAPRING_OK;
    const struct watch watch = {
        watch_consumer, rest, kick, &consumer->watch, consumer->reader.ring.name.text, ready};
    int result = notifier_start(&consumer->notifier, &watch);
    consumer->watch.notifier = consumer->notifier; /* not read before it is armed */
    return result;
}

int mapring_consumer_wait_handle(mapring_consumer *consumer, mapring_handle *handle)
{
    int result = consumer_check(consumer, handle);
    if (result == MAPRING_OK)
        result = consumer_start_notifier(consumer, NULL);
    if (result == MAPRING_OK)
        *handle = notifier_handle(consumer->notifier);
    return result;
}

/* W: as before a sleep, the bit is set before the last check. */
static int arm(mapring_consumer *consumer)
{
    struct consumer_watch *watch = &consumer->watch;
    watch->position = consumer->reader.hot.cursor.position;
    watch->told = consumer->reader.told;
    watch->run = producer_run(watch->ring);
    watch->tail = load_acquire(&watch->ring->header->tail);
    watch->until = 0;
    consumer_request_wake(watch, 0);
    if (look(watch) == MAPRING_NOTHING) {
        notifier_arm(consumer->notifier);
        return MAPRING_NOTHING;
    }
    consumer_cancel_wake(watch);
    return MAPRING_OK;
}

static int check_and_arm(mapring_consumer *consumer)
{
    int result = consumer_check(consumer, consumer);
    if (result != MAPRING_OK)
        return result;
    if (!consumer->notifier)
        return fail(MAPRING_ERROR_ARGUMENT, consumer->reader.ring.name.text,
                    "ring '%s' has no wait handle to arm; call mapring_consumer_wait_handle() "
                    "first",
                    consumer->reader.ring.name.text);
    notifier_rest(consumer->notifier);
    consumer_look(consumer);
    consumer_publish(consumer);
    consumer->reader.next_probe_ns =
        0; /* so that the next call also notices that the producer has died */
    if (consumer->reader.lapsed)
        return MAPRING_OK;
    return arm(consumer);
}

int mapring_consumer_arm(mapring_consumer *consumer)
{
    return outcome(check_and_arm(consumer));
}
