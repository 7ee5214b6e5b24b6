/* SPDX-License-Identifier: MIT */
/* Finds out what a ring holds and who uses it, while its producer may be running. */
#include <string.h>

#include "error.h"
#include "layout.h"
#include "platform.h"
#include "ring/cell.h"
#include "ring/drop_total.h"
#include "ring/find_end.h"
#include "ring/handle.h"
#include "ring/ledger.h"
#include "ring/ring.h"
#include "ring/stat_latency.h"
#include "ring/stat_waits.h"
#include "ring/walk.h"

enum { STAT_TRIES = 1000 };

static enum mapring_consumer_state consumer_state(const struct ring_cell *cell, bool alive)
{
    enum cell_state state = cell_state(load_ordered(&cell->state));
    if (state == CELL_EVICTED && alive)
        return MAPRING_CONSUMER_EVICTED;
    if (state >= CELL_LAPSED)
        return MAPRING_CONSUMER_LAPSED;
    return alive ? MAPRING_CONSUMER_ATTACHED : MAPRING_CONSUMER_AWAY;
}

/* The consumer writes the entry that is not in use: if the count is the same before and after, all
 * words belong together. */
static void stat_ledger(const struct ring_cell *cell, struct mapring_consumer_stat *consumer)
{
    int tries = STAT_TRIES;
    uint64_t made;
    do {
        made = load_acquire(&cell->ledgers_made);
        const struct ring_ledger *ledger = &cell->ledger[made % 2];
        consumer->head = load_acquire(&ledger->position);
        consumer->sequence = load_acquire(&ledger->sequence);
        consumer->first_sequence = load_acquire(&ledger->first_sequence);
        consumer->read_records = load_acquire(&ledger->read_records);
        consumer->read_payload_bytes = load_acquire(&ledger->read_payload_bytes);
        consumer->lost_records = load_acquire(&ledger->lost_records);
    } while (load_relaxed(&cell->ledgers_made) != made && --tries > 0);
}

static void balance(const struct mapring_stat *stat, struct mapring_consumer_stat *consumer)
{
    if (ahead(stat->sequence, consumer->sequence) > 0)
        consumer->pending_records = stat->sequence - consumer->sequence;
    if (consumer->pending_records && ahead(stat->tail, consumer->head) > 0)
        consumer->pending_bytes = stat->tail - consumer->head;
    uint64_t sent = consumer->sequence + consumer->pending_records - consumer->first_sequence;
    consumer->balanced =
        sent == consumer->read_records + consumer->lost_records + consumer->pending_records;
}

/* One that was let go, and is not durable, will never get what is pending. */
static void lose_pending(struct mapring_consumer_stat *consumer)
{
    consumer->lost_records += consumer->pending_records;
    consumer->pending_records = consumer->pending_bytes = 0;
}

static void stat_consumer(struct ring *ring, unsigned i, const struct mapring_stat *stat,
                          struct mapring_consumer_stat *consumer)
{
    const struct ring_cell *cell = &ring->cells->cell[i];
    consumer->cell = i;
    memcpy(consumer->name, cell->name, sizeof consumer->name);
    consumer->name[sizeof consumer->name - 1] = '\0';
    consumer->durable = load_relaxed(&cell->flags) & CELL_DURABLE;
    consumer->alive = platform_role_held(ring->object, ROLE_CONSUMER + i);
    consumer->asleep = consumer->alive && cell_is_asleep(ring, i);
    consumer->state = consumer_state(cell, consumer->alive);
    consumer->process = load_relaxed(&cell->process);
    consumer->max_lag_bytes = load_relaxed(&cell->max_lag);
    stat_ledger(cell, consumer);
    balance(stat, consumer);
    if (consumer->state >= MAPRING_CONSUMER_LAPSED && !consumer->durable)
        lose_pending(consumer);
    stat_blame(ring, consumer);
    stat_latency(ring, consumer);
}

static void stat_producer(struct ring *ring, const struct ring_place *end,
                          struct mapring_stat *stat)
{
    struct ring_loss dropped = ring_repeats(ring) ? end->dropped : drop_total(ring);
    stat->tail = end->position;
    stat->horizon = load_acquire(&ring->header->horizon);
    stat->sequence = end->sequence;
    stat->records = end->sequence - ring->origin.first_sequence - end->dropped.records;
    stat->payload_bytes = end->payload_bytes;
    stat->dropped_records = dropped.records;
    stat->dropped_payload_bytes = dropped.payload_bytes;
    stat->producer_process = load_relaxed(&ring->header->producer_process);
    stat->run = run_epoch(producer_run(ring));
    stat->balanced = dropped.records >= end->dropped.records;
}

static void stat_consumers(struct ring *ring, struct mapring_stat *stat)
{
    stat->evicted_count = load_relaxed(&ring->cells->evicted);
    stat->consumers_hidden = ring->guarded && !platform_has_companion(ring->object);
    for (unsigned i = 0; i < CELL_COUNT; i++) {
        if (cell_state(load_ordered(&ring->cells->cell[i].state)) == CELL_FREE)
            continue;
        struct mapring_consumer_stat *consumer = &stat->consumer[stat->consumers++];
        stat_consumer(ring, i, stat, consumer);
        stat->balanced = stat->balanced && consumer->balanced;
    }
}

/* What was written once, by whoever created the ring. */
static void stat_identity(const struct ring *ring, struct mapring_stat *stat)
{
    const struct ring_identity *identity = &ring->header->identity;
    uint64_t used = load_relaxed(&ring->header->dictionary_used);
    stat->created_ns = identity->created_ns;
    stat->times = record_has_times(ring->hot);
    stat->max_lag_attached_bytes = ring->max_lag_attached;
    memcpy(stat->content, ring->content, sizeof stat->content);
    stat->dictionary_bytes = ring->dictionary_bytes;
    stat->dictionary_used_bytes = used < ring->dictionary_bytes ? used : ring->dictionary_bytes;
}

static void stat_unread(const struct ring *ring, struct mapring_stat *stat)
{
    uint64_t furthest;
    stat->unread_records = stat->records;
    if (ledger_furthest(ring, &furthest))
        stat->unread_records = ahead(stat->sequence, furthest) > 0 ? stat->sequence - furthest : 0;
}

int mapring_stat(mapring_ring *handle, struct mapring_stat *stat)
{
    if (!handle)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "the ring is a null pointer");
    struct ring *ring = &handle->ring;
    if (!stat)
        return fail(MAPRING_ERROR_ARGUMENT, ring->name.text,
                    "the argument that receives the state of ring '%s' is a null pointer",
                    ring->name.text);
    if (ring->hot->broken)
        return ring_broken(ring);
    struct ring_place end;
    enum mapring_producer_state state = find_producer_state(ring);
    int result = find_end(ring, state, &end);
    if (result != MAPRING_OK)
        return result;
    *stat = (struct mapring_stat){.capacity_bytes = ring_capacity(ring),
                                  .slot_bytes = ring_slot_bytes(ring),
                                  .layout_version = LAYOUT_VERSION,
                                  .when_full = (enum mapring_when_full)ring->when_full,
                                  .record_limit = ring->hot->record_limit,
                                  .producer_state = state};
    stat_identity(ring, stat);
    stat_producer(ring, &end, stat);
    stat_waits(ring, stat);
    stat_consumers(ring, stat);
    stat_unread(ring, stat);
    return MAPRING_OK;
}
