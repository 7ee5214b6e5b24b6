/* SPDX-License-Identifier: MIT */
/* The model of consumers: where they begin, what they hold, and what they leave. */
#include "world.h"

#include <inttypes.h>

/* A release is published at the latest an eighth of the ring later. */
enum { STEP_BYTES = CAPACITY / 8 };

bool is_waited_for(const struct world *world, const struct consumer *consumer)
{
    if (consumer->is == ATTACHED)
        return true;
    uint64_t lag = world->position - position_at(world, consumer->released.at);
    return consumer->is == AWAY && (consumer->max_lag == 0 || lag <= consumer->max_lag);
}

static void note_far(struct world *world, uint64_t least, uint64_t most)
{
    if (!world->is_used || ahead_of(least, world->far_least) > 0)
        world->far_least = least;
    if (!world->is_used || ahead_of(most, world->far_most) > 0)
        world->far_most = most;
    world->is_used = true;
}

/* Everything that the consumer has released is known to the producer. */
static void publish(struct world *world, struct consumer *consumer)
{
    consumer->known = consumer->released.at;
    note_far(world, consumer->released.sequence, consumer->released.sequence);
}

static void release(struct world *world, struct consumer *consumer)
{
    consumer->released = consumer->cursor;
    consumer->released.at = consumer->reader.at;
    consumer->held = 0;
    if (consumer->name) {
        publish(world, consumer);
        return;
    }
    uint64_t position = position_at(world, consumer->released.at);
    while (position - position_at(world, consumer->known) >= STEP_BYTES)
        consumer->known++;
    uint64_t sequence = consumer->released.sequence;
    bool all = consumer->known == consumer->released.at;
    note_far(world, all ? sequence : sequence_at(world, consumer->known), sequence);
}

/* ---- Where a consumer begins ---- */

static const struct mapring_consumer_stat *stat_of_process(const struct mapring_stat *stat,
                                                           uint64_t process)
{
    for (unsigned i = 0; i < stat->consumers; i++)
        if (stat->consumer[i].process == process && stat->consumer[i].alive)
            return &stat->consumer[i];
    return NULL;
}

/* Begins at that record or, if it is not kept, at the oldest record, with a loss to report. */
static void aim_at_sequence(const struct world *world, struct reader *reader, uint64_t sequence)
{
    size_t at = oldest_place(world);
    while (at < world->items && ahead_of(sequence_at(world, at), sequence) < 0)
        at++;
    reader->at = at;
    reader->sequence = sequence;
    reader->lapsed = ahead_of(sequence_at(world, at), sequence) > 0;
}

static void aim_at_newest(const struct world *world, struct reader *reader)
{
    reader->at = world->items;
    reader->sequence = world->sequence + world->dropped - world->told;
    reader->spared_bytes = world->dropped_bytes - world->told_bytes;
}

static void aim_at_place(const struct world *world, struct reader *reader, size_t at)
{
    reader->at = at;
    reader->sequence = sequence_at(world, at);
}

/* Where the model knows only a range, the value in `stat` is taken if it is in that range. */
static void aim_at_unread(const struct world *world, struct reader *reader,
                          const struct mapring_consumer_stat *stat)
{
    if (!world->is_used) {
        aim_at_place(world, reader, oldest_place(world));
        return;
    }
    uint64_t sequence = stat->first_sequence;
    if (ahead_of(sequence, world->far_least) < 0 || ahead_of(sequence, world->far_most) > 0)
        sequence = world->far_most;
    aim_at_sequence(world, reader, sequence);
}

static void aim(const struct world *world, struct reader *reader, enum mapring_from from,
                uint64_t sequence, const struct mapring_consumer_stat *stat)
{
    *reader = (struct reader){.told_epoch = reader->told_epoch};
    switch (from) {
    case MAPRING_UNREAD: aim_at_unread(world, reader, stat); break;
    case MAPRING_OLDEST: aim_at_place(world, reader, oldest_place(world)); break;
    case MAPRING_AT_SEQUENCE: aim_at_sequence(world, reader, sequence); break;
    case MAPRING_RUN:
        if (world->writer != OPEN) {
            aim_at_newest(world, reader);
            break;
        }
        aim_at_sequence(world, reader, world->run_sequence);
        if (ahead_of(world->run_sequence, sequence_at(world, reader->at)) > 0)
            reader->spared_bytes = world->run_spared_bytes;
        break;
    default: aim_at_newest(world, reader); break;
    }
}

