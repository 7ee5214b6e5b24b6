/* SPDX-License-Identifier: MIT */
/* The model of what readers get, and of where observers and images are. */
#include "world.h"

#include <inttypes.h>

/* The end of the last run, if nobody continues it and this reader was not told of it. */
static struct handed at_end(const struct world *world, struct reader *reader)
{
    struct handed handed = {.result = MAPRING_NOTHING};
    if (reader->told_epoch >= world->epoch)
        return handed;
    if (world->writer == CLOSED)
        handed.result = MAPRING_PRODUCER_CLOSED;
    if (world->writer == DIED) {
        handed.result = MAPRING_PRODUCER_DIED;
        handed.or_nothing = true;
        handed.told_epoch = reader->told_epoch;
    }
    if (handed.result != MAPRING_NOTHING)
        reader->told_epoch = world->epoch;
    return handed;
}

static struct handed lapse(const struct world *world, struct reader *reader)
{
    uint64_t sequence = sequence_at(world, reader->at);
    struct handed handed = {.result = MAPRING_LOST,
                            .sequence = reader->sequence,
                            .lost_records = sequence - reader->sequence};
    reader->sequence = sequence;
    reader->lapsed = false;
    return handed;
}

/* Records of the gap that are before the reader's time do not count as its losses. */
static struct handed gap(struct reader *reader, const struct item *item)
{
    uint64_t next = item->sequence + item->records;
    struct handed handed = {.result = MAPRING_LOST,
                            .sequence = reader->sequence,
                            .lost_records = next - reader->sequence,
                            .lost_bytes = item->bytes - reader->spared_bytes,
                            .bytes_unknown = reader->sequence != item->sequence};
    reader->sequence = next;
    reader->spared_bytes = 0;
    reader->at++;
    return handed;
}

static struct handed run_end(struct reader *reader, const struct item *item)
{
    reader->told_epoch = item->epoch;
    reader->at++;
    return (struct handed){.result = item->died ? MAPRING_PRODUCER_DIED : MAPRING_PRODUCER_CLOSED};
}

struct handed reader_next(const struct world *world, struct reader *reader)
{
    if (reader->lapsed)
        return lapse(world, reader);
    for (; reader->at < world->items; reader->at++) {
        const struct item *item = &world->item[reader->at];
        if (item->kind == DATA) {
            reader->at++;
            return (struct handed){.sequence = reader->sequence++, .bytes = item->bytes};
        }
        if (item->kind == GAP && ahead_of(item->sequence + item->records, reader->sequence) > 0)
            return gap(reader, item);
        if (item->kind == RUN_END && item->epoch > reader->told_epoch)
            return run_end(reader, item);
        if (item->kind == GAP)
            reader->spared_bytes = 0;
    }
    return at_end(world, reader);
}

static bool check_last(struct world *world, const struct outcome *outcome,
                       const struct handed *last, uint64_t limit_ms)
{
    int nothing = limit_ms ? MAPRING_TIMED_OUT : MAPRING_NOTHING;
    int result = last->result == MAPRING_NOTHING ? nothing : last->result;
    bool waited = outcome->result == MAPRING_TIMED_OUT;
    if (waited && outcome->took_ns < (int64_t)limit_ms * 1000000)
        return complain(world, "returns after %" PRId64 " ns", outcome->took_ns);
    if (last->or_nothing && outcome->result == MAPRING_NOTHING)
        return true;
    if (!expect_result(world, outcome, result))
        return false;
    if (result != MAPRING_LOST)
        return true;
    if (outcome->last != last->sequence || outcome->lost_records != last->lost_records)
        return complain(world, "%" PRIu64 " lost from %" PRIu64 ", not %" PRIu64 " from %" PRIu64,
                        outcome->lost_records, outcome->last, last->lost_records, last->sequence);
    if (outcome->lost_bytes != last->lost_bytes && !(last->bytes_unknown && !outcome->lost_bytes))
        return complain(world, "%" PRIu64 " lost bytes, not %" PRIu64, outcome->lost_bytes,
                        last->lost_bytes);
    return true;
}

bool check_reading(struct world *world, const struct outcome *outcome, const struct handed *last,
                   uint64_t count, uint64_t first, uint64_t hash, uint64_t limit_ms)
{
    if (outcome->count != count)
        return complain(world, "hands out %" PRIu64 " records, not %" PRIu64 ", then %s %s",
                        outcome->count, count, mapring_result_text(outcome->result), outcome->text);
    if (count > 0 && outcome->sequence != first)
        return complain(world, "begins at record %" PRIu64 ", not %" PRIu64, outcome->sequence,
                        first);
    if (count > 0 && outcome->hash != hash)
        return complain(world, "hands out other records than those sent");
    return check_last(world, outcome, last, limit_ms);
}

/* ---- Observers ---- */

static void begin_at(const struct world *world, struct reader *reader, size_t at, bool waits)
{
    *reader = (struct reader){.open = true,
                              .at = at,
                              .sequence = sequence_at(world, at),
                              .told_epoch = told_epoch_of(world, waits)};
    if (at < world->items)
        return;
    reader->sequence += world->dropped - world->told;
    reader->spared_bytes = world->dropped_bytes - world->told_bytes;
}

