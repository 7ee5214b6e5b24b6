/* SPDX-License-Identifier: MIT */
/* Becoming a consumer: take a cell, and a place in the ring that the producer will respect. */
#include <stdlib.h>
#include <string.h>

#include "consumer.h"
#include "error.h"

enum { JOIN_TRIES = 10000 };

static int take_cell(mapring_consumer *consumer)
{
    struct ring *ring = &consumer->ring;
    for (unsigned i = 0; i < CELL_COUNT; i++) {
        int result = platform_role_take(ring->object, ROLE_CONSUMER + i);
        if (result == MAPRING_OK)
            consumer->cell = i;
        if (result != MAPRING_NOTHING)
            return result;
    }
    return fail(MAPRING_ERROR_CONSUMERS_FULL, ring->name.text,
                "ring '%s' has %d consumers already, that is the limit", ring->name.text,
                CELL_COUNT);
}

static void introduce(mapring_consumer *consumer, const char *name)
{
    struct ring_cell *cell = &consumer->ring.cells->cell[consumer->cell];
    exchange32(&cell->state, CELL_FREE); /* what a dead one left */
    fetch_and32(&consumer->ring.cells->wait_set, ~(UINT32_C(1) << consumer->cell));
    memset(cell->name, 0, sizeof cell->name);
    memcpy(cell->name, name, strlen(name));
    store_relaxed(&cell->system, platform_system());
    store_relaxed(&cell->process, platform_process());
    store_relaxed(&cell->started, platform_process_started());
}

/* J: the cell is out before the horizon is read again; the producer does it the other way round,
 * so one of the two sees the other. */
static bool try_join(mapring_consumer *consumer, bool newest)
{
    struct ring *ring = &consumer->ring;
    struct ring_cell *cell = &ring->cells->cell[consumer->cell];
    struct ring_place *place = &consumer->cursor;
    uint64_t horizon = load_acquire(&ring->header->horizon);
    if (newest ? !mark_newest(ring, place) : !mark_oldest(ring, horizon, place))
        return false;
    store_relaxed(&cell->head_sequence, place->sequence);
    exchange64(&cell->head, place->position);
    exchange32(&cell->state, CELL_ACTIVE);
    horizon = load_ordered(&ring->header->horizon);
    return horizon - place->position <= ring->capacity;
}

/* From the mark on, which gates the producer, to the last record that is there now. */
static int skip_to_newest(mapring_consumer *consumer)
{
    struct ring *ring = &consumer->ring;
    if (walk(ring, &consumer->cursor, load_acquire(&ring->header->tail)) != MAPRING_OK)
        return ring_damaged(ring, "its records make no sense behind its newest mark");
    return MAPRING_OK;
}

static int join(mapring_consumer *consumer, enum mapring_from from)
{
    struct ring *ring = &consumer->ring;
    int tries = JOIN_TRIES;
    while (!try_join(consumer, from == MAPRING_NEWEST))
        if (--tries == 0)
            return ring_damaged(ring, "none of its marks is within reach of its horizon");
    consumer->published = consumer->cursor.position;
    int result = from == MAPRING_NEWEST ? skip_to_newest(consumer) : MAPRING_OK;
    consumer->released = consumer->cursor;
    consumer_publish(consumer);
    store_release(&ring->cells->joined, 1);
    consumer_wake_producer(ring);
    return result;
}

static void leave(mapring_consumer *consumer)
{
    struct ring_cells *cells = consumer->ring.cells;
    consumer_publish(consumer);
    exchange32(&cells->cell[consumer->cell].state, CELL_FREE);
    consumer_wake_producer(&consumer->ring);
}

static int check_options(const char *name, const struct mapring_consumer_options *options)
{
    if (options->from != MAPRING_OLDEST && options->from != MAPRING_NEWEST)
        return fail(MAPRING_ERROR_ARGUMENT, name, "options.from is %d, which is none",
                    (int)options->from);
    if (options->name && strlen(options->name) >= CELL_NAME_BYTES)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "the consumer's name '%.80s' has %zu bytes, the limit is %d", options->name,
                    strlen(options->name), CELL_NAME_BYTES - 1);
    return MAPRING_OK;
}

static int consumer_open(mapring_consumer *consumer, const char *name,
                         const struct mapring_consumer_options *options)
{
    int result = ring_attach(&consumer->ring, name, options->scope, ACCESS_CONSUME);
    if (result == MAPRING_OK)
        result = take_cell(consumer);
    if (result == MAPRING_OK)
        result = platform_channel_open(consumer->ring.object, consumer->cell);
    if (result != MAPRING_OK) {
        ring_close(&consumer->ring);
        return result;
    }
    introduce(consumer, options->name ? options->name : "");
    result = join(consumer, options->from);
    if (result != MAPRING_OK) {
        leave(consumer);
        ring_close(&consumer->ring);
    }
    return result;
}

int mapring_consumer_open(mapring_consumer **out, const char *name,
                          const struct mapring_consumer_options *options)
{
    static const struct mapring_consumer_options defaults;
    if (!out)
        return fail(MAPRING_ERROR_ARGUMENT, name, "the place for the consumer is a null pointer");
    *out = NULL;
    if (!options)
        options = &defaults;
    int result = check_options(name, options);
    if (result != MAPRING_OK)
        return result;
    mapring_consumer *consumer = calloc(1, sizeof *consumer);
    if (!consumer)
        return fail(MAPRING_ERROR_NO_MEMORY, name, "no memory for a consumer");
    result = consumer_open(consumer, name, options);
    if (result == MAPRING_OK)
        *out = consumer;
    else
        free(consumer);
    return result;
}

void mapring_consumer_close(mapring_consumer *consumer)
{
    if (!consumer)
        return;
    if (consumer->ring.broken != MAPRING_ERROR_FORKED)
        leave(consumer);
    ring_close(&consumer->ring);
    free(consumer);
}