/* Begins a new ledger at that place. */
static bool settle(struct world *world, struct consumer *consumer, enum mapring_from from,
                   uint64_t sequence, const struct mapring_stat *stat)
{
    struct reader *reader = &consumer->reader;
    const struct mapring_consumer_stat *its = stat_of_process(stat, consumer->process);
    if (!its)
        return complain(world, "mapring_stat() does not show it");
    aim(world, reader, from, sequence, its);
    size_t at = place_of(world, its->head);
    if (at == SIZE_MAX || !is_same_place(world, at, reader->at))
        return complain(world,
                        "begins at position %" PRIu64 ", record %" PRIu64 ", not at %" PRIu64
                        ", record %" PRIu64,
                        its->head, its->sequence, position_at(world, reader->at), reader->sequence);
    reader->at = at;
    if (its->sequence != reader->sequence || its->first_sequence != reader->sequence)
        return complain(world, "its ledger begins at record %" PRIu64 ", not %" PRIu64,
                        its->first_sequence, reader->sequence);
    consumer->first_sequence = reader->sequence;
    consumer->cursor = (struct tally){.at = at, .sequence = reader->sequence};
    consumer->released = consumer->cursor;
    consumer->held = 0;
    if (consumer->armed)
        consumer->perhaps_ready = true;
    publish(world, consumer);
    return true;
}

/* ---- Opening and closing ---- */

static struct consumer *find_durable(struct world *world, uint64_t name)
{
    for (size_t i = 0; i < world->consumers; i++)
        if (world->consumer[i].name == name && world->consumer[i].is != GONE)
            return &world->consumer[i];
    return NULL;
}

/* Continues at its last release, or at the oldest record that is kept. */
static bool come_back(struct world *world, struct consumer *consumer)
{
    struct reader *reader = &consumer->reader;
    world->left_perhaps |= has_unread(world, consumer->released.at);
    *reader = (struct reader){.at = consumer->released.at,
                              .sequence = consumer->released.sequence,
                              .spared_bytes = reader->spared_bytes,
                              .lapsed = reader->lapsed,
                              .told_epoch = reader->told_epoch};
    if (!is_kept_at(world, reader->at)) {
        reader->at = oldest_place(world);
        reader->lapsed = true;
        reader->spared_bytes = 0;
    }
    consumer->cursor = consumer->released;
    consumer->cursor.at = reader->at;
    consumer->released.at = reader->at;
    consumer->is = ATTACHED;
    publish(world, consumer);
    return true;
}

static bool open_consumer(struct world *world, const struct call *call,
                          const struct outcome *outcome, const struct mapring_stat *stat)
{
    unsigned name = (unsigned)call->argument[2];
    struct consumer *consumer = name ? find_durable(world, name) : NULL;
    if (world->when_full == MAPRING_OVERWRITE)
        return expect_result(world, outcome, MAPRING_ERROR_POLICY);
    if (consumer && consumer->is == ATTACHED)
        return expect_result(world, outcome, MAPRING_ERROR_CONSUMER_TAKEN);
    if (!expect_result(world, outcome, MAPRING_OK))
        return false;
    bool is_new = !consumer;
    if (is_new) {
        consumer = &world->consumer[world->consumers++];
        *consumer = (struct consumer){.is = ATTACHED, .name = name};
    }
    world->of[call->process] = consumer;
    world->joined = true;
    consumer->process = world->process_id[call->process];
    consumer->max_lag = call->argument[3];
    consumer->handled = consumer->armed = consumer->ready = consumer->perhaps_ready = false;
    bool waits = call->argument[4] != 0 || call->argument[0] == MAPRING_RUN;
    consumer->reader.told_epoch = told_epoch_of(world, waits);
    return is_new ? settle(world, consumer, (enum mapring_from)call->argument[0], call->argument[1],
                           stat)
                  : come_back(world, consumer);
}

static bool close_consumer(struct world *world, const struct call *call)
{
    struct consumer *consumer = world->of[call->process];
    publish(world, consumer);
    if (has_unread(world, consumer->released.at)) {
        world->left_perhaps = true;
        world->left_surely |= consumer->name == 0;
    }
    consumer->is = consumer->name ? AWAY : GONE;
    consumer->held = 0;
    world->of[call->process] = NULL;
    return true;
}

