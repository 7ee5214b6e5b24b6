/* SPDX-License-Identifier: MIT */
/* A consumer in somebody's event loop. The waker's thread touches the consumer's ring and its
 * watch, which stays as it is while the thread is armed. */
#include "consumer.h"
#include "error.h"
#include "waker.h"

static bool is_called(const struct consumer_watch *watch, uint32_t wait_set)
{
    return wait_set >> watch->cell & 1;
}

static bool watch_consumer(void *context)
{
    const struct consumer_watch *watch = context;
    const struct ring *ring = watch->ring;
    uint32_t wait_set = load_ordered(&ring->cells->wait_set);
    int result = producer_end(ring, watch->position, true);
    if (is_called(watch, wait_set) && result == MAPRING_NOTHING) {
        uint32_t peer = load_relaxed(&ring->header->producer_system);
        platform_sleep(ring->object, watch->cell, &ring->cells->wait_set, wait_set,
                       sleep_limit(MAPRING_FOREVER, peer));
        return false;
    }
    consumer_call_off(watch);
    if (result == MAPRING_OK)
        consumer_gather(watch);
    return true;
}

static void kick(void *context)
{
    const struct consumer_watch *watch = context;
    consumer_call_off(watch);
    platform_wake(watch->ring->object, UINT64_C(1) << watch->cell, &watch->ring->cells->wait_set);
}

int mapring_consumer_wait_handle(mapring_consumer *consumer, mapring_handle *handle)
{
    int result = reader_check(consumer ? &consumer->reader : NULL, handle);
    if (result != MAPRING_OK)
        return result;
    if (!consumer->waker)
        result =
            waker_start(&consumer->waker, &(struct watch){watch_consumer, kick, &consumer->watch,
                                                          consumer->reader.ring.name.text});
    if (result == MAPRING_OK)
        *handle = waker_handle(consumer->waker);
    return result;
}

/* W: as before sleeping, the bit is out before the last look. */
static int arm(mapring_consumer *consumer)
{
    struct consumer_watch *watch = &consumer->watch;
    watch->position = consumer->reader.hot.cursor.position;
    consumer_call(watch, 0);
    int result = producer_end(watch->ring, watch->position, true);
    if (result == MAPRING_NOTHING)
        waker_arm(consumer->waker);
    else
        consumer_call_off(watch);
    return result;
}

static int check_and_arm(mapring_consumer *consumer)
{
    int result = reader_check(consumer ? &consumer->reader : NULL, consumer);
    if (result != MAPRING_OK)
        return result;
    if (!consumer->waker)
        return fail(MAPRING_ERROR_ARGUMENT, consumer->reader.ring.name.text,
                    "there is nothing to arm for ring '%s' before mapring_consumer_wait_handle()",
                    consumer->reader.ring.name.text);
    consumer_publish(consumer);
    if (consumer->reader.hot.lapsed)
        return MAPRING_OK;
    if (!waker_rest(consumer->waker))
        return producer_end(consumer->watch.ring, consumer->reader.hot.cursor.position, false);
    return arm(consumer);
}

int mapring_consumer_arm(mapring_consumer *consumer)
{
    return outcome(check_and_arm(consumer));
}
