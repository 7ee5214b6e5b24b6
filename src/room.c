/* SPDX-License-Identifier: MIT */
/* Room for the producer: its horizon, the consumers that gate it, and waiting for the slowest. */
#include "room.h"

#include "horizon.h"
#include "left_unread.h"
#include "producer.h"
#include "waker.h"

bool cell_is_active(const struct ring *ring, unsigned cell)
{
    return load_ordered(&ring->cells->cell[cell].state) == CELL_ACTIVE; /* J */
}

static bool is_durable(const struct ring *ring, unsigned cell)
{
    return load_relaxed(&ring->cells->cell[cell].flags) & CELL_DURABLE;
}

bool cell_is_attended(const struct ring *ring, unsigned cell)
{
    return cell_is_active(ring, cell) &&
           (!is_durable(ring, cell) || platform_role_held(ring->object, ROLE_CONSUMER + cell));
}

bool cell_is_away(const struct ring *ring, unsigned cell)
{
    return is_durable(ring, cell) && !platform_role_held(ring->object, ROLE_CONSUMER + cell);
}

/* F, J: sequentially consistent, as the joining and releasing consumers' stores. */
struct gate gate_of_cells(const struct ring *ring)
{
    /* Before the cells: the first consumer has its cell before it says that one has come. */
    bool joined = load_ordered(&ring->cells->joined) != 0;
    struct gate gate = {.closed = !joined && ring->when_full != WHEN_FULL_OVERWRITE,
                        .position = ring->first_position + ring->capacity,
                        .cell = -1,
                        .system = SYSTEM_NONE};
    for (unsigned i = 0; i < CELL_COUNT; i++) {
        if (!cell_is_active(ring, i))
            continue;
        uint64_t position = load_ordered(&ring->cells->cell[i].head) + ring->capacity;
        if (gate.closed && ahead(position, gate.position) >= 0)
            continue;
        gate = (struct gate){true, position, (int)i, load_relaxed(&ring->cells->cell[i].system)};
    }
    return gate;
}

static bool is_kept(const struct ring_cell *cell, uint64_t tail)
{
    uint64_t max_lag = load_relaxed(&cell->max_lag);
    return max_lag == 0 || tail - load_ordered(&cell->head) <= max_lag;
}

/* A durable consumer that is away. */
static bool is_waited_for(const struct ring *ring, unsigned cell, uint64_t tail)
{
    return is_durable(ring, cell) && is_kept(&ring->cells->cell[cell], tail);
}

bool cell_is_dead(const struct ring *ring, unsigned cell, uint64_t tail)
{
    return !is_waited_for(ring, cell, tail) &&
           !platform_role_held(ring->object, ROLE_CONSUMER + cell);
}

static void let_go(struct ring *ring, unsigned i)
{
    count_unread(ring, i);
    exchange32(&ring->cells->cell[i].state, is_durable(ring, i) ? CELL_LAPSED : CELL_FREE);
}

/* Holding the dead consumer's role meanwhile keeps a new one from taking the cell half-way. A
 * durable one may have come and gone just before: only now the cell says whose it is. */
bool cell_bury(struct ring *ring, unsigned i, uint64_t tail)
{
    if (platform_role_take(ring->object, ROLE_CONSUMER + i) != MAPRING_OK)
        return false;
    fetch_and32(&ring->cells->wait_set, ~(UINT32_C(1) << i));
    bool kept = is_waited_for(ring, i, tail);
    if (!kept && cell_is_active(ring, i))
        let_go(ring, i);
    platform_role_drop(ring->object, ROLE_CONSUMER + i);
    return !kept;
}

bool cell_reap(struct ring *ring, unsigned i, uint64_t tail)
{
    return !is_waited_for(ring, i, tail) && cell_bury(ring, i, tail);
}

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

/* Never beyond the gate: what no consumer has yet taken must stay within reach of a joining one.
 * J, H, K: the horizon is out before the cells are looked at, and before anything new is written, and
 * behind what tells where to start then. */
static void producer_extend(mapring_producer *producer, uint64_t end)
{
    struct ring *ring = &producer->ring;
    struct gate gate = gate_of_cells(ring);
    uint64_t wanted = within(&gate, end + ring->capacity / MARKS_PER_LAP);
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
    producer->hot.limit = within(&gate, limit);
}

static bool has_room(mapring_producer *producer, void *end)
{
    producer_extend(producer, *(const uint64_t *)end);
    return ahead(*(const uint64_t *)end, producer->hot.limit) <= 0;
}

/* True when that may have made room. */
static bool reap_gating(mapring_producer *producer)
{
    struct gate gate = gate_of_cells(&producer->ring);
    return gate.cell >= 0 &&
           cell_reap(&producer->ring, (unsigned)gate.cell, producer->hot.position);
}

/* Not for ever: there may be somebody who makes the dead seem active again and again. */
bool producer_reap_until(mapring_producer *producer,
                         bool (*is_done)(mapring_producer *producer, void *context), void *context)
{
    unsigned reaped = 0;
    while (!is_done(producer, context))
        if (!reap_gating(producer) || ++reaped > CELL_COUNT)
            return false;
    return true;
}

/* Looks, then for a while again and again, and lets the dead go. */
static bool look_for_room(mapring_producer *producer, uint64_t end, bool patient)
{
    if (producer_reap_until(producer, has_room, &end))
        return true;
    if (!patient)
        return false;
    for (unsigned i = spin_limit(&producer->spin); i > 0; i--) {
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
    bool armed = waker_pause(producer->waker);
    uint32_t wakes = load_ordered(&ring->cells->room_wakes); /* S1 */
    exchange32(&ring->header->producer_waits, 1);            /* S2 */
    if (!is_done(producer, context))                         /* S3 */
        platform_sleep(ring->object, CHANNEL_ROOM, &ring->cells->room_wakes, wakes, limit);
    exchange32(&ring->header->producer_waits, 0);
    if (armed)
        waker_arm(producer->waker);
    return true;
}

int producer_make_room(mapring_producer *producer, uint64_t end, int64_t timeout_ns)
{
    int result = check_timeout(&producer->ring, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    int64_t deadline = deadline_after(timeout_ns);
    /* not covered: somebody removes the ring just before it is full */
    if (producer_is_removed(producer))
        return MAPRING_REMOVED;
    while (!look_for_room(producer, end, timeout_ns != 0)) {
        producer_wake(producer, true); /* who waits for more would wait for the producer */
        if (timeout_ns == 0)
            return MAPRING_NO_ROOM;
        int64_t since = platform_now_ns();
        if (!producer_sleep(producer, deadline, has_room, &end))
            return MAPRING_TIMED_OUT;
        if (producer_is_removed(producer))
            return MAPRING_REMOVED;
        spin_ends_asleep(&producer->spin, since);
    }
    return MAPRING_OK;
}
