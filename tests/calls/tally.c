/* SPDX-License-Identifier: MIT */
/* What mapring_stat() must report after each call. */
#include "world.h"

#include <inttypes.h>
#include <string.h>

static bool check_count(struct world *world, const char *what, uint64_t is, uint64_t should)
{
    return is == should ||
           complain(world, "mapring_stat() has %s %" PRIu64 ", not %" PRIu64, what, is, should);
}

static bool check_ring(struct world *world, const struct mapring_stat *stat)
{
    static const enum mapring_producer_state states[] = {
        MAPRING_PRODUCER_NEVER, MAPRING_PRODUCER_IS_OPEN, MAPRING_PRODUCER_HAS_CLOSED,
        MAPRING_PRODUCER_HAS_DIED};
    return check_count(world, "tail", stat->tail, world->position) &&
           check_count(world, "sequence", stat->sequence, world->sequence) &&
           check_count(world, "records", stat->records, world->sequence - world->told) &&
           check_count(world, "payload_bytes", stat->payload_bytes, world->payload_bytes) &&
           check_count(world, "dropped_records", stat->dropped_records, world->dropped) &&
           check_count(world, "dropped_payload_bytes", stat->dropped_payload_bytes,
                       world->dropped_bytes) &&
           check_count(world, "producer_state", stat->producer_state, states[world->writer]) &&
           check_count(world, "balanced", stat->balanced, true);
}

static const char *name_of(unsigned name)
{
    static const char *const names[] = {"", "first", "second", "third"};
    return names[name];
}

/* The state that was published last is between what must be known and what was released. */
static bool check_ledger(struct world *world, const struct consumer *consumer,
                         const struct mapring_consumer_stat *is)
{
    const struct tally *released = &consumer->released;
    size_t at = place_of(world, is->head);
    if (at == SIZE_MAX || at < consumer->known || at > released->at)
        return complain(world,
                        "mapring_stat() has a consumer at position %" PRIu64
                        ", not between %" PRIu64 " and %" PRIu64,
                        is->head, position_at(world, consumer->known),
                        position_at(world, released->at));
    if (!check_count(world, "first_sequence", is->first_sequence, consumer->first_sequence))
        return false;
    if (!check_count(world, "a balance of", is->sequence - is->first_sequence,
                     is->read_records + is->lost_records))
        return false;
    if (is->sequence != released->sequence)
        return ahead_of(released->sequence, is->sequence) > 0 ||
               check_count(world, "a consumer at record", is->sequence, released->sequence);
    return check_count(world, "read_records", is->read_records, released->read) &&
           check_count(world, "read_payload_bytes", is->read_payload_bytes, released->bytes) &&
           check_count(world, "lost_records", is->lost_records, released->lost);
}

static bool check_state(struct world *world, struct consumer *consumer,
                        const struct mapring_consumer_stat *is)
{
    bool may_lapse = consumer->is == LAPSED || !is_waited_for(world, consumer);
    switch (is->state) {
    case MAPRING_CONSUMER_ATTACHED: return check_count(world, "alive", consumer->is, ATTACHED);
    case MAPRING_CONSUMER_AWAY:
        return consumer->is != ATTACHED || complain(world, "'%s' is not away", is->name);
    default:
        return (may_lapse && consumer->is != ATTACHED) ||
               complain(world, "mapring_stat() has '%s' lapsed", is->name);
    }
}

static bool check_consumer(struct world *world, struct consumer *consumer,
                           const struct mapring_consumer_stat *is)
{
    return check_count(world, "durable", is->durable, consumer->name != 0) &&
           check_count(world, "alive", is->alive, consumer->is == ATTACHED) &&
           check_count(world, "max_lag_bytes", is->max_lag_bytes, consumer->max_lag) &&
           check_state(world, consumer, is) && check_ledger(world, consumer, is);
}

static bool is_it(const struct consumer *consumer, const struct mapring_consumer_stat *is)
{
    if (consumer->is == GONE || consumer->is == BURIED ||
        strcmp(name_of(consumer->name), is->name) != 0)
        return false;
    return consumer->name || consumer->process == is->process;
}

static bool is_there(const struct consumer *consumer)
{
    return consumer->is == ATTACHED || consumer->is == AWAY || consumer->is == LAPSED;
}

static bool check_consumers(struct world *world, const struct mapring_stat *stat)
{
    bool seen[MAPRING_CONSUMER_LIMIT] = {0};
    for (size_t i = 0; i < world->consumers; i++) {
        struct consumer *consumer = &world->consumer[i];
        unsigned at = 0;
        while (at < stat->consumers && (seen[at] || !is_it(consumer, &stat->consumer[at])))
            at++;
        if (at < stat->consumers)
            seen[at] = true;
        if (at < stat->consumers && !check_consumer(world, consumer, &stat->consumer[at]))
            return false;
        if (at == stat->consumers && is_there(consumer))
            return complain(world, "mapring_stat() lacks a consumer");
        if (at == stat->consumers && consumer->is == DEAD)
            bury(world, consumer);
    }
    for (unsigned i = 0; i < stat->consumers; i++)
        if (!seen[i])
            return complain(world, "mapring_stat() has one consumer too many, in cell %u",
                            stat->consumer[i].cell);
    return true;
}

bool check_stat(struct world *world, const struct mapring_stat *stat)
{
    return check_ring(world, stat) && check_horizon(world, stat->horizon) &&
           check_consumers(world, stat);
}
