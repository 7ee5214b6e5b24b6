/* SPDX-License-Identifier: MIT */
/* Becoming a ring's producer, the first or a later one, and ceasing to be it. */
#include <inttypes.h>
#include <stdlib.h>

#include "error.h"
#include "event/notifier.h"
#include "layout.h"
#include "platform.h"
#include "producer/blame.h"
#include "producer/define.h"
#include "producer/drop.h"
#include "producer/note.h"
#include "producer/producer.h"
#include "producer/repeat.h"
#include "producer/room.h"
#include "producer/send.h"
#include "producer/stamp.h"
#include "producer/sync.h"
#include "producer/wake.h"
#include "ring/drop_total.h"
#include "ring/open.h"
#include "ring/options.h"
#include "ring/patience.h"
#include "ring/ring.h"
#include "ring/trust.h"
#include "ring/walk.h"

static int take_role(mapring_producer *producer)
{
    struct ring *ring = &producer->ring;
    int result = platform_role_take(ring->object, ROLE_PRODUCER);
    if (result == MAPRING_NOTHING)
        return fail(MAPRING_ERROR_PRODUCER_TAKEN, ring->name.text,
                    "ring '%s' already has a producer, process %" PRIu64, ring->name.text,
                    load_relaxed(&ring->header->producer_process));
    return result;
}

static void bury(const struct ring *ring, uint32_t run)
{
    if (run_state(run) == WRITER_OPEN)
        (void)compare_exchange32(&ring->header->producer_run, run,
                                 run_word(run_epoch(run), WRITER_DIED));
}

/* Nobody must take the new holder of the role for a producer that died. So that producer is
 * recorded as dead before the role is taken, and, if it died just then, once the role is held. */
static int become_producer(mapring_producer *producer)
{
    struct ring *ring = &producer->ring;
    uint32_t run = producer_run(ring);
    if (!platform_role_held(ring->object, ROLE_PRODUCER))
        bury(ring, run);
    int result = take_role(producer);
    if (result == MAPRING_OK)
        bury(ring, producer_run(ring));
    return result;
}

static int refuse_other_records(const struct ring *ring, const struct mapring_options *options)
{
    if (!ring_repeats(ring) || (options && options_origin(options)))
        return MAPRING_OK;
    return fail(MAPRING_ERROR_POLICY, ring->name.text,
                "ring '%s' repeats ring '%s', so it takes no other records; send them to another "
                "ring",
                ring->name.text, ring->origin.text);
}

static int open_with_role(mapring_producer *producer, const char *name,
                          const struct mapring_options *options)
{
    struct ring *ring = &producer->ring;
    int result;
    for (unsigned refusals = 0; (result = ring_open(ring, &producer->hot.ring, name, options,
                                                    ACCESS_PRODUCE)) == MAPRING_OK;) {
        result = trust_check_owner(ring, options);
        if (result == MAPRING_OK)
            result = refuse_other_records(ring, options);
        if (result == MAPRING_OK)
            result = become_producer(producer);
        if (!ring_is_to_reopen(ring, result, &refusals))
            break;
        ring_close(ring);
    }
    return result;
}

/* The shared tail may lag behind, and only the marks give the sequence number. */
static int find_tail(mapring_producer *producer, struct ring_place *tail)
{
    struct ring *ring = &producer->ring;
    if (!mark_newest(ring, tail))
        return ring_damaged(ring, "its newest mark makes no sense");
    producer->marks = load_relaxed(&ring->header->marks_made);
    producer->newest = *tail;
    producer->kept = NO_POSITION;
    if (walk(ring, tail, WALK_TO_END(tail)) != MAPRING_OK)
        return ring_damaged(ring, "no record fits at position %" PRIu64 ", behind record %" PRIu64,
                            tail->position, tail->sequence);
    producer->horizon = load_acquire(&ring->header->horizon);
    if (producer->horizon - tail->position > ring_capacity(ring))
        return ring_damaged(ring, "its horizon %" PRIu64 " is out of reach of its tail %" PRIu64,
                            producer->horizon, tail->position);
    return MAPRING_OK;
}

/* No run end is written for a run in which nothing was sent, so that producers that come and go do
 * not fill the ring. In a ring that repeats another one, runs are those of that one. */
