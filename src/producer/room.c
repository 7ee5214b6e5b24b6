/* SPDX-License-Identifier: MIT */
/* Room for the producer: its horizon, the consumers that gate it, and waiting for the slowest
 * one. */
#include "producer/room.h"

#include "event/notifier.h"
#include "platform.h"
#include "producer/blame.h"
#include "producer/cells.h"
#include "producer/horizon.h"
#include "producer/note.h"
#include "producer/producer.h"
#include "producer/wake.h"
#include "ring/deadline.h"
#include "ring/ring.h"
#include "ring/spin.h"

/* A wait that ends within so many looks, about a microsecond, is not worth the clock. */
enum { BLAMELESS_LOOKS = 16 };

void producer_reap_dead(mapring_producer *producer)
{
    for (unsigned i = 0; i < CELL_COUNT; i++)
        if (cell_is_attended(&producer->ring, i))
            cell_reap(&producer->ring, i, producer->hot.position);
}

static uint64_t within(const struct gate *gate, uint64_t position)
{
    return gate->closed && ahead(position, gate->position) > 0 ? gate->position : position;
}

/* J, H, K, V: publishes the horizon after the oldest record that is then kept, and before it reads the
 * cells and anything new is written. Never moves it beyond the gate: records that no consumer has
 * taken yet must stay within reach of a joining one. */
static void producer_extend(mapring_producer *producer, uint64_t end)
{
    struct ring *ring = &producer->ring;
    struct gate gate = gate_of_cells(ring);
    uint64_t wanted = within(&gate, end + ring_capacity(ring) / MARKS_PER_LAP);
    horizon_mark(producer);
    if (ahead(end, wanted) <= 0 && ahead(wanted, producer->horizon) > 0) {
        wanted = within(&gate, horizon_for(producer, wanted));
        horizon_keep(producer, wanted);
        producer->horizon = wanted;
        exchange64(&ring->header->horizon, wanted);
        fence_release();
        gate = gate_of_cells(ring);
    }
    uint64_t limit = horizon_next_mark(producer);
    if (ahead(end, limit) > 0)
        limit = end;
    if (ahead(limit, producer->horizon) > 0)
        limit = producer->horizon;
    producer->limit = within(&gate, limit);
    producer->hot.limit = producer->limit - note_spare(ring);
}

static bool has_room(mapring_producer *producer, void *end)
{
    producer_extend(producer, *(const uint64_t *)end);
    return ahead(*(const uint64_t *)end, producer->limit) <= 0;
}

/* Reaps the cell of the gating consumer if it is dead. True if that may have made room. */
static bool reap_gating(mapring_producer *producer)
{
    struct gate gate = gate_of_cells(&producer->ring);
    return gate.cell >= 0 &&
           cell_reap(&producer->ring, (unsigned)gate.cell, producer->hot.position);
}

/* Stops after some cells: somebody could make dead consumers seem active again and again. */
bool producer_reap_until(mapring_producer *producer,
                         bool (*is_done)(mapring_producer *producer, void *context), void *context)
{
    unsigned reaped = 0;
    while (!is_done(producer, context))
        if (!reap_gating(producer) || ++reaped > CELL_COUNT)
            return false;
    return true;
}

static bool is_in_the_way(const struct ring *ring, unsigned cell, uint64_t end)
{
    return cell_is_active(ring, cell) &&
           ahead(end, load_ordered(&ring->cells->cell[cell].head) + ring_capacity(ring)) > 0;
}

bool producer_evict_late(mapring_producer *producer, uint64_t end)
{
    struct ring *ring = &producer->ring;
    bool evicted = false;
    if (ring->max_lag_attached == 0)
        return false;
    for (unsigned i = 0; i < CELL_COUNT; i++)
        if (is_in_the_way(ring, i, end))
            evicted |= cell_evict_late(ring, i, producer->hot.position);
    return evicted;
}

/* Checks for room, reaping dead consumers, and spins for a while. */
static bool spin_for_room(mapring_producer *producer, uint64_t end)
{
    if (producer_reap_until(producer, has_room, &end))
        return true;
    producer->ways.waited = true;
    unsigned limit = spin_limit(&producer->spin);
    for (unsigned i = 0; i < limit; i++) {
        if (i == BLAMELESS_LOOKS)
            blame_count(&producer->blame, &producer->ring, producer->hot.position);
        spin_pause();
        if (has_room(producer, &end)) {
            spin_ends(&producer->spin, true);
            return true;
        }
    }
    spin_ends(&producer->spin, false);
    return false;
}

bool producer_sleep(mapring_producer *producer, int64_t deadline,
                    bool (*is_done)(mapring_producer *producer, void *context), void *context)
{
    struct ring *ring = &producer->ring;
    int64_t limit = sleep_limit(deadline, gate_of_cells(ring).system);
    if (limit == 0)
        return false;
    bool armed = notifier_pause(producer->notifier);
    uint32_t wakes = load_ordered(&ring->cells->room_wakes); /* S1 */
    exchange32(&ring->header->producer_waits, 1);            /* S2 */
    if (!is_done(producer, context))                         /* S3 */
        platform_sleep(ring->object, CHANNEL_ROOM, &ring->cells->room_wakes, wakes, limit);
    exchange32(&ring->header->producer_waits, 0);
    if (armed)
        notifier_arm(producer->notifier);
    return true;
}

static int await_room(mapring_producer *producer, uint64_t end, int64_t deadline)
{
    while (!spin_for_room(producer, end)) {
        /* not covered: a consumer comes into the cell just then, and gates the producer */
        if (producer_evict_late(producer, end) && has_room(producer, &end))
            break;
        producer_wake(producer, true); /* a consumer that waits for more would wait for the
                                          producer */
        blame_show(&producer->blame, &producer->ring, producer->hot.position);
        int64_t since = platform_now_ns();
        if (!producer_sleep(producer, deadline, has_room, &end))
            return MAPRING_TIMED_OUT;
        if (producer_is_removed(producer))
            return MAPRING_REMOVED;
        spin_ends_asleep(&producer->spin, since);
    }
    return MAPRING_OK;
}

/* The notifier's thread counts its waits, too. */
static int await_room_alone(mapring_producer *producer, uint64_t end, int64_t timeout_ns)
{
    bool armed = notifier_pause(producer->notifier);
    int result = await_room(producer, end, deadline_after(timeout_ns));
    blame_end(&producer->blame, &producer->ring);
    if (armed)
        notifier_arm(producer->notifier);
    return result;
}

int producer_make_room(mapring_producer *producer, uint64_t end, int64_t timeout_ns)
{
    int result = check_timeout(&producer->ring, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    /* not covered: somebody removes the ring just before it is full */
    if (producer_is_removed(producer))
        return MAPRING_REMOVED;
    if (producer_reap_until(producer, has_room, &end))
        return MAPRING_OK;
    if (timeout_ns != 0)
        return await_room_alone(producer, end, timeout_ns);
    /* not covered: as above */
    if (producer_evict_late(producer, end) && has_room(producer, &end))
        return MAPRING_OK;
    producer_wake(producer, true); /* as above */
    return MAPRING_NO_ROOM;
}
