/* SPDX-License-Identifier: MIT */
/* The model of the producer: what has room, what is dropped, and what a drain answers. */
#include "world.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct item *append(struct world *world, enum item_kind kind, uint64_t bytes)
{
    if (world->items == world->space) {
        world->space = 2 * world->space + 1024;
        world->item = realloc(world->item, world->space * sizeof *world->item);
    }
    struct item *item = &world->item[world->items++];
    uint64_t payload = kind == GAP ? GAP_BYTES : kind == RUN_END ? RUN_END_BYTES : bytes;
    *item = (struct item){
        .kind = kind, .position = world->position, .sequence = world->sequence, .bytes = bytes};
    world->position += span_of(world, payload);
    if (span_of(world, payload) > world->largest)
        world->largest = span_of(world, payload);
    return item;
}

static uint64_t untold(const struct world *world)
{
    return world->dropped - world->told;
}

static void append_gap(struct world *world)
{
    struct item *gap = append(world, GAP, world->dropped_bytes - world->told_bytes);
    gap->records = untold(world);
    world->sequence += gap->records;
    world->told = world->dropped;
    world->told_bytes = world->dropped_bytes;
}

static void append_run_end(struct world *world)
{
    struct item *note = append(world, RUN_END, 0);
    note->epoch = world->epoch - 1;
    note->died = world->note_died;
    world->note_due = false;
}

static void append_notes(struct world *world)
{
    if (world->note_due)
        append_run_end(world);
    if (untold(world))
        append_gap(world);
}

static void append_data(struct world *world, uint64_t bytes)
{
    append_notes(world);
    append(world, DATA, bytes);
    world->sequence++;
    world->payload_bytes += bytes;
    for (unsigned i = 0; i < PROCESSES; i++)
        if (world->of[i] && world->of[i]->armed)
            world->of[i]->ready = true;
}

/* ---- Room ---- */

/* How far the consumers let the producer write, at least and at most. */
struct room {
    bool limited;
    uint64_t least, most;
};

static struct room room_of(const struct world *world)
{
    uint64_t first = world->first_position + CAPACITY;
    if (world->when_full == MAPRING_OVERWRITE)
        return (struct room){0};
    if (!world->joined)
        return (struct room){true, first, first};
    struct room room = {0};
    for (size_t i = 0; i < world->consumers; i++) {
        const struct consumer *consumer = &world->consumer[i];
        if (!is_waited_for(world, consumer))
            continue;
        uint64_t least = position_at(world, consumer->known) + CAPACITY;
        uint64_t most = position_at(world, consumer->released.at) + CAPACITY;
        if (!room.limited || ahead_of(room.least, least) > 0)
            room.least = least;
        if (!room.limited || ahead_of(room.most, most) > 0)
            room.most = most;
        room.limited = true;
    }
    return room;
}

static uint64_t notes_span(const struct world *world)
{
    return (untold(world) ? span_of(world, GAP_BYTES) : 0) +
           (world->note_due ? span_of(world, RUN_END_BYTES) : 0);
}

/* A ring that drops reserves room for reporting it. */
static uint64_t spare_span(const struct world *world)
{
    return world->when_full == MAPRING_DROP
               ? span_of(world, GAP_BYTES) + span_of(world, RUN_END_BYTES)
               : 0;
}

static bool may_have_room(const struct world *world, uint64_t span)
{
    struct room room = room_of(world);
    uint64_t end = world->position + notes_span(world) + span + world->slot_bytes;
    return !room.limited || ahead_of(end, room.most) <= 0;
}

static bool must_have_room(const struct world *world, uint64_t span)
{
    struct room room = room_of(world);
    uint64_t end =
        world->position + notes_span(world) + spare_span(world) + span + world->slot_bytes;
    return !room.limited || ahead_of(end, room.least) <= 0;
}

/* The horizon must not pass what somebody still needs, nor give up much that could be kept. */
bool check_horizon(struct world *world, uint64_t horizon)
{
    struct room room = room_of(world);
    if (ahead_of(horizon, world->horizon) < 0)
        return complain(world, "the horizon goes back from %" PRIu64 " to %" PRIu64, world->horizon,
                        horizon);
    if (horizon != world->horizon && room.limited && ahead_of(horizon, room.most) > 0)
        return complain(world, "the horizon is %" PRIu64 ", the slowest consumer allows %" PRIu64,
                        horizon, room.most);
    uint64_t beyond = 2 * world->largest + CAPACITY / 8;
    bool gives_up = ahead_of(horizon - CAPACITY, world->first_position) > 0;
    if (horizon != world->horizon && gives_up && ahead_of(horizon, world->position + beyond) > 0)
        return complain(world, "the horizon %" PRIu64 " is far beyond the end %" PRIu64, horizon,
                        world->position);
    world->horizon = horizon;
    return true;
}

