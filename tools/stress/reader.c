/* SPDX-License-Identifier: MIT */
/* The consumers and observers of mapring stress: they check every record. */
#include "reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "payload.h"

enum { AT_ONCE = 16, READS_MOST = 100000 };

struct reader {
    struct play *play;
    enum role role;
    mapring_consumer *consumer;
    mapring_observer *observer;
    unsigned char *copy;
    bool began;
    uint64_t next, time_ns;
};

/* ---- Checking ---- */

static void check_begin(const struct reader *reader, uint64_t sequence)
{
    const struct player *player = reader->play->player;
    bool blocks = reader->play->plan->when_full == MAPRING_BLOCK;
    if (reader->role == ROLE_DURABLE && blocks &&
        (sequence < player->released || sequence > player->checked))
        play_fail(reader->play,
                  "it continues with record %" PRIu64 ", and had released those before %" PRIu64
                  " and read those before %" PRIu64,
                  sequence, player->released, player->checked);
}

static void check_order(struct reader *reader, const struct mapring_record *record)
{
    if (!reader->began)
        check_begin(reader, record->sequence);
    else if (record->sequence != reader->next)
        play_fail(reader->play, "record %" PRIu64 " came where %" PRIu64 " was due",
                  record->sequence, reader->next);
    if (record->time_ns > 0 && record->time_ns < reader->time_ns)
        play_fail(reader->play,
                  "record %" PRIu64 " is from %" PRIu64 " ns, and an earlier one from %" PRIu64 "",
                  record->sequence, record->time_ns, reader->time_ns);
    reader->began = true;
    if (record->time_ns > 0)
        reader->time_ns = record->time_ns;
}

static void advance(struct reader *reader, uint64_t next)
{
    struct player *player = reader->play->player;
    reader->next = next;
    word_set(&player->next, next);
    if (reader->role == ROLE_DURABLE && next > player->checked)
        word_set(&player->checked, next);
}

static void take_record(struct reader *reader, const struct mapring_record *record)
{
    check_order(reader, record);
    if (!payload_is_right(reader->play->plan, record))
        play_fail(reader->play, "record %" PRIu64 " of %zu bytes is not what was sent",
                  record->sequence, record->bytes);
    reader->play->player->records++;
    advance(reader, record->sequence + 1);
}

/* Who begins with what is unread may find that it is no longer kept. */
static bool may_lose(const struct reader *reader)
{
    if (reader->role == ROLE_EPHEMERAL && !reader->began)
        return true;
    return reader->role == ROLE_OBSERVER || reader->play->plan->when_full == MAPRING_DROP;
}

static void take_loss(struct reader *reader, const struct mapring_record *loss)
{
    if (!may_lose(reader))
        play_fail(reader->play, "%" PRIu64 " records are lost from %" PRIu64 " on",
                  loss->lost_records, loss->sequence);
    check_order(reader, loss);
    reader->play->player->lost += loss->lost_records;
    advance(reader, loss->sequence + loss->lost_records);
}

/* ---- Reading, in each of the ways that there are ---- */

static void release(struct reader *reader)
{
    if (mapring_consumer_release(reader->consumer) != MAPRING_OK)
        play_fail_call(reader->play, "cannot release");
    word_set(&reader->play->player->released, reader->next);
}

static int read_singly(struct reader *reader, int64_t patience_ns)
{
    struct mapring_record record;
    uint64_t held = 0, wanted = 1 + choose_below(&reader->play->choices, AT_ONCE);
    int result = MAPRING_OK;
    while (held < wanted) {
        result = mapring_consumer_next(reader->consumer, &record, held == 0 ? patience_ns : 0);
        if (result != MAPRING_OK)
            break;
        take_record(reader, &record);
        held++;
    }
    if (held > 0)
        release(reader);
    if (result == MAPRING_LOST)
        take_loss(reader, &record);
    return held > 0 && result == MAPRING_NOTHING ? MAPRING_OK : result;
}