static bool open_observer(struct world *world, const struct call *call,
                          const struct outcome *outcome)
{
    bool newest = call->argument[0] == MAPRING_NEWEST;
    world->after_lap[call->process] = (enum mapring_from)call->argument[1];
    begin_at(world, &world->observer[call->process], newest ? world->items : oldest_place(world),
             call->argument[2] != 0);
    return expect_result(world, outcome, MAPRING_OK);
}

static bool is_lapped(const struct world *world, const struct reader *reader)
{
    return !is_kept_at(world, reader->at);
}

/* It continues at the newest record, or at the oldest one or some distance after it, since it would
 * soon be lapped again at the oldest. */
static bool follow_lap(struct world *world, struct reader *reader, enum mapring_from after_lap,
                       const struct outcome *outcome)
{
    if (!expect_result(world, outcome, MAPRING_LOST))
        return false;
    uint64_t next = outcome->last + outcome->lost_records;
    size_t at = after_lap == MAPRING_NEWEST ? world->items : oldest_place(world);
    while (at < world->items && sequence_at(world, at) != next)
        at++;
    if (outcome->count || outcome->last != reader->sequence || outcome->lost_records == 0 ||
        (at == world->items && world->sequence + world->dropped - world->told != next &&
         world->sequence != next))
        return complain(world,
                        "it was lapped at record %" PRIu64 "; %" PRIu64 " lost from %" PRIu64
                        " leads to no place, the oldest is %" PRIu64 ", the end %" PRIu64,
                        reader->sequence, outcome->lost_records, outcome->last,
                        sequence_at(world, oldest_place(world)), world->sequence);
    uint64_t skipped = position_at(world, at) - position_at(world, oldest_place(world));
    if (after_lap != MAPRING_NEWEST && at < world->items &&
        skipped > CAPACITY / 4 + CAPACITY / 8 + world->largest)
        return complain(world, "continues %" PRIu64 " bytes after the oldest record", skipped);
    reader->at = at;
    reader->sequence = next;
    reader->spared_bytes = at == world->items && next != world->sequence
                               ? world->dropped_bytes - world->told_bytes
                               : 0;
    return true;
}

static bool follow_look(struct world *world, const struct call *call, const struct outcome *outcome)
{
    struct reader *reader = &world->observer[call->process];
    uint64_t most = call->verb == PEEK ? 1 : call->argument[0];
    uint64_t limit_ms = call->verb == PEEK ? 0 : call->argument[1];
    size_t oldest = oldest_place(world);
    if (is_lapped(world, reader) && sequence_at(world, oldest) == reader->sequence &&
        outcome->lost_records == 0)
        reader->at = oldest; /* only notes were overwritten there */
    if (is_lapped(world, reader))
        return follow_lap(world, reader, world->after_lap[call->process], outcome);
    uint64_t count = 0, first = reader->sequence, hash = 0;
    struct handed handed = {.result = MAPRING_OK};
    while (count < most) {
        struct reader before = *reader;
        handed = reader_next(world, reader);
        if (handed.result != MAPRING_OK) {
            if (handed.or_nothing && outcome->result == MAPRING_NOTHING)
                reader->told_epoch = before.told_epoch;
            break;
        }
        hash = hash_record(hash, handed.sequence, handed.bytes);
        count++;
    }
    if (call->verb == PEEK && handed.result == MAPRING_OK && !outcome->ready)
        return complain(world, "the record that it shows is not valid");
    return check_reading(world, outcome, &handed, count, first, hash, limit_ms);
}

/* ---- Images ---- */

static bool follow_image(struct world *world, const struct outcome *outcome)
{
    struct reader reader;
    struct handed handed;
    begin_at(world, &reader, oldest_place(world), true);
    reader.told_epoch = world->epoch;
    reader.sequence = sequence_at(world, reader.at);
    uint64_t count = 0, first = 0, hash = 0, lost = 0, lost_bytes = 0;
    while ((handed = reader_next(world, &reader)).result != MAPRING_NOTHING) {
        lost += handed.lost_records;
        lost_bytes += handed.lost_bytes;
        if (handed.result != MAPRING_OK)
            continue;
        if (count++ == 0)
            first = handed.sequence;
        hash = hash_record(hash, handed.sequence, handed.bytes);
    }
    if (outcome->lost_records != lost || outcome->lost_bytes != lost_bytes)
        return complain(world,
                        "%" PRIu64 " records of %" PRIu64 " bytes lost in all, not %" PRIu64
                        " of %" PRIu64,
                        outcome->lost_records, outcome->lost_bytes, lost, lost_bytes);
    return check_reading(world, outcome, &handed, count, first, hash, 0);
}

bool follow_observer(struct world *world, const struct call *call, const struct outcome *outcome)
{
    switch (call->verb) {
    case OBSERVER_OPEN: return open_observer(world, call, outcome);
    case IMAGE: return follow_image(world, outcome);
    case OBSERVER_CLOSE: world->observer[call->process].open = false; return true;
    default: return follow_look(world, call, outcome);
    }
}
