/* SPDX-License-Identifier: MIT */
/* A ring without a role in it: created, kept alive, looked at, listed, removed. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "create.h"
#include "error.h"
#include "walk.h"

enum { STAT_TRIES = 1000 };

struct mapring_ring {
    struct ring ring;
};

int mapring_open(mapring_ring **out, const char *name, const struct mapring_options *options)
{
    if (!out)
        return fail(MAPRING_ERROR_ARGUMENT, name, "the place for the ring is a null pointer");
    *out = NULL;
    mapring_ring *handle = calloc(1, sizeof *handle);
    if (!handle)
        return fail(MAPRING_ERROR_NO_MEMORY, name, "no memory for a ring handle");
    int result = ring_open(&handle->ring, name, options, ACCESS_READ);
    if (result == MAPRING_OK)
        *out = handle;
    else
        free(handle);
    return result;
}

void mapring_close(mapring_ring *handle)
{
    if (!handle)
        return;
    ring_close(&handle->ring);
    free(handle);
}

static enum mapring_producer_state producer_state(struct ring *ring)
{
    switch (load_acquire(&ring->header->producer_state)) {
    case WRITER_NEVER: return MAPRING_PRODUCER_NEVER;
    case WRITER_CLOSED: return MAPRING_PRODUCER_HAS_CLOSED;
    default: break;
    }
    if (platform_role_held(ring->object, ROLE_PRODUCER))
        return MAPRING_PRODUCER_IS_OPEN;
    /* It may just have closed. */
    return load_acquire(&ring->header->producer_state) == WRITER_CLOSED
               ? MAPRING_PRODUCER_HAS_CLOSED
               : MAPRING_PRODUCER_HAS_DIED;
}

/* Counts the records behind the newest mark; void when the producer laps meanwhile. */
static int find_end(const struct ring *ring, bool alive, struct ring_place *end)
{
    for (int tries = STAT_TRIES; tries > 0; tries--) {
        if (!mark_newest(ring, end))
            continue;
        uint64_t start = end->position;
        uint64_t stop = alive ? load_acquire(&ring->header->tail) : WALK_TO_END(end);
        int result = walk(ring, end, stop);
        if (load_acquire(&ring->header->horizon) - start <= ring->capacity)
            return result;
    }
    return MAPRING_ERROR_DAMAGED;
}

static void stat_consumer(struct ring *ring, unsigned i, const struct mapring_stat *stat,
                          struct mapring_consumer_stat *consumer)
{
    const struct ring_cell *cell = &ring->cells->cell[i];
    uint64_t sequence = load_acquire(&cell->head_sequence);
    consumer->cell = i;
    memcpy(consumer->name, cell->name, sizeof consumer->name);
    consumer->name[sizeof consumer->name - 1] = '\0';
    consumer->process = load_relaxed(&cell->process);
    consumer->alive = platform_role_held(ring->object, ROLE_CONSUMER + i);
    consumer->head = load_acquire(&cell->head);
    if (ahead(stat->records, sequence) > 0)
        consumer->pending_records = stat->records - sequence;
    if (ahead(stat->tail, consumer->head) > 0)
        consumer->pending_bytes = stat->tail - consumer->head;
}

int mapring_stat(mapring_ring *handle, struct mapring_stat *stat)
{
    if (!handle || !stat)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "the ring or the place for its state is a null pointer");
    struct ring *ring = &handle->ring;
    if (ring->broken)
        return ring_broken(ring);
    struct ring_place end;
    enum mapring_producer_state state = producer_state(ring);
    if (find_end(ring, state == MAPRING_PRODUCER_IS_OPEN, &end) != MAPRING_OK)
        return fail(MAPRING_ERROR_DAMAGED, ring->name.text,
                    "ring '%s' is damaged: its records make no sense behind its newest mark",
                    ring->name.text);
    *stat = (struct mapring_stat){.capacity_bytes = ring->capacity,
                                  .slot_bytes = ring->slot_bytes,
                                  .layout_version = LAYOUT_VERSION,
                                  .record_limit = ring->record_limit,
                                  .tail = end.position,
                                  .horizon = load_acquire(&ring->header->horizon),
                                  .records = end.sequence,
                                  .payload_bytes = end.payload_bytes,
                                  .producer_state = state,
                                  .producer_process = load_relaxed(&ring->header->producer_process)};
    for (unsigned i = 0; i < CELL_COUNT; i++)
        if (load_ordered(&ring->cells->cell[i].state) == CELL_ACTIVE)
            stat_consumer(ring, i, stat, &stat->consumer[stat->consumers++]);
    return MAPRING_OK;
}

static int check_unused(struct ring *ring)
{
    if (platform_role_held(ring->object, ROLE_PRODUCER))
        return fail(MAPRING_ERROR_IN_USE, ring->name.text, "ring '%s' has a live producer",
                    ring->name.text);
    for (unsigned i = 0; i < CELL_COUNT; i++)
        if (platform_role_held(ring->object, ROLE_CONSUMER + i))
            return fail(MAPRING_ERROR_IN_USE, ring->name.text, "ring '%s' has a live consumer",
                        ring->name.text);
    return MAPRING_OK;
}

/* Removes damaged, foreign and half-made rings as well, but nobody's file that is none. */
static int check_removable(struct ring *ring, bool force)
{
    struct ring_identity identity;
    if (ring_peek(ring, &identity) == RING_READY && identity.magic != RING_MAGIC &&
        identity.magic != __builtin_bswap64(RING_MAGIC))
        return fail(MAPRING_ERROR_WRONG_KIND, ring->name.text,
                    "'%s' is not a ring and is not removed", ring->name.text);
    return force ? MAPRING_OK : check_unused(ring);
}

int mapring_remove(const char *name, enum mapring_scope scope, bool force)
{
    struct ring ring = {0};
    int result = ring_name_parse(&ring.name, name, scope);
    if (result == MAPRING_OK)
        result = platform_attach(&ring.object, &ring.name, false);
    if (result == MAPRING_OK)
        result = check_removable(&ring, force);
    if (result == MAPRING_OK)
        result = platform_remove(&ring.name);
    ring_close(&ring);
    return result;
}

int mapring_list(enum mapring_scope scope, bool (*found)(const char *name, void *context),
                 void *context)
{
    if (!found)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "the function to call is a null pointer");
    return platform_list(scope == MAPRING_GLOBAL, found, context);
}

const char *mapring_version(void)
{
    return MAPRING_VERSION;
}
