/* SPDX-License-Identifier: MIT */
/* Takes over what the messages of a stream say, after checking that they are the next ones. */
#include "follow.h"

#include <inttypes.h>
#include <string.h>

#include "engine.h"
#include "position.h"

void follow_begin(struct follow *follow)
{
    follow->number = 0;
    follow->end = (struct batch_position){0};
    follow->is_behind_loss = false;
}

/* ---- Opening a message ---- */

bool follow_is_of_origin(const struct follow *follow, const struct batch_head *head,
                         uint64_t number, struct trouble *trouble)
{
    const struct batch_origin *origin = &head->origin;
    if (strcmp(origin->id, follow->replica->origin) == 0)
        return true;
    return trouble_final(trouble, EXIT_FAILED,
                         "message %" PRIu64 " of the stream is from another ring ('%s', %s) than "
                         "the one that '%s' repeats (%s): give another --stream, or another NAME",
                         number, origin->name, origin->id, follow->replica->name,
                         follow->replica->origin);
}

static bool check_origin(const struct follow *follow, const struct engine_message *message,
                         struct batch_head *head, struct trouble *trouble)
{
    char problem[BATCH_PROBLEM_BYTES];
    if (!batch_read_head(message, head, problem))
        return trouble_final(trouble, EXIT_FAILED, "%s", problem);
    return follow_is_of_origin(follow, head, message->number, trouble);
}

static bool open_message(struct follow *follow, const struct engine_message *message,
                         struct trouble *trouble)
{
    char problem[BATCH_PROBLEM_BYTES];
    struct batch_head head;
    if (!check_origin(follow, message, &head, trouble))
        return false;
    return batch_open(follow->reader, message, problem) ||
           trouble_final(trouble, EXIT_FAILED, "%s", problem);
}

/* False, without trouble, at the message's end. */
static bool next_item(struct follow *follow, struct batch_item *item, enum batch_result *result,
                      struct trouble *trouble)
{
    char problem[BATCH_PROBLEM_BYTES];
    *result = batch_next(follow->reader, item, problem);
    if (*result == BATCH_DAMAGED)
        trouble_final(trouble, EXIT_FAILED, "%s", problem);
    return *result == BATCH_ITEM;
}

/* ---- Whether it is the next one ---- */

static bool tell_changed(const struct follow *follow, const struct batch_head *head,
                         uint64_t number, uint64_t wanted, struct trouble *trouble)
{
    return trouble_final(
        trouble, EXIT_FAILED,
        "message %" PRIu64 " of the stream begins with record %" PRIu64 ", and record %" PRIu64
        " must follow here: the server has lost or changed what it had stored. Nothing wrong is in "
        "the ring '%s'. Compare the stream's replicas, or make the stream and the ring anew",
        number, head->first, wanted, follow->replica->name);
}

/* Whether all that is missing before it has been removed from the beginning of the stream. */
static bool is_excused(struct follow *follow, uint64_t number, bool *excused,
                       struct trouble *trouble)
{
    struct engine_stream stream;
    *excused = follow->is_behind_loss;
    if (*excused)
        return true;
    if (!trouble_engine(trouble, follow->engine, engine_stream(follow->engine, &stream)))
        return false;
    *excused = stream.first >= number;
    return true;
}

/* Where the message should begin: where the last one ended, or not behind the ring's end. */
static bool is_next(const struct follow *follow, const struct batch_head *head, uint64_t number)
{
    if (follow->number == 0)
        return head->first <= follow->replica->end.sequence && head->piece.offset == 0;
    return number == follow->number + 1 && head->first == follow->end.sequence &&
           head->piece.offset == follow->end.piece_bytes;
}

/* ---- What is missing ---- */

/* Which run's end was the last one before the message. */
static bool find_run_before(struct follow *follow, const struct engine_message *message,
                            uint64_t *run, struct trouble *trouble)
{
    struct batch_item item;
    enum batch_result result;
    *run = batch_head(follow->reader)->end.run;
    while (next_item(follow, &item, &result, trouble)) {
        if (item.kind == BATCH_RUN_END) {
            *run = item.run - 1;
            break;
        }
    }
    return result != BATCH_DAMAGED && open_message(follow, message, trouble);
}