static int read_batch(struct reader *reader, int64_t patience_ns)
{
    struct mapring_record records[AT_ONCE];
    size_t count = 0;
    int result =
        mapring_consumer_next_batch(reader->consumer, records, AT_ONCE, &count, patience_ns);
    for (size_t i = 0; result == MAPRING_OK && i < count; i++)
        take_record(reader, &records[i]);
    if (result == MAPRING_OK)
        release(reader);
    if (result == MAPRING_LOST)
        take_loss(reader, &records[0]);
    return result;
}

static int read_copy(struct reader *reader, int64_t patience_ns)
{
    struct mapring_record record;
    size_t bytes = (size_t)reader->play->plan->largest_bytes + 1;
    int result =
        reader->consumer
            ? mapring_consumer_receive(reader->consumer, reader->copy, bytes, &record, patience_ns)
            : mapring_observer_receive(reader->observer, reader->copy, bytes, &record, patience_ns);
    if (result == MAPRING_OK)
        take_record(reader, &record);
    if (result == MAPRING_OK && reader->consumer)
        word_set(&reader->play->player->released, reader->next);
    if (result == MAPRING_LOST)
        take_loss(reader, &record);
    return result;
}

static int read_some(struct reader *reader)
{
    static int (*const ways[])(struct reader *, int64_t) = {read_singly, read_batch, read_copy};
    uint64_t way = 2;
    if (reader->consumer) /* a copy is released before a durable consumer can note that it has it */
        way = choose_below(&reader->play->choices, reader->role == ROLE_DURABLE ? 2 : 3);
    return ways[way](reader, play_patience_ns(reader->play));
}

/* ---- Coming and going ---- */

static int open_reader(struct reader *reader)
{
    static const enum mapring_from from[] = {MAPRING_UNREAD, MAPRING_OLDEST, MAPRING_NEWEST,
                                             MAPRING_RUN};
    const struct play *play = reader->play;
    enum mapring_from begin = from[choose_below(&reader->play->choices, 4)];
    char name[MAPRING_NAME_BYTES];
    snprintf(name, sizeof name, "player-%u", play->number);
    const struct mapring_observer_options observes = {.from = begin, .after_lap = MAPRING_OLDEST};
    const struct mapring_consumer_options consumes = {
        .name = name,
        .durable = reader->role == ROLE_DURABLE,
        .from = reader->role == ROLE_DURABLE ? MAPRING_OLDEST : begin,
    };
    reader->began = false;
    reader->time_ns = 0;
    reader->consumer = NULL;
    reader->observer = NULL;
    word_set(&play->player->next, 0);
    return reader->role == ROLE_OBSERVER
               ? mapring_observer_open(&reader->observer, play->board->ring, &observes)
               : mapring_consumer_open(&reader->consumer, play->board->ring, &consumes);
}

/* False: everything is read, and nothing more will come. */
static bool read_on(struct reader *reader)
{
    bool is_last = play_phase(reader->play) == PHASE_READ_TO_THE_END;
    int result = read_some(reader);
    play_turn(reader->play);
    if (result < 0)
        play_fail_call(reader->play, "cannot read");
    if (result == MAPRING_REMOVED)
        play_fail(reader->play, "the ring was removed");
    return !is_last || (result != MAPRING_NOTHING && result != MAPRING_TIMED_OUT);
}

/* False: everything is read. */
static bool read_for_a_while(struct reader *reader)
{
    uint64_t reads = 1 + choose_below(&reader->play->choices, READS_MOST);
    bool goes_on = true;
    for (; goes_on && (reads > 0 || play_phase(reader->play) != PHASE_PLAY); reads -= reads > 0)
        goes_on = read_on(reader);
    return goes_on;
}

void reader_play(struct play *play, enum role role)
{
    struct reader reader = {.play = play, .role = role};
    reader.copy = malloc((size_t)play->plan->largest_bytes + 1);
    if (!reader.copy)
        play_fail(play, "not enough memory");
    for (bool goes_on = true; goes_on;) {
        if (open_reader(&reader) != MAPRING_OK)
            play_fail_call(play, "cannot open the ring");
        word_set(&play->player->opened, play->player->opened + 1);
        goes_on = read_for_a_while(&reader);
        mapring_consumer_close(reader.consumer);
        mapring_observer_close(reader.observer);
    }
    free(reader.copy);
}