/* ---- Calls ---- */

/* Tracks the largest span, which bounds how far the horizon may be beyond the end. */
static void note_span(struct world *world, uint64_t span)
{
    if (span > world->largest)
        world->largest = span;
}

static void note_lapses(struct world *world)
{
    for (size_t i = 0; i < world->consumers; i++)
        if (world->consumer[i].is == AWAY && !is_waited_for(world, &world->consumer[i])) {
            world->consumer[i].is = LAPSED; /* it has lapsed, or will soon */
            world->left_perhaps = true;
        }
}

static bool check_no_room(struct world *world, const struct outcome *outcome, uint64_t span,
                          uint64_t limit_ms)
{
    note_span(world, span);
    bool drops = world->when_full == MAPRING_DROP;
    int result = drops ? MAPRING_DROPPED : limit_ms ? MAPRING_TIMED_OUT : MAPRING_NO_ROOM;
    if (!expect_result(world, outcome, result))
        return false;
    if (must_have_room(world, span))
        return complain(world, "there is room, but it answers %s",
                        mapring_result_text(outcome->result));
    if (result == MAPRING_TIMED_OUT && outcome->took_ns < (int64_t)limit_ms * 1000000)
        return complain(world, "returns after %" PRId64 " ns", outcome->took_ns);
    return true;
}

static void drop(struct world *world, uint64_t records, uint64_t bytes)
{
    world->dropped += records;
    world->dropped_bytes += bytes;
}

static bool follow_send(struct world *world, const struct call *call, const struct outcome *outcome)
{
    uint64_t bytes = call->argument[1], span = span_of(world, bytes);
    if (world->reserved || bytes > CAPACITY / 2 - 8)
        return expect_result(world, outcome,
                             world->reserved ? MAPRING_ERROR_HELD : MAPRING_ERROR_RECORD_TOO_LARGE);
    for (uint64_t i = 0; i < outcome->count; i++) {
        if (!may_have_room(world, span))
            return complain(world, "there is no room for record %" PRIu64 " of %" PRIu64, i + 1,
                            outcome->count);
        append_data(world, bytes);
        note_lapses(world);
    }
    if (outcome->count == call->argument[0])
        return expect_result(world, outcome, MAPRING_OK);
    if (!check_no_room(world, outcome, span, call->argument[2]))
        return false;
    if (outcome->result == MAPRING_DROPPED)
        drop(world, 1, bytes);
    return true;
}

static bool follow_batch(struct world *world, const struct call *call,
                         const struct outcome *outcome)
{
    uint64_t count = call->argument[0], bytes = call->argument[1];
    uint64_t span = count * span_of(world, bytes);
    if (world->reserved)
        return expect_result(world, outcome, MAPRING_ERROR_HELD);
    if (bytes > CAPACITY / 2 - 8 || span > CAPACITY / 2)
        return expect_result(world, outcome, MAPRING_ERROR_RECORD_TOO_LARGE);
    if (outcome->result != MAPRING_OK) {
        if (!check_no_room(world, outcome, span, 0))
            return false;
        if (outcome->result == MAPRING_DROPPED)
            drop(world, count, count * bytes);
        return true;
    }
    if (!may_have_room(world, span))
        return complain(world, "there is no room for the batch");
    for (uint64_t i = 0; i < count; i++)
        append_data(world, bytes);
    note_span(world, span);
    note_lapses(world);
    return true;
}

static bool follow_reserve(struct world *world, const struct call *call,
                           const struct outcome *outcome)
{
    uint64_t bytes = call->argument[0], span = span_of(world, bytes);
    if (world->reserved || bytes > CAPACITY / 2 - 8)
        return expect_result(world, outcome,
                             world->reserved ? MAPRING_ERROR_HELD : MAPRING_ERROR_RECORD_TOO_LARGE);
    if (outcome->result != MAPRING_OK) {
        if (!check_no_room(world, outcome, span, call->argument[1]))
            return false;
        if (outcome->result == MAPRING_DROPPED)
            drop(world, 1, bytes);
        return true;
    }
    if (!may_have_room(world, span))
        return complain(world, "there is no room");
    world->reserved = true;
    world->reserved_bytes = bytes;
    note_span(world, span);
    note_lapses(world);
    return true;
}

