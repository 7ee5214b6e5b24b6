/* SPDX-License-Identifier: MIT */
/* The producer waits for its consumers: for them to attach, or to have read everything. */
#include "error.h"
#include "producer/cells.h"
#include "producer/producer.h"
#include "producer/room.h"
#include "ring/deadline.h"
#include "ring/left_unread.h"
#include "ring/ring.h"

static int wait_until(mapring_producer *producer, int64_t timeout_ns,
                      bool (*is_done)(mapring_producer *producer, void *context), void *context)
{
    int result = check_timeout(&producer->ring, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    int64_t deadline = deadline_after(timeout_ns);
    for (;;) {
        if (producer_is_removed(producer))
            return outcome(MAPRING_REMOVED);
        producer_reap_dead(producer);
        if (is_done(producer, context))
            return MAPRING_OK;
        if (timeout_ns == 0 || !producer_sleep(producer, deadline, is_done, context))
            return outcome(MAPRING_TIMED_OUT);
    }
}

static bool have_come(mapring_producer *producer, void *count)
{
    unsigned active = 0;
    for (unsigned i = 0; i < CELL_COUNT; i++)
        active += cell_is_attended(&producer->ring, i);
    return active >= *(const unsigned *)count;
}

int mapring_producer_wait_consumers(mapring_producer *producer, unsigned count, int64_t timeout_ns)
{
    int result = producer_check(producer);
    if (result != MAPRING_OK)
        return result;
    if (count > CELL_COUNT)
        return fail(MAPRING_ERROR_ARGUMENT, producer->ring.name.text,
                    "cannot wait for %u consumers of ring '%s'; at most %d can attach", count,
                    producer->ring.name.text, CELL_COUNT);
    return wait_until(producer, timeout_ns, have_come, &count);
}

/* Which consumers have records unread. */
struct behind {
    bool attended;
    bool away;         /* a durable consumer that is away */
    uint32_t departed; /* how many have left with records unread */
};

static bool is_behind(const struct ring *ring, unsigned cell)
{
    return cell_is_active(ring, cell) &&
           is_unread_from(ring, load_ordered(&ring->cells->cell[cell].head));
}

/* A consumer that leaves first publishes how far it got, and is counted. Therefore, heads are read
 * once more after checking who is away, and the count is read last. */
static struct behind look_behind(const struct ring *ring)
{
    struct behind behind = {0};
    for (unsigned i = 0; i < CELL_COUNT; i++) {
        if (!is_behind(ring, i))
            continue;
        if (cell_is_away(ring, i))
            behind.away |= is_behind(ring, i);
        else
            behind.attended |= cell_is_active(ring, i);
    }
    behind.departed = load_ordered(&ring->cells->left_unread);
    return behind;
}

/* Whether there is no record at the position. A position out of reach may be overwritten, so its
 * word says nothing. */
static bool is_all_before(const struct ring *ring, uint64_t position)
{
    return ring_intact(ring, position) && !is_unread_from(ring, position);
}

/* Whether some consumer has read everything. A cell's ledger stays when its consumer leaves, and
 * its carry is the furthest position before that. */
static bool is_read_by_somebody(const struct ring *ring)
{
    for (unsigned i = 0; i < CELL_COUNT; i++) {
        const struct ring_cell *cell = &ring->cells->cell[i];
        uint64_t made = load_acquire(&cell->ledgers_made);
        uint64_t carried = load_acquire(&cell->carries_made);
        if (carried > 0 && is_all_before(ring, load_acquire(&cell->carry[carried % 2].position)))
            return true;
        if (made > 0 && is_all_before(ring, load_acquire(&cell->ledger[made % 2].position)))
            return true;
    }
    return is_all_before(ring, ring->first_position); /* nothing has ever been sent */
}

static bool is_gone(const mapring_producer *producer, const struct behind *behind)
{
    return behind->away || behind->departed != producer->departed;
}

static bool is_drained(mapring_producer *producer, void *behind)
{
    const struct ring *ring = &producer->ring;
    struct behind *found = behind;
    *found = look_behind(ring);
    if (found->attended)
        return false;
    return is_gone(producer, found) || is_read_by_somebody(ring);
}

int mapring_producer_drain(mapring_producer *producer, int64_t timeout_ns)
{
    struct behind behind;
    int result = producer_check(producer);
    if (result != MAPRING_OK || producer->ring.when_full == WHEN_FULL_OVERWRITE)
        return result;
    result = wait_until(producer, timeout_ns, is_drained, &behind);
    if (result != MAPRING_OK || !is_gone(producer, &behind))
        return result;
    producer->departed = behind.departed;
    return outcome(MAPRING_CONSUMER_GONE);
}
