/* SPDX-License-Identifier: MIT */
/* A producer that waits for room in an event loop. The notifier's thread uses the ring and the
 * watch, which does not change while the thread is armed. It must neither move the horizon nor free
 * the cells of dead consumers: the producer's own thread may be doing that. */
#include "error.h"
#include "event/notifier.h"
#include "platform.h"
#include "producer/blame.h"
#include "producer/cells.h"
#include "producer/note.h"
#include "producer/producer.h"
#include "producer/room.h"
#include "producer/wake.h"
#include "ring/deadline.h"
#include "ring/geometry.h"
#include "ring/ring.h"

static bool has_room(const struct producer_watch *watch)
{
    struct gate gate = gate_of_cells(watch->ring);
    return !gate.closed || ahead(watch->end, gate.position) <= 0;
}

/* The producer frees the cell when it tries to get the room. */
static bool is_gated_by_the_dead(const struct producer_watch *watch)
{
    struct gate gate = gate_of_cells(watch->ring);
    return gate.cell >= 0 && cell_is_dead(watch->ring, (unsigned)gate.cell, watch->tail);
}

static bool is_done(mapring_producer *producer, void *watch)
{
    (void)producer;
    return has_room(watch);
}

static bool is_due(const struct producer_watch *watch)
{
    return has_room(watch) || is_gated_by_the_dead(watch) || ring_is_removed(watch->ring);
}

static bool watch_room(void *context)
{
    struct producer_watch *watch = context;
    struct ring *ring = watch->ring;
    uint32_t wakes = load_ordered(&ring->cells->room_wakes);
    exchange32(&ring->header->producer_waits, 1); /* S */
    if (is_due(watch))
        return true;
    blame_show(watch->blame, ring, watch->tail);
    /* not covered: its own producer calls it off at this moment */
    if (notifier_is_armed(watch->notifier))
        platform_sleep(ring->object, CHANNEL_ROOM, &ring->cells->room_wakes, wakes,
                       sleep_limit(MAPRING_FOREVER, gate_of_cells(ring).system));
    return false;
}

static void rest(void *context)
{
    struct producer_watch *watch = context;
    exchange32(&watch->ring->header->producer_waits, 0);
    blame_end(watch->blame, watch->ring);
}

static void kick(void *context)
{
    const struct producer_watch *watch = context;
    fetch_add32(&watch->ring->cells->room_wakes, 1);
    platform_wake(watch->ring->object, UINT64_C(1) << CHANNEL_ROOM,
                  &watch->ring->cells->room_wakes);
}

int mapring_producer_wait_handle(mapring_producer *producer, mapring_handle *handle)
{
    int result = producer_check(producer);
    if (result != MAPRING_OK)
        return result;
    if (!handle)
        return fail(MAPRING_ERROR_ARGUMENT, producer->ring.name.text,
                    "the argument that receives the handle of ring '%s' is a null pointer",
                    producer->ring.name.text);
    if (!producer->notifier) {
        producer->watch.ring = &producer->ring;
        producer->watch.blame = &producer->blame;
        result = notifier_start(&producer->notifier,
                                &(struct watch){watch_room, rest, kick, &producer->watch,
                                                producer->ring.name.text, NULL});
        producer->watch.notifier = producer->notifier;
    }
    if (result == MAPRING_OK)
        *handle = notifier_handle(producer->notifier);
    return result;
}

int mapring_producer_arm(mapring_producer *producer, size_t bytes)
{
    int result = producer_check(producer);
    if (result != MAPRING_OK)
        return result;
    if (!producer->notifier)
        return fail(MAPRING_ERROR_ARGUMENT, producer->ring.name.text,
                    "ring '%s' has no wait handle to arm; call mapring_producer_wait_handle() "
                    "first",
                    producer->ring.name.text);
    if (bytes > producer->hot.ring.record_limit)
        return fail(MAPRING_ERROR_ARGUMENT, producer->ring.name.text,
                    "a record of %zu bytes can never fit into ring '%s'", bytes,
                    producer->ring.name.text);
    if (producer_is_removed(producer))
        return outcome(MAPRING_REMOVED);
    const struct ring *ring = &producer->ring;
    uint64_t tail = producer->hot.position;
    uint64_t notes = note_spans(producer) + note_spare(ring);
    struct producer_watch watch = {
        &producer->ring, tail, tail + notes + record_span(ring->hot, bytes) + ring_slot_bytes(ring),
        &producer->blame, producer->notifier};
    notifier_rest(producer->notifier);
    if (producer_reap_until(producer, is_done, &watch))
        return MAPRING_OK;
    /* not covered: a consumer comes into the cell just then, and gates the producer */
    if (producer_evict_late(producer, watch.end) && is_done(producer, &watch))
        return MAPRING_OK;
    producer_wake(producer, true); /* a consumer that waits for more would wait for the producer */
    producer->watch = watch;
    notifier_arm(producer->notifier);
    return outcome(MAPRING_NOTHING);
}
