/* SPDX-License-Identifier: MIT */
/* The producer waits for its consumers: to come, and to have read everything. */
#include "error.h"
#include "left_unread.h"
#include "producer.h"
#include "room.h"

void producer_reap_dead(mapring_producer *producer)
{
    for (unsigned i = 0; i < CELL_COUNT; i++)
        if (cell_is_attended(&producer->ring, i))
            cell_reap(&producer->ring, i, producer->hot.position);
}

static int wait_until(mapring_producer *producer, int64_t timeout_ns,
                      bool (*is_done)(mapring_producer *producer, void *context), void *context)
{
    int result = producer_check(producer);
    if (result != MAPRING_OK)
        return result;
    int64_t deadline = deadline_after(timeout_ns);
    for (;;) {
        producer_reap_dead(producer);
        if (is_done(producer, context))
            return MAPRING_OK;
        if (timeout_ns == 0 || !producer_sleep(producer, deadline, is_done, context))
            return MAPRING_TIMED_OUT;
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
    if (count > CELL_COUNT)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "cannot wait for %u consumers, %d can attach",
                    count, CELL_COUNT);
    return wait_until(producer, timeout_ns, have_come, &count);
}

/* Who has records unread. */
struct behind {
    bool attended;
    bool away;         /* a durable consumer, whose place is kept */
    uint32_t departed; /* how many there have been */
};

/* The count after the cells: who leaves counts first. */
static struct behind look_behind(const struct ring *ring)
{
    struct behind behind = {0};
    for (unsigned i = 0; i < CELL_COUNT; i++) {
        const struct ring_cell *cell = &ring->cells->cell[i];
        if (!cell_is_active(ring, i) || !is_unread_from(ring, load_ordered(&cell->head)))
            continue;
        bool attended = cell_is_attended(ring, i);
        behind.attended |= attended;
        behind.away |= !attended;
    }
    behind.departed = load_ordered(&ring->cells->left_unread);
    return behind;
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
    return MAPRING_CONSUMER_GONE;
}