static bool follow_commit(struct world *world, const struct call *call,
                          const struct outcome *outcome)
{
    if (!world->reserved)
        return expect_result(world, outcome, MAPRING_ERROR_NOTHING_HELD);
    if (call->argument[0] > world->reserved_bytes)
        return expect_result(world, outcome, MAPRING_ERROR_ARGUMENT);
    world->reserved = false;
    append_data(world, call->argument[0]);
    return expect_result(world, outcome, MAPRING_OK);
}

static bool follow_abort(struct world *world, const struct outcome *outcome)
{
    bool reserved = world->reserved;
    world->reserved = false;
    return expect_result(world, outcome, reserved ? MAPRING_OK : MAPRING_ERROR_NOTHING_HELD);
}

/* Finds out whether the end of the previous run, or a gap record, was written without a record
 * behind it. A producer that opens the ring may write the run's end alone, and once more if it
 * cannot see that one is there already. */
static void note_early_notes(struct world *world, const struct mapring_stat *stat, bool opens)
{
    uint64_t note = span_of(world, RUN_END_BYTES), gap = span_of(world, GAP_BYTES);
    uint64_t more = stat->tail - world->position;
    bool noted = world->items && world->item[world->items - 1].kind == RUN_END;
    if (opens ? more == note && (world->note_due || noted) : world->note_due && more >= note)
        append_run_end(world);
    if (!opens && untold(world) && stat->tail - world->position == gap)
        append_gap(world);
}

static bool follow_open(struct world *world, const struct call *call, const struct outcome *outcome,
                        const struct mapring_stat *stat)
{
    if (world->writer == OPEN)
        return expect_result(world, outcome, MAPRING_ERROR_PRODUCER_TAKEN);
    if (!expect_result(world, outcome, MAPRING_OK))
        return false;
    if (world->writer != NOBODY && world->items && world->item[world->items - 1].kind != RUN_END) {
        world->note_due = true;
    }
    world->note_died = world->writer == DIED;
    world->epoch++;
    world->writer = OPEN;
    world->writer_process = call->process;
    world->reserved = false;
    world->writer_handle = (struct writer_handle){0};
    for (size_t i = 0; i < world->consumers; i++) /* consumers that were gone before do not count */
        if (world->consumer[i].is == DEAD)
            bury(world, &world->consumer[i]);
    world->left_surely = world->left_perhaps = false;
    world->run_sequence = world->sequence + untold(world);
    world->run_spared_bytes = world->dropped_bytes - world->told_bytes;
    bool must = world->note_due && must_have_room(world, 0);
    note_early_notes(world, stat, true);
    for (unsigned i = 0; i < PROCESSES; i++)
        if (world->of[i] && world->of[i]->armed)
            world->of[i]->ready = true;
    return !must || !world->note_due || complain(world, "the end of the run is not written");
}

static bool follow_close(struct world *world, const struct mapring_stat *stat)
{
    bool must = untold(world) && !world->note_due;
    note_early_notes(world, stat, false);
    world->writer = CLOSED;
    world->reserved = false;
    for (unsigned i = 0; i < PROCESSES; i++)
        if (world->of[i] && world->of[i]->armed)
            world->of[i]->ready = true;
    return !must || !untold(world) || complain(world, "the last drops are not reported");
}

/* ---- Its wait handle ---- */

bool producer_is_ready(const struct world *world)
{
    const struct writer_handle *handle = &world->writer_handle;
    return handle->armed && must_have_room(world, handle->most);
}

/* Dead consumers, and those that may lapse, gate the producer until it looks. */
static bool may_free_room(const struct world *world)
{
    for (size_t i = 0; i < world->consumers; i++) {
        enum consumer_is is = world->consumer[i].is;
        if (is == DEAD || is == LAPSED ||
            (is == AWAY && !is_waited_for(world, &world->consumer[i])))
            return true;
    }
    return false;
}

void watch_room(struct world *world)
{
    struct writer_handle *handle = &world->writer_handle;
    if (world->writer == OPEN && handle->armed &&
        (may_have_room(world, handle->least) || may_free_room(world)))
        handle->perhaps_ready = true;
}

static bool follow_arm(struct world *world, const struct call *call, const struct outcome *outcome)
{
    struct writer_handle *handle = &world->writer_handle;
    uint64_t span = span_of(world, call->argument[0]);
    handle->handled = true;
    if (call->argument[0] > CAPACITY / 2 - 8)
        return expect_result(world, outcome, MAPRING_ERROR_ARGUMENT);
    note_span(world, span);
    if (outcome->result == MAPRING_OK) {
        *handle = (struct writer_handle){.handled = true};
        return may_have_room(world, span) || complain(world, "there is no room");
    }
    if (!expect_result(world, outcome, MAPRING_NOTHING))
        return false;
    if (must_have_room(world, span))
        return complain(world, "there is room");
    bool was_armed = handle->armed;
    if (!was_armed || (handle->perhaps_ready && span < handle->least))
        handle->least = span;
    if (!was_armed || (handle->perhaps_ready && span > handle->most))
        handle->most = span;
    handle->armed = true;
    handle->perhaps_ready = false;
    return true;
}

