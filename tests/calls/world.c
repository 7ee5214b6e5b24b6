/* SPDX-License-Identifier: MIT */
/* The ring's contents, and which process makes which call. */
#include "world.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void world_begin(struct world *world, const struct script *script)
{
    *world = (struct world){.when_full = script->when_full,
                            .slot_bytes = script->slot_bytes,
                            .first_position = script->position,
                            .first_sequence = script->sequence,
                            .position = script->position,
                            .sequence = script->sequence,
                            .horizon = script->position};
}

void world_end(struct world *world)
{
    free(world->item);
}

bool complain(struct world *world, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(world->complaint, sizeof world->complaint, format, arguments);
    va_end(arguments);
    return false;
}

bool expect_result(struct world *world, const struct outcome *outcome, int result)
{
    if (outcome->result == result)
        return true;
    return complain(world, "answers %d (%s), not %d (%s) %s", outcome->result,
                    mapring_result_text(outcome->result), result, mapring_result_text(result),
                    outcome->text);
}

/* ---- Places ---- */

uint64_t position_at(const struct world *world, size_t at)
{
    return at < world->items ? world->item[at].position : world->position;
}

uint64_t sequence_at(const struct world *world, size_t at)
{
    return at < world->items ? world->item[at].sequence : world->sequence;
}

/* The first item at or after the position. */
static size_t find_place(const struct world *world, uint64_t position)
{
    size_t low = 0, high = world->items;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (ahead_of(world->item[middle].position, position) >= 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

size_t place_of(const struct world *world, uint64_t position)
{
    size_t at = find_place(world, position);
    return position_at(world, at) == position ? at : SIZE_MAX;
}

size_t oldest_place(const struct world *world)
{
    return find_place(world, world->horizon - CAPACITY);
}

bool is_kept_at(const struct world *world, size_t at)
{
    return ahead_of(position_at(world, at), world->horizon - CAPACITY) >= 0;
}

bool is_same_place(const struct world *world, size_t a, size_t b)
{
    size_t low = a < b ? a : b, high = a < b ? b : a;
    while (low < high && world->item[low].kind == RUN_END)
        low++;
    return low == high;
}

bool has_unread(const struct world *world, size_t at)
{
    while (at < world->items && world->item[at].kind != DATA)
        at++;
    return at < world->items;
}

/* ---- Calls ---- */

static bool is_handled(const struct world *world, const struct call *call)
{
    unsigned process = call->process;
    bool writes = world->writer == OPEN && world->writer_process == process;
    const struct consumer *consumer = world->of[process];
    switch (call->verb) {
    case PRODUCER_OPEN: return !writes;
    case CONSUMER_OPEN: return !consumer && world->consumers < CONSUMERS_MOST;
    case OBSERVER_OPEN: return !world->observer[process].open;
    case LOOK:
    case PEEK:
    case OBSERVER_CLOSE: return world->observer[process].open;
    case READY: return consumer && consumer->handled;
    case PRODUCER_ARM: return writes && !world->reserved;
    case PRODUCER_READY: return writes && world->writer_handle.handled;
    case REMOVE_CONSUMER: return call->argument[0] > 0;
    case IMAGE:
    case KILL: return true;
    default: return call->verb <= WAKE ? writes : consumer != NULL;
    }
}

/* A dead producer makes an armed wait handle ready, for certain if the consumer was not told of the
 * death yet. */
static void note_death(const struct world *world, struct consumer *consumer)
{
    if (consumer->armed && world->writer == DIED && consumer->reader.told_epoch < world->epoch)
        consumer->ready = true;
}

bool world_prepare(struct world *world, struct call *call)
{
    uint64_t *argument = call->argument;
    if (!is_handled(world, call))
        return false;
    if (call->verb == CONSUMER_OPEN || call->verb == SEEK) {
        uint64_t made = world->sequence - world->first_sequence;
        argument[1] = world->sequence - (argument[1] < made ? argument[1] : made);
    }
    if (call->verb == CONSUMER_OPEN && argument[2] == 0)
        argument[3] = 0;
    bool counts = call->verb == SEND || call->verb == BATCH || call->verb == NEXT ||
                  call->verb == READ || call->verb == NEXT_BATCH || call->verb == LOOK;
    if (counts && argument[0] == 0)
        argument[0] = 1;
    if (call->verb == COMMIT)
        argument[1] = world->reserved_bytes;
    if (call->verb == READY)
        note_death(world, world->of[call->process]);
    if (call->verb == READY)
        argument[0] = world->of[call->process]->ready;
    if (call->verb == PRODUCER_READY)
        argument[0] = producer_is_ready(world);
    return true;
}

void world_kill(struct world *world, unsigned process)
{
    if (world->writer == OPEN && world->writer_process == process)
        world->writer = DIED;
    for (unsigned i = 0; i < PROCESSES; i++)
        if (world->of[i] && world->of[i]->armed && world->writer == DIED)
            world->of[i]->perhaps_ready = true;
    if (world->of[process])
        consumer_dies(world, world->of[process]);
    world->of[process] = NULL;
    world->observer[process].open = false;
}

static bool follow(struct world *world, const struct call *call, const struct outcome *outcome,
                   const struct mapring_stat *stat)
{
    if (!outcome->intact)
        return complain(world, outcome->result < 0 ? "the error does not name the ring"
                                                   : "what is handed out is not what was sent");
    if (call->verb <= WAKE)
        return follow_producer(world, call, outcome, stat);
    if (call->verb <= REMOVE_CONSUMER)
        return follow_consumer(world, call, outcome, stat);
    return call->verb == KILL || follow_observer(world, call, outcome);
}

const char *world_follow(struct world *world, const struct call *call,
                         const struct outcome *outcome, const struct mapring_stat *stat)
{
    if (!follow(world, call, outcome, stat) || !check_stat(world, stat))
        return world->complaint;
    watch_room(world);
    return NULL;
}
