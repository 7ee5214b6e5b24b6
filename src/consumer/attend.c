/* SPDX-License-Identifier: MIT */
/* Which cell a consumer gets, and what is kept of a durable one. */
#include "consumer/attend.h"

#include <inttypes.h>
#include <string.h>

#include "consumer/consumer.h"
#include "consumer/join.h"
#include "consumer/latency.h"
#include "consumer/release.h"
#include "consumer/sleep.h"
#include "error.h"
#include "platform.h"
#include "ring/cell.h"
#include "ring/left_unread.h"
#include "ring/open.h"
#include "ring/patience.h"
#include "ring/ring.h"

enum {
    ROLE_TRIES = 20, /* a role that is held only to examine a cell is free again after some
                        microseconds */
    ROLE_PAUSE_NS = 500000,
};

static bool belongs_to_durable(const struct ring_cell *cell)
{
    return cell_state(load_ordered(&cell->state)) != CELL_FREE &&
           load_relaxed(&cell->flags) & CELL_DURABLE;
}

static bool is_called(const struct ring_cell *cell, const char *name)
{
    return belongs_to_durable(cell) && strncmp(cell->name, name, CELL_NAME_BYTES) == 0;
}

static int take_free_cell(mapring_consumer *consumer)
{
    struct ring *ring = &consumer->reader.ring;
    for (unsigned i = 0; i < CELL_COUNT; i++) {
        if (belongs_to_durable(&ring->cells->cell[i]))
            continue;
        int result = platform_role_take(ring->object, ROLE_CONSUMER + i);
        if (result == MAPRING_OK && belongs_to_durable(&ring->cells->cell[i])) {
            platform_role_drop(ring->object, ROLE_CONSUMER + i);
            continue;
        }
        consumer->cell = i;
        if (result != MAPRING_NOTHING)
            return result;
    }
    return fail(MAPRING_ERROR_CONSUMERS_FULL, ring->name.text,
                "ring '%s' already has %d consumers, which is the maximum", ring->name.text,
                CELL_COUNT);
}

/* Finds the cell of the durable consumer of that name, or returns CELL_COUNT. */
static unsigned find_cell(const struct ring *ring, const char *name)
{
    unsigned i = 0;
    while (i < CELL_COUNT && !is_called(&ring->cells->cell[i], name))
        i++;
    return i;
}

/* A producer that lets the consumer lapse holds its role for a moment, and so does a consumer that
 * looks for a free cell. */
static int take_role_patiently(struct ring *ring, unsigned role)
{
    int result = platform_role_take(ring->object, role);
    for (int tries = ROLE_TRIES; result == MAPRING_NOTHING && tries > 0; tries--) {
        platform_pause_ns(ROLE_PAUSE_NS);
        result = platform_role_take(ring->object, role);
    }
    return result;
}

static int take_named_cell(struct ring *ring, unsigned i, const char *name)
{
    int result = take_role_patiently(ring, ROLE_CONSUMER + i);
    if (result == MAPRING_NOTHING)
        return fail(MAPRING_ERROR_CONSUMER_TAKEN, ring->name.text,
                    "consumer '%s' of ring '%s' is already attached, process %" PRIu64, name,
                    ring->name.text, load_relaxed(&ring->cells->cell[i].process));
    return result;
}

/* The next number: who wanted to let the consumer before go no longer can. */
static void introduce(mapring_consumer *consumer)
{
    struct ring_cell *cell = &consumer->reader.ring.cells->cell[consumer->cell];
    uint32_t before = cell_number(load_relaxed(&cell->state));
    consumer->watch.cell = consumer->cell;
    consumer->state = cell_word(before + 1, CELL_ACTIVE);
    consumer->reader.hot.state = (const uint32_t *)&cell->state;
    consumer_cancel_wake(&consumer->watch); /* a dead consumer may have left its bit set */
    store_relaxed(&cell->system, platform_system());
    store_relaxed(&cell->process, platform_process());
    store_relaxed(&cell->started, platform_process_started());
}

static void set_up_cell(mapring_consumer *consumer, const struct mapring_consumer_options *options)
{
    const struct ring *ring = &consumer->reader.ring;
    struct ring_cell *cell = &ring->cells->cell[consumer->cell];
    count_unread(ring, consumer->cell); /* the cell may be that of a dead consumer */
    cell_set_state(cell, CELL_FREE);
    memset(cell->name, 0, sizeof cell->name);
    if (options->name)
        memcpy(cell->name, options->name, strlen(options->name));
    store_relaxed(&cell->flags, 0);
    store_relaxed(&cell->max_lag, options->max_lag_bytes);
    consumer_latency_clear(ring, consumer->cell);
    introduce(consumer);
}

static int start_new(mapring_consumer *consumer, const struct mapring_consumer_options *options)
{
    int result = take_free_cell(consumer);
    if (result == MAPRING_OK)
        result = platform_channel_open(consumer->reader.ring.object, consumer->cell);
    if (result != MAPRING_OK)
        return result;
    struct ring_cell *cell = &consumer->reader.ring.cells->cell[consumer->cell];
    set_up_cell(consumer, options);
    result = consumer_place(consumer, options->from, options->sequence);
    if (result != MAPRING_OK)
        cell_set_state(cell, CELL_FREE);
    else if (options->durable) /* not earlier: until now, the ledger is that of another consumer */
        store_release(&cell->flags, CELL_DURABLE);
    return result;
}