static bool follow_ready(struct world *world, const struct outcome *outcome)
{
    if (producer_is_ready(world) && !outcome->ready)
        return complain(world, "the wait handle does not become ready");
    if (!world->writer_handle.perhaps_ready && outcome->ready)
        return complain(world, "the wait handle is ready, but there is no room");
    return true;
}

/* Killed consumers do not count. */
static unsigned count_attached(struct world *world)
{
    unsigned count = 0;
    for (unsigned i = 0; i < PROCESSES; i++)
        count += world->of[i] != NULL;
    return count;
}

static bool follow_wait(struct world *world, const struct call *call, const struct outcome *outcome)
{
    bool there = count_attached(world) >= call->argument[0];
    return expect_result(world, outcome, there ? MAPRING_OK : MAPRING_TIMED_OUT);
}

/* The sequence number after the last record, or the very first one. */
static uint64_t data_end(const struct world *world)
{
    size_t at = world->items;
    while (at > 0 && world->item[at - 1].kind != DATA)
        at--;
    return at > 0 ? world->item[at - 1].sequence + 1 : world->first_sequence;
}

/* Which consumers have records unread: attached ones, and those that are away. */
struct behind {
    bool surely, perhaps, away, away_perhaps;
};

static struct behind look_behind(const struct world *world)
{
    struct behind behind = {0};
    for (size_t i = 0; i < world->consumers; i++) {
        const struct consumer *consumer = &world->consumer[i];
        bool surely = has_unread(world, consumer->released.at);
        if (consumer->is == ATTACHED) {
            behind.surely |= surely;
            behind.perhaps |= has_unread(world, consumer->known);
        }
        behind.away |= surely && consumer->is == AWAY;
        behind.away_perhaps |= surely && (consumer->is == AWAY || consumer->is == LAPSED);
    }
    return behind;
}

static bool follow_drain(struct world *world, const struct outcome *outcome)
{
    if (world->when_full == MAPRING_OVERWRITE)
        return expect_result(world, outcome, MAPRING_OK);
    for (size_t i = 0; i < world->consumers; i++)
        if (world->consumer[i].is == DEAD)
            bury(world, &world->consumer[i]);
    struct behind behind = look_behind(world);
    uint64_t end = data_end(world);
    bool none = end == world->first_sequence;
    bool read_surely = none || (world->is_used && ahead_of(world->far_least, end) >= 0);
    bool read_perhaps = none || (world->is_used && ahead_of(world->far_most, end) >= 0);
    switch (outcome->result) {
    case MAPRING_TIMED_OUT:
        if (behind.perhaps || (!read_surely && !world->left_surely && !behind.away))
            return true;
        return complain(world, "there is nobody to wait for");
    case MAPRING_OK:
        if (behind.surely || behind.away || world->left_surely || !read_perhaps)
            return complain(world, "not everything was read");
        world->left_perhaps = false;
        return true;
    default:
        if (!expect_result(world, outcome, MAPRING_CONSUMER_GONE))
            return false;
        if (behind.surely || (!world->left_perhaps && !behind.away_perhaps))
            return complain(world, "nobody left records unread");
        world->left_surely = world->left_perhaps = false;
        return true;
    }
}

bool follow_producer(struct world *world, const struct call *call, const struct outcome *outcome,
                     const struct mapring_stat *stat)
{
    switch (call->verb) {
    case PRODUCER_OPEN: return follow_open(world, call, outcome, stat);
    case PRODUCER_CLOSE: return follow_close(world, stat);
    case SEND: return follow_send(world, call, outcome);
    case BATCH: return follow_batch(world, call, outcome);
    case RESERVE: return follow_reserve(world, call, outcome);
    case COMMIT: return follow_commit(world, call, outcome);
    case ABORT: return follow_abort(world, outcome);
    case WAIT_CONSUMERS: return follow_wait(world, call, outcome);
    case DRAIN: return follow_drain(world, outcome);
    case PRODUCER_ARM: return follow_arm(world, call, outcome);
    case PRODUCER_READY: return follow_ready(world, outcome);
    default: return expect_result(world, outcome, MAPRING_OK);
    }
}
