/* SPDX-License-Identifier: MIT */
/* The producers of mapring stress: one sends, the others wait to take over. */
#include "sender.h"

#include <inttypes.h>
#include <stdlib.h>

#include "payload.h"
#include "shared/os.h"

enum { TURNS_MOST = 200000, STANDBY_MS = 2 };

struct sender {
    struct play *play;
    mapring_producer *producer;
    unsigned char *data[BATCH];
    uint64_t next;
};

/* The number of the next record, according to the ring: behind what was dropped and not told yet. */
static uint64_t ask_next(const struct play *play)
{
    static struct mapring_stat stat;
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    mapring_ring *ring;
    if (mapring_open(&ring, play->board->ring, &attach) != MAPRING_OK ||
        mapring_stat(ring, &stat) != MAPRING_OK)
        play_fail_call(play, "cannot look at the ring");
    mapring_close(ring);
    return stat.records + stat.dropped_records;
}

static size_t fill(struct sender *sender, unsigned i)
{
    const struct plan *plan = sender->play->plan;
    size_t bytes = payload_bytes(plan, sender->next + i);
    payload_fill(plan, sender->next + i, sender->data[i], bytes);
    return bytes;
}

static int send_batch(struct sender *sender, int64_t patience_ns)
{
    struct mapring_buffer records[BATCH];
    for (unsigned i = 0; i < BATCH; i++)
        records[i] = (struct mapring_buffer){sender->data[i], fill(sender, i)};
    return mapring_producer_send_batch(sender->producer, records, BATCH, patience_ns);
}

static int write_in_place(struct sender *sender, bool aborts_first, int64_t patience_ns)
{
    const struct plan *plan = sender->play->plan;
    size_t bytes = payload_bytes(plan, sender->next);
    void *payload;
    int result = mapring_producer_reserve(sender->producer, (size_t)plan->largest_bytes, &payload,
                                          patience_ns);
    if (result != MAPRING_OK)
        return result;
    if (aborts_first) {
        payload_fill(plan, ~sender->next, payload, (size_t)plan->largest_bytes);
        mapring_producer_abort(sender->producer);
        return write_in_place(sender, false, patience_ns);
    }
    payload_fill(plan, sender->next, payload, bytes);
    return mapring_producer_commit(sender->producer, bytes);
}

static int try_to_send(struct sender *sender, int64_t patience_ns)
{
    switch (payload_way(sender->next)) {
    case WAY_BATCH: return send_batch(sender, patience_ns);
    case WAY_PART:
        return mapring_producer_send_part(sender->producer, sender->data[0], fill(sender, 0),
                                          patience_ns);
    case WAY_IN_PLACE: return write_in_place(sender, false, patience_ns);
    case WAY_AFTER_ABORT: return write_in_place(sender, true, patience_ns);
    case WAY_SEND:
    default:
        return mapring_producer_send(sender->producer, sender->data[0], fill(sender, 0),
                                     patience_ns);
    }
}

static void send_some(struct sender *sender)
{
    struct play *play = sender->play;
    uint64_t count = payload_way(sender->next) == WAY_BATCH ? BATCH : 1;
    int result = try_to_send(sender, play_patience_ns(play));
    play_turn(play);
    if (result == MAPRING_TIMED_OUT || result == MAPRING_NO_ROOM)
        return;
    if (result != MAPRING_OK && result != MAPRING_DROPPED)
        play_fail_call(play, "cannot send");
    if (result == MAPRING_DROPPED && play->plan->when_full != MAPRING_DROP)
        play_fail(play, "record %" PRIu64 " was dropped, in a ring that does not drop",
                  sender->next);
    sender->next += count;
    word_set(&play->board->sent, sender->next);
    *(result == MAPRING_OK ? &play->player->records : &play->player->lost) += count;
}

/* Who was killed may have sent what it did not note any more, but no more than one batch. */
static void check_next(const struct play *play, uint64_t next)
{
    uint64_t sent = word_get(&play->board->sent);
    if (next < sent || next > sent + BATCH)
        play_fail(play, "the ring continues with record %" PRIu64 ", and %" PRIu64 " were sent",
                  next, sent);
}

static void send_for_a_while(struct sender *sender)
{
    struct play *play = sender->play;
    uint64_t turns = choose_below(&play->choices, TURNS_MOST);
    for (; turns > 0 && play_phase(play) == PHASE_PLAY; turns--)
        send_some(sender);
}

static void send_the_last(struct sender *sender)
{
    uint64_t before = sender->play->player->records;
    while (sender->play->player->records == before)
        send_some(sender);
}

static void send_as_due(struct sender *sender)
{
    struct play *play = sender->play;
    word_set(&play->player->opened, play->player->opened + 1);
    sender->next = ask_next(play);
    check_next(play, sender->next);
    word_set(&play->board->sent, sender->next);
    if (play_phase(play) == PHASE_SEND_THE_LAST)
        send_the_last(sender);
    else
        send_for_a_while(sender);
}

/* Sends for a while, unless another one does. */
static void try_to_play(struct sender *sender)
{
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    struct play *play = sender->play;
    int result = mapring_producer_open(&sender->producer, play->board->ring, &attach);
    if (result != MAPRING_OK && result != MAPRING_ERROR_PRODUCER_TAKEN)
        play_fail_call(play, "cannot open the ring");
    if (result == MAPRING_OK) {
        send_as_due(sender);
        mapring_producer_close(sender->producer);
    } else {
        play_turn(play);
        os_pause_ms(STANDBY_MS);
    }
}

void sender_play(struct play *play)
{
    struct sender sender = {.play = play};
    for (unsigned i = 0; i < BATCH; i++) {
        sender.data[i] = malloc((size_t)play->plan->largest_bytes + 1);
        if (!sender.data[i])
            play_fail(play, "not enough memory");
    }
    do
        try_to_play(&sender);
    while (play_phase(play) == PHASE_PLAY);
    for (unsigned i = 0; i < BATCH; i++)
        free(sender.data[i]);
}
