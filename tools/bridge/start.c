/* SPDX-License-Identifier: MIT */
/* Where a new ring begins to repeat a stream. */
#include "start.h"

#include <inttypes.h>

#include "position.h"

struct search {
    const struct start *start;
    struct engine *engine;
    struct batch_reader *reader;
    struct position first; /* message that begins with a whole item */
    struct position last;
};

static bool is_there(const struct position *position)
{
    return position->number <= position->last;
}

/* Behind what the stream has now. A record of which it has the beginning only is not new. */
static uint64_t end_of(const struct batch_head *head)
{
    const struct batch_position *end = &head->end;
    return end->sequence + (end->piece_bytes > 0 && !end->piece_is_entry);
}

/* ---- A time ---- */

/* Looks for the first record of the message that has that time or a later one. A message with only
 * a piece of a record has none, as it begins earlier. */
static bool look_into(const struct search *search, uint64_t number, uint64_t *sequence, bool *ends,
                      struct trouble *trouble)
{
    char problem[BATCH_PROBLEM_BYTES];
    struct engine_message message;
    struct batch_head head;
    struct batch_item item;
    enum batch_result result = BATCH_DAMAGED;
    enum engine_result got = engine_get(search->engine, number, &message);
    if (got == ENGINE_NOTHING)
        return true;
    if (!trouble_engine(trouble, search->engine, got))
        return false;
    if (!batch_read_head(&message, &head, problem))
        return trouble_final(trouble, EXIT_FAILED, "%s", problem);
    *ends = head.time_ns > 0;
    if (!*ends || head.piece.total > 0)
        return true;
    if (batch_open(search->reader, &message, problem))
        while ((result = batch_next(search->reader, &item, problem)) == BATCH_ITEM)
            if (item.kind == BATCH_RECORD && item.record.time_ns >= search->start->time_ns) {
                *sequence = item.record.sequence;
                return true;
            }
    return result == BATCH_END || trouble_final(trouble, EXIT_FAILED, "%s", problem);
}

/* The last message that begins before that time may have later records. */
static bool find_time(const struct search *search, uint64_t *sequence, struct trouble *trouble)
{
    struct position later;
    bool ends = !search->last.head.origin.times;
    if (!position_of_time(&later, search->engine, search->start->time_ns, trouble))
        return false;
    *sequence = is_there(&later) ? later.head.first : end_of(&search->last.head);
    for (uint64_t at = later.number; at > later.first && !ends; at--)
        if (!look_into(search, at - 1, sequence, &ends, trouble))
            return false;
    return true;
}

/* ---- A sequence number ---- */

static bool find_sequence(const struct search *search, uint64_t *sequence, struct trouble *trouble)
{
    uint64_t first = search->first.head.first, end = search->last.head.end.sequence;
    *sequence = search->start->sequence;
    if (*sequence < first)
        return trouble_final(trouble, EXIT_FAILED,
                             "the stream has no record %" PRIu64
                             " (any more): it begins with %" PRIu64,
                             *sequence, first);
    if (*sequence > end)
        return trouble_final(trouble, EXIT_FAILED,
                             "the stream has no record %" PRIu64 " yet: the next one is %" PRIu64,
                             *sequence, end);
    return true;
}

/* ---- The ends ---- */

/* The first message may continue something whose beginning was removed. */
static bool find_first(struct search *search, struct trouble *trouble)
{
    struct batch_position place = {0};
    if (!position_first(&search->first, search->engine, trouble))
        return false;
    while (is_there(&search->first) && search->first.head.piece.offset > 0) {
        place = search->first.head.end;
        place.sequence = end_of(&search->first.head);
        if (!position_behind(&search->first, search->engine, &place, trouble))
            return false;
    }
    return true;
}

bool start_find(const struct start *start, struct engine *engine, struct batch_reader *reader,
                struct batch_origin *origin, uint64_t *sequence, bool *found,
                struct trouble *trouble)
{
    struct search search = {.start = start, .engine = engine, .reader = reader};
    if (!find_first(&search, trouble) || !position_last(&search.last, engine, trouble))
        return false;
    *found = is_there(&search.first) && is_there(&search.last);
    if (!*found)
        return true;
    *origin = search.first.head.origin;
    *sequence = search.first.head.first;
    switch (start->kind) {
    case START_FIRST: return true;
    case START_NEW: *sequence = end_of(&search.last.head); return true;
    case START_SEQUENCE: return find_sequence(&search, sequence, trouble);
    case START_TIME: return find_time(&search, sequence, trouble);
    }
    return true;
}