/* The last releases of an ephemeral consumer may not have been published. */
void consumer_dies(struct world *world, struct consumer *consumer)
{
    consumer->died_behind = has_unread(world, consumer->released.at);
    consumer->is = consumer->name ? AWAY : DEAD;
    consumer->held = 0;
}

void bury(struct world *world, struct consumer *consumer)
{
    consumer->is = BURIED;
    world->left_perhaps |= has_unread(world, consumer->known);
    world->left_surely |= consumer->died_behind;
}

static bool remove_consumer(struct world *world, const struct call *call,
                            const struct outcome *outcome)
{
    struct consumer *consumer = find_durable(world, call->argument[0]);
    if (!consumer)
        return expect_result(world, outcome, MAPRING_ERROR_NOT_THERE);
    if (consumer->is == ATTACHED)
        return expect_result(world, outcome, MAPRING_ERROR_CONSUMER_TAKEN);
    consumer->is = GONE;
    world->left_perhaps |= has_unread(world, consumer->released.at);
    return expect_result(world, outcome, MAPRING_OK);
}

/* ---- Reading ---- */

/* What was passed while nothing was held is released with it, up to the next held record. */
static void pass(struct world *world, struct consumer *consumer, bool held,
                 const struct handed *handed)
{
    consumer->cursor.at = consumer->reader.at;
    if (held)
        return;
    if (handed->result == MAPRING_OK) {
        consumer->released.at = consumer->reader.at - 1;
        consumer->released.sequence = handed->sequence;
        return;
    }
    consumer->released = consumer->cursor;
    note_far(world, world->far_least, consumer->released.sequence);
}

static struct handed take(struct world *world, struct consumer *consumer)
{
    struct reader *reader = &consumer->reader;
    bool held = consumer->held > 0;
    struct handed handed = reader_next(world, reader);
    if (handed.result == MAPRING_OK) {
        consumer->held++;
        consumer->cursor.read++;
        consumer->cursor.bytes += handed.bytes;
    }
    consumer->cursor.lost += handed.lost_records;
    consumer->cursor.sequence = reader->sequence;
    pass(world, consumer, held, &handed);
    if (handed.result == MAPRING_NOTHING || handed.or_nothing)
        publish(world, consumer);
    return handed;
}

/* A call need not report a death at once. If it did not, the reader has not been told of it. */
static void forget_death(struct consumer *consumer, const struct handed *handed,
                         const struct outcome *outcome)
{
    if (handed->or_nothing && outcome->result == MAPRING_NOTHING)
        consumer->reader.told_epoch = handed->told_epoch;
}

static bool follow_next(struct world *world, const struct call *call, const struct outcome *outcome)
{
    struct consumer *consumer = world->of[call->process];
    uint64_t count = 0, first = consumer->reader.sequence, hash = 0;
    uint64_t limit_ms = call->verb == NEXT_BATCH ? 0 : call->argument[1];
    uint64_t most = call->argument[0];
    struct handed handed = {.result = MAPRING_OK};
    /* A batch has as many records as there are, but a note may end it early. */
    if (call->verb == NEXT_BATCH && outcome->result == MAPRING_OK && outcome->count < most)
        most = outcome->count ? outcome->count : 1;
    for (; count < most; count++) {
        handed = take(world, consumer);
        if (handed.result != MAPRING_OK)
            break;
        hash = hash_record(hash, handed.sequence, handed.bytes);
        if (call->verb == READ)
            release(world, consumer);
    }
    forget_death(consumer, &handed, outcome);
    if (call->verb == NEXT_BATCH && outcome->result == MAPRING_OK && count < call->argument[0] &&
        consumer->reader.at < world->items && world->item[consumer->reader.at].kind == DATA)
        return complain(world, "the batch ends before record %" PRIu64 ", which is there",
                        consumer->reader.sequence);
    return check_reading(world, outcome, &handed, count, first, hash, limit_ms);
}