static bool add_loss(struct follow *follow, const struct engine_message *message,
                     struct trouble *trouble)
{
    const struct batch_head *head = batch_head(follow->reader);
    struct replica *replica = follow->replica;
    struct mapring_record loss = {.sequence = replica->end.sequence,
                                  .lost_records = head->first - replica->end.sequence,
                                  .time_ns = replica->time_ns,
                                  .lost_until_ns = head->time_ns};
    uint64_t run;
    if (!find_run_before(follow, message, &run, trouble))
        return false;
    if (head->first > replica->end.sequence && !replica_add_record(replica, &loss, trouble))
        return false;
    if (loss.lost_records > 0)
        complain("%" PRIu64 " records from %" PRIu64 " on are lost: the server has removed them, "
                 "because its stream is to keep only so much",
                 loss.lost_records, loss.sequence);
    return run <= replica->end.run || replica_add_run_end(replica, run, false, trouble);
}

/* ---- What it says ---- */

struct reading {
    uint64_t number;
    uint64_t at; /* sequence number of what comes next in the message */
};

static uint64_t records_of(const struct mapring_record *record)
{
    return record->lost_records > 0 ? record->lost_records : 1;
}

static bool take_record(struct follow *follow, struct reading *reading,
                        const struct mapring_record *record, struct trouble *trouble)
{
    uint64_t end = record->sequence + records_of(record);
    if (record->sequence != reading->at || end <= record->sequence)
        return trouble_final(trouble, EXIT_FAILED,
                             "message %" PRIu64 " of the stream has record %" PRIu64
                             " in place of record %" PRIu64,
                             reading->number, record->sequence, reading->at);
    reading->at = end;
    follow->has_ended = false;
    return replica_add_record(follow->replica, record, trouble);
}

/* The end of a run that lies before the ring's end is there already, or lies before its
 * beginning. */
static bool take_run_end(struct follow *follow, const struct reading *reading,
                         const struct batch_item *item, struct trouble *trouble)
{
    struct replica *replica = follow->replica;
    follow->has_ended = true;
    return reading->at < replica->end.sequence ||
           replica_add_run_end(replica, item->run, item->died, trouble);
}

static bool take_item(struct follow *follow, struct reading *reading, struct batch_item *item,
                      struct trouble *trouble)
{
    switch (item->kind) {
    case BATCH_RECORD:
    case BATCH_GAP: return take_record(follow, reading, &item->record, trouble);
    case BATCH_RUN_END: return take_run_end(follow, reading, item, trouble);
    case BATCH_ENTRY: return replica_add_entry(follow->replica, &item->entry, trouble);
    }
    return true;
}

/* All that it announced has come. */
static bool check_end(struct follow *follow, const struct reading *reading, struct trouble *trouble)
{
    const struct batch_position *end = &batch_head(follow->reader)->end;
    if (reading->at == end->sequence && follow->replica->end.dictionary >= end->dictionary)
        return true;
    if (reading->at != end->sequence)
        return trouble_final(trouble, EXIT_FAILED,
                             "message %" PRIu64 " of the stream ends before record %" PRIu64
                             " and says that it ends before record %" PRIu64,
                             reading->number, reading->at, end->sequence);
    return trouble_final(trouble, EXIT_FAILED,
                         "the stream has no longer what the dictionary holds from %" PRIu64
                         " to %" PRIu64 ", and the records that follow need it",
                         follow->replica->end.dictionary, end->dictionary);
}

static bool take_items(struct follow *follow, uint64_t number, struct trouble *trouble)
{
    struct reading reading = {.number = number, .at = batch_head(follow->reader)->first};
    struct batch_item item;
    enum batch_result result;
    while (next_item(follow, &item, &result, trouble))
        if (!take_item(follow, &reading, &item, trouble))
            return false;
    return result == BATCH_END && check_end(follow, &reading, trouble);
}

/* How a message fits to what came before it. */
enum place { PLACE_NEXT, PLACE_BEHIND_LOSS, PLACE_INSIDE_LOSS };