static void find_run_before(mapring_producer *producer, const struct ring_place *tail)
{
    bool is_empty = tail->position == producer->ring.first_position;
    bool is_none = tail->behind_run_end || is_empty || ring_repeats(&producer->ring);
    producer->run_before = is_none ? 0 : producer_run(&producer->ring);
}

static int go_to_tail(mapring_producer *producer)
{
    struct ring_place tail;
    struct mapring_producer_hot *hot = &producer->hot;
    int result = find_tail(producer, &tail);
    if (result != MAPRING_OK)
        return result;
    hot->position = producer->limit = tail.position;
    hot->limit = tail.position - note_spare(&producer->ring);
    hot->fetched = tail.position + FETCHES_NEVER;
    hot->sequence = producer->step_sequence = tail.sequence;
    hot->payload_bytes = producer->step_bytes = tail.payload_bytes;
    hot->tail = (uint64_t *)(void *)&producer->ring.header->tail;
    producer->woke_position = tail.position - ring_capacity(&producer->ring);
    hot->wait_set = (uint32_t *)(void *)&producer->ring.cells->wait_set;
    producer->told = tail.dropped;
    producer->dropped = ring_repeats(&producer->ring) ? tail.dropped : drop_total(&producer->ring);
    find_run_before(producer, &tail);
    repeat_begin(producer, &tail);
    stamp_begin(producer, &tail);
    return MAPRING_OK;
}

/* Writes the end of the previous run first: if this process dies in between, that end is in the
 * ring once, and is not written again. */
static void announce(mapring_producer *producer)
{
    struct ring_header *header = producer->ring.header;
    uint32_t epoch = run_epoch(producer_run(&producer->ring)) + 1;
    bool registered = platform_membarrier_register();
    producer_choose_way(producer);
    store_relaxed(&header->producer_waits, 0);
    blame_begin(&producer->blame, &producer->ring);
    store_relaxed(&header->producer_system, platform_system());
    store_relaxed(&header->producer_process, platform_process());
    store_relaxed(&header->producer_started, platform_process_started());
    store_release(&header->tail, producer->hot.position);
    /* W: set before the first record; otherwise, a consumer could sleep relying on the previous
     * producer's flags. */
    exchange32(&header->producer_flags, registered ? WRITER_MEMBARRIER : 0);
    if (!ring_repeats(&producer->ring))
        store_release(&header->run_sequence,
                      producer->hot.sequence + drop_untold(producer).records);
    producer_tell_run_end(producer);
    exchange32(&header->producer_run, run_word(epoch, WRITER_OPEN)); /* W */
    producer_wake(producer, true);
}

int mapring_producer_open(mapring_producer **out, const char *name,
                          const struct mapring_options *options)
{
    if (!out)
        return fail(MAPRING_ERROR_ARGUMENT, name,
                    "the argument that receives the producer is a null pointer");
    *out = NULL;
    mapring_producer *producer = calloc(1, sizeof *producer);
    if (!producer)
        return fail_memory(name, "a producer");
    int result = open_with_role(producer, name, options);
    if (result == MAPRING_OK)
        result = go_to_tail(producer);
    if (result == MAPRING_OK)
        result = platform_channel_open(producer->ring.object, CHANNEL_ROOM);
    if (result == MAPRING_OK && options)
        result = sync_start(producer, options);
    if (result == MAPRING_OK)
        result = ring_settle(&producer->ring, options, ACCESS_PRODUCE);
    if (result != MAPRING_OK) {
        if (producer->syncer)
            sync_finish(producer);
        ring_close(&producer->ring);
        free(producer);
        return result;
    }
    producer_reap_dead(producer);
    producer->departed = load_relaxed(&producer->ring.cells->left_unread);
    announce(producer);
    *out = producer;
    return MAPRING_OK;
}

void mapring_producer_close(mapring_producer *producer)
{
    if (!producer)
        return;
    struct ring *ring = &producer->ring;
    bool forked = producer->hot.ring.broken == MAPRING_ERROR_FORKED;
    notifier_stop(producer->notifier, forked);
    if (!forked) {
        producer_tell_notes(producer);
        if (!ring_is_removed(ring))                 /* its readers are told that it was removed */
            exchange32(&ring->header->producer_run, /* E, W */
                       run_word(run_epoch(producer_run(ring)), WRITER_CLOSED));
        producer_wake(producer, true);
    }
    sync_finish(producer);
    definitions_free(producer->definitions);
    ring_close(ring);
    free(producer);
}