static void load_ledger(mapring_consumer *consumer)
{
    const struct ring_cell *cell = &consumer->reader.ring.cells->cell[consumer->cell];
    const struct ring_ledger *ledger = &cell->ledger[load_relaxed(&cell->ledgers_made) % 2];
    struct mapring_reader_hot *hot = &consumer->reader.hot;
    uint64_t sequence = load_relaxed(&ledger->sequence);
    uint64_t next = load_relaxed(&ledger->next_sequence);
    bool lapsed = ahead(next, sequence) > 0;
    reader_set_lapsed(&consumer->reader, lapsed);
    hot->cursor = (struct mapring_cursor){
        .position = load_relaxed(&ledger->position),
        .sequence = lapsed ? sequence : next,
        .payload_bytes = load_relaxed(&ledger->read_payload_bytes),
        .lost_records = load_relaxed(&ledger->lost_records),
    };
    hot->released = hot->cursor;
    hot->published = hot->released.position;
    consumer->first_sequence = load_relaxed(&ledger->first_sequence);
    consumer->lapsed_to = (struct ring_place){.position = hot->released.position, .sequence = next};
    consumer->reader.known_drops = lapsed ? 0 : sequence - next;
}

/* Records are lost, which is reported first; if this process dies before, to the next one that
 * opens this consumer. */
static int lapse(mapring_consumer *consumer)
{
    int result = consumer_claim_oldest(consumer, &consumer->lapsed_to);
    if (result != MAPRING_OK)
        return result;
    struct mapring_reader_hot *hot = &consumer->reader.hot;
    reader_set_lapsed(&consumer->reader, true);
    hot->released.position = consumer->lapsed_to.position;
    hot->released.sequence += consumer->reader.known_drops;
    hot->cursor = hot->released;
    hot->published = hot->released.position;
    consumer->reader.known_drops = 0;
    consumer_write_ledger(consumer);
    return MAPRING_OK;
}

/* Continues at the last release, if the producer has not overwritten that place in the meantime. */
static int resume(mapring_consumer *consumer, const struct mapring_consumer_options *options)
{
    struct ring *ring = &consumer->reader.ring;
    struct ring_cell *cell = &ring->cells->cell[consumer->cell];
    int result = platform_channel_open(ring->object, consumer->cell);
    /* not covered: this can fail on Windows only */
    if (result != MAPRING_OK)
        return result;
    load_ledger(consumer);
    uint64_t position = consumer->reader.hot.cursor.position;
    if (position % ring_slot_bytes(ring) != 0 ||
        ahead(position, load_ordered(&ring->header->horizon)) > 0)
        return ring_damaged(ring, "consumer '%s' stands at the invalid position %" PRIu64,
                            options->name, position);
    store_relaxed(&cell->max_lag, options->max_lag_bytes);
    introduce(consumer);
    result = consumer_claim(consumer, position) ? MAPRING_OK : lapse(consumer);
    consumer->placed = true;
    return result;
}

/* Called with the creator's role held: otherwise, two consumers of the same name could start at
 * once. */
static int attend_durable(mapring_consumer *consumer,
                          const struct mapring_consumer_options *options)
{
    struct ring *ring = &consumer->reader.ring;
    unsigned i = find_cell(ring, options->name);
    if (i == CELL_COUNT)
        return start_new(consumer, options);
    consumer->cell = i;
    int result = take_named_cell(ring, i, options->name);
    return result == MAPRING_OK ? resume(consumer, options) : result;
}

static int hold_names(struct ring *ring)
{
    int result = patience_take_creator(ring);
    if (result == MAPRING_NOTHING)
        return fail(MAPRING_ERROR_BEING_CREATED, ring->name.text,
                    "another process has locked ring '%s' to create it, to remove it, or to open a "
                    "durable consumer; try again later",
                    ring->name.text);
    return result;
}

int consumer_attend(mapring_consumer *consumer, const struct mapring_consumer_options *options)
{
    if (!options->durable)
        return start_new(consumer, options);
    struct ring *ring = &consumer->reader.ring;
    int result = hold_names(ring);
    if (result != MAPRING_OK)
        return result;
    result = attend_durable(consumer, options);
    platform_role_drop(ring->object, ROLE_CREATOR);
    return result;
}

static int remove_cell(struct ring *ring, const char *name)
{
    unsigned i = find_cell(ring, name);
    if (i == CELL_COUNT)
        return fail(MAPRING_ERROR_NOT_THERE, ring->name.text,
                    "ring '%s' has no durable consumer '%s'", ring->name.text, name);
    int result = take_named_cell(ring, i, name);
    if (result != MAPRING_OK)
        return result;
    count_unread(ring, i);
    cell_set_state(&ring->cells->cell[i], CELL_FREE);
    consumer_wake_producer(ring);
    return MAPRING_OK;
}

int mapring_consumer_remove(const char *name, enum mapring_scope scope, const char *consumer)
{
    struct ring ring = {0};
    if (!consumer)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "the name of the consumer to remove is a null pointer");
    struct mapring_hot hot;
    int result = ring_attach(&ring, &hot, name, scope, false, ACCESS_CONSUME);
    if (result != MAPRING_OK)
        return result;
    result = hold_names(&ring); /* otherwise, another consumer could take that cell in the
                                   meantime */
    if (result == MAPRING_OK)
        result = remove_cell(&ring, consumer);
    ring_close(&ring);
    return result;
}