/* Inside a loss, it continues something whose beginning was removed. */
static bool find_place(struct follow *follow, const struct batch_head *head, uint64_t number,
                       enum place *place, struct trouble *trouble)
{
    uint64_t wanted = follow->number == 0 ? follow->replica->end.sequence : follow->end.sequence;
    bool excused;
    *place = PLACE_NEXT;
    if (is_next(follow, head, number))
        return true;
    if (!is_excused(follow, number, &excused, trouble))
        return false;
    if (!excused || head->first < wanted)
        return tell_changed(follow, head, number, wanted, trouble);
    *place = head->piece.offset > 0 ? PLACE_INSIDE_LOSS : PLACE_BEHIND_LOSS;
    return true;
}

bool follow_message(struct follow *follow, const struct engine_message *message,
                    struct trouble *trouble)
{
    struct batch_head head;
    enum place place;
    if (!check_origin(follow, message, &head, trouble) ||
        !find_place(follow, &head, message->number, &place, trouble))
        return false;
    follow->is_behind_loss = place == PLACE_INSIDE_LOSS;
    follow->number = 0;
    if (place == PLACE_INSIDE_LOSS)
        return true;
    if (!open_message(follow, message, trouble) ||
        (place == PLACE_BEHIND_LOSS && !add_loss(follow, message, trouble)) ||
        !take_items(follow, message->number, trouble))
        return false;
    follow->number = message->number;
    follow->end = head.end;
    follow->replica->status->now.messages++;
    return true;
}

/* ---- The dictionary ---- */

static bool take_entries(struct follow *follow, uint64_t number, struct trouble *trouble)
{
    struct engine_message message;
    struct batch_item item;
    enum batch_result result;
    if (!trouble_engine(trouble, follow->engine, engine_get(follow->engine, number, &message)) ||
        !open_message(follow, &message, trouble))
        return false;
    while (next_item(follow, &item, &result, trouble))
        if (item.kind == BATCH_ENTRY && !replica_add_entry(follow->replica, &item.entry, trouble))
            return false;
    return result == BATCH_END;
}

/* An entry may take several messages. */
bool follow_dictionary(struct follow *follow, uint64_t number, struct trouble *trouble)
{
    struct replica *replica = follow->replica;
    struct position position;
    for (;;) {
        uint64_t before = replica->end.dictionary;
        if (!position_of_entry(&position, follow->engine, before, trouble))
            return false;
        if (position.number >= number)
            return true;
        for (uint64_t i = position.number; i < number && replica->end.dictionary == before; i++)
            if (!take_entries(follow, i, trouble))
                return false;
        if (replica->end.dictionary == before)
            return true;
    }
}

/* ---- The end ---- */

/* What came last in a message, without entries of the dictionary: the end of a run, or something
 * else; *is_told false: neither. */
static bool look_at_message(struct follow *follow, uint64_t number, bool *is_told,
                            struct trouble *trouble)
{
    struct engine_message message;
    struct batch_head head;
    struct batch_item item;
    enum batch_result result;
    enum engine_result got = engine_get(follow->engine, number, &message);
    *is_told = false;
    if (got == ENGINE_NOTHING)
        return true;
    if (!trouble_engine(trouble, follow->engine, got) ||
        !check_origin(follow, &message, &head, trouble))
        return false;
    *is_told = head.piece.total > 0 && !head.piece.is_entry;
    if (head.piece.total > 0)
        return true;
    if (!open_message(follow, &message, trouble))
        return false;
    while (next_item(follow, &item, &result, trouble)) {
        if (item.kind == BATCH_ENTRY)
            continue;
        *is_told = true;
        follow->has_ended = item.kind == BATCH_RUN_END;
    }
    return result == BATCH_END;
}

bool follow_look_at_end(struct follow *follow, struct trouble *trouble)
{
    struct position position;
    bool is_told = false;
    follow->has_ended = false;
    if (!position_last(&position, follow->engine, trouble))
        return false;
    for (uint64_t at = position.last; at >= position.first && at > 0 && !is_told; at--)
        if (!look_at_message(follow, at, &is_told, trouble))
            return false;
    return true;
}