static bool follow_receive(struct world *world, const struct call *call,
                           const struct outcome *outcome)
{
    struct consumer *consumer = world->of[call->process];
    if (consumer->held)
        return expect_result(world, outcome, MAPRING_ERROR_HELD);
    struct consumer before = *consumer;
    struct handed handed = take(world, consumer);
    forget_death(consumer, &handed, outcome);
    if (handed.result != MAPRING_OK)
        return check_reading(world, outcome, &handed, 0, 0, 0, call->argument[1]);
    if (handed.bytes > call->argument[0]) {
        before.known = consumer->known;
        before.reader.at = before.cursor.at = before.released.at = consumer->reader.at - 1;
        before.reader.spared_bytes = 0;
        *consumer = before;
        if (outcome->bytes != handed.bytes || outcome->last != handed.sequence)
            return complain(world, "too small for record %" PRIu64 " of %" PRIu64 " bytes",
                            outcome->last, outcome->bytes);
        return expect_result(world, outcome, MAPRING_ERROR_BUFFER_TOO_SMALL);
    }
    release(world, consumer);
    return check_reading(world, outcome, &handed, 1, handed.sequence,
                         hash_record(0, handed.sequence, handed.bytes), 0);
}

static bool follow_release(struct world *world, struct consumer *consumer,
                           const struct outcome *outcome)
{
    if (consumer->held == 0)
        return expect_result(world, outcome, MAPRING_ERROR_NOTHING_HELD);
    release(world, consumer);
    return expect_result(world, outcome, MAPRING_OK);
}

static bool follow_seek(struct world *world, const struct call *call, const struct outcome *outcome,
                        const struct mapring_stat *stat)
{
    struct consumer *consumer = world->of[call->process];
    if (consumer->held)
        return expect_result(world, outcome, MAPRING_ERROR_HELD);
    if (!expect_result(world, outcome, MAPRING_OK))
        return false;
    publish(world, consumer);
    return settle(world, consumer, (enum mapring_from)call->argument[0], call->argument[1], stat);
}

/* ---- Wait handles ---- */

/* Ends of runs that it was already told of may be passed. */
static void pass_notes(const struct world *world, struct consumer *consumer)
{
    struct reader *reader = &consumer->reader;
    while (!reader->lapsed && reader->at < world->items &&
           world->item[reader->at].kind == RUN_END &&
           world->item[reader->at].epoch <= reader->told_epoch)
        reader->at++;
    consumer->cursor.at = reader->at;
    if (consumer->held == 0)
        consumer->released.at = reader->at;
}

/* A handle that was armed before stays armed, and becomes ready. */
static bool follow_arm(struct world *world, struct consumer *consumer,
                       const struct outcome *outcome)
{
    struct reader next = consumer->reader;
    struct handed handed = reader_next(world, &next);
    bool there = handed.result != MAPRING_NOTHING, was_armed = consumer->armed;
    /* perhaps only notes that need not be reported */
    bool notes = consumer->reader.at < world->items;
    consumer->handled = true;
    consumer->armed = consumer->ready = consumer->perhaps_ready = false;
    if (consumer->held == 0)
        publish(world, consumer);
    pass_notes(world, consumer);
    if (outcome->result == MAPRING_NOTHING && (!there || was_armed)) {
        consumer->armed = true;
        consumer->ready = there;
        return true;
    }
    if ((there || notes) && outcome->result == MAPRING_OK)
        return true;
    return expect_result(world, outcome, there ? MAPRING_OK : MAPRING_NOTHING);
}

static bool follow_ready(struct world *world, const struct consumer *consumer,
                         const struct outcome *outcome)
{
    if (consumer->ready && !outcome->ready)
        return complain(world, "the wait handle does not become ready");
    if (!consumer->ready && !consumer->perhaps_ready && outcome->ready)
        return complain(world, "the wait handle is ready, but nothing is there");
    return true;
}

bool follow_consumer(struct world *world, const struct call *call, const struct outcome *outcome,
                     const struct mapring_stat *stat)
{
    struct consumer *consumer = world->of[call->process];
    switch (call->verb) {
    case CONSUMER_OPEN: return open_consumer(world, call, outcome, stat);
    case CONSUMER_CLOSE: return close_consumer(world, call);
    case RELEASE: return follow_release(world, consumer, outcome);
    case RECEIVE: return follow_receive(world, call, outcome);
    case SEEK: return follow_seek(world, call, outcome, stat);
    case ARM: return follow_arm(world, consumer, outcome);
    case READY: return follow_ready(world, consumer, outcome);
    case WAIT_PRODUCER:
        return expect_result(world, outcome,
                             world->writer == OPEN ? MAPRING_OK : MAPRING_TIMED_OUT);
    case REMOVE_CONSUMER: return remove_consumer(world, call, outcome);
    default: return follow_next(world, call, outcome);
    }
}
